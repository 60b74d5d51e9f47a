"""The basket: by producer, quantities changed in place."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from marche.markets.here import be_at
from marche.origin import same_origin
from marche.wording import euros
from orders.actions.fit_basket import fit_basket
from orders.actions.set_quantity import set_quantity
from orders.baskets import Item, basket_total, contents_of
from orders.quantities import parse_quantity
from orders.refusals import Refused
from orders.visitors import basket_or_404, open_baskets, remember, visitor_of
from producers.models import Listing


@require_GET
def basket(request: HttpRequest) -> HttpResponse:
    """Every open basket of the visitor: one for each market day, the one touched last first."""
    baskets = [(one, contents_of(one)) for one in open_baskets(request)]
    filled = [(one, contents) for one, contents in baskets if not contents.is_empty]
    if len({one.day.market_id for one, _contents in filled}) == 1:
        be_at(request, filled[0][0].day.market)
    return render(request, "orders/basket.html", {"baskets": filled})


@require_POST
@same_origin
def set_line(request: HttpRequest, listing_id: int) -> HttpResponse:
    """Set how much of a listing the basket holds: the number typed (`q`), one more or less for + and − (`d`)."""
    back = _back(request)
    try:
        typed = parse_quantity(request.POST.get("q", ""), least=0)
        step = {"1": 1, "-1": -1}.get(request.POST.get("d", ""), 0)
        day_basket, item = set_quantity(visitor_of(request), listing_id, max(typed + step, 0))
    except Listing.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        for problem in refusal.problems:
            messages.error(request, problem.sentence)
        return HttpResponseRedirect(back)
    if request.accepts("text/html"):
        messages.success(request, _said(item))
        response: HttpResponse = HttpResponseRedirect(f"{back}#p{listing_id}")
    else:
        response = JsonResponse(_told(item, day_basket.visitor if day_basket else visitor_of(request)))
    if day_basket:
        remember(response, day_basket)
    return response


@require_POST
def fit(request: HttpRequest, basket_id: int) -> HttpResponse:
    """Take what is left of everything in the basket."""
    day_basket = basket_or_404(request, basket_id)
    if not day_basket.open:  # ordered meanwhile, in another tab
        return redirect("verify", day_basket.pk)
    fit_basket(day_basket)
    messages.success(request, _("Your basket now holds what is left, at today’s prices."))
    return redirect("basket")


def _told(item: Item, visitor: str | None) -> dict[str, object]:
    """What js/stepper.js shows without loading the page again."""
    count, cents = basket_total(visitor) if visitor else (0, 0)
    return {
        "quantity": item.quantity,
        "total": euros(cents),
        "count": count,
        "message": _said(item),
    }


def _said(item: Item) -> str:
    title = item.listing.sheet.title
    if item.quantity == 0:
        return _("%(product)s: taken out of your basket.") % {"product": title}
    return _("%(product)s: %(quantity)s in your basket.") % {"product": title, "quantity": item.words}


def _back(request: HttpRequest) -> str:
    """The page of ours that the form was on, as the browser says; else the basket."""
    page = urlsplit(request.headers.get("Referer", ""))
    here = page.netloc == request.get_host() and page.path.startswith("/")
    return urlunsplit(("", "", page.path, page.query, "")) if here else reverse("basket")
