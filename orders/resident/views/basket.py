"""The basket: by producer, quantities changed in place."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from marche.common.flash import say_refused
from marche.common.refusals import Refused
from marche.common.wording import euros
from marche.markets.here import be_at
from marche.origin import same_origin
from orders.actions.fit_basket import fit_basket
from orders.actions.set_quantity import LineSet, set_quantity
from orders.presenters.basket import Held, Item, contents_of, held_by
from orders.refusals import LineRefused
from orders.resident.asked import refuse_line, take_words
from orders.resident.quantities import parse_quantity
from orders.resident.views.basket_closed import closed_ones
from orders.resident.visitors import basket_or_404, open_baskets, remember, visitor_of, visitor_or_new
from producers.models import Listing


@require_GET
def basket(request: HttpRequest) -> HttpResponse:
    """Every basket of the visitor that is not ordered: one for each market day, the one touched last first.

    Those whose day takes no orders stand at the end, by themselves.
    """
    baskets = [(one, contents_of(one)) for one in open_baskets(request)]
    filled = [(one, contents) for one, contents in baskets if not contents.is_empty]
    if len({one.day.market_id for one, _contents in filled}) == 1:
        be_at(request, filled[0][0].day.market)
    takes_orders = [(one, contents) for one, contents in filled if one.day.is_open]
    return render(
        request, "orders/resident/basket.html", {"baskets": takes_orders, "closed_baskets": closed_ones(filled)}
    )


@require_GET
def lines(request: HttpRequest) -> HttpResponse:
    """What the baskets hold, for a page that a visitor comes back to (js/stepper.js)."""
    held = held_by(visitor_of(request))
    return JsonResponse({"quantities": held.quantities, **_totals(held)}, headers={"Cache-Control": "no-store"})


@require_POST
@same_origin
def set_line(request: HttpRequest, listing_id: int) -> HttpResponse:
    """Set how much of a listing the basket holds: the number of the field, one more or less for + and −."""
    visitor, wanted = visitor_or_new(request), None
    try:
        wanted = _wanted(request.POST)
        day_basket, item = _set(visitor, listing_id, wanted, request.POST)
    except Listing.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        return _refuse(request, listing_id, wanted, refusal)
    if request.accepts("text/html"):
        messages.success(request, _said(item))
        response: HttpResponse = HttpResponseRedirect(f"{_back(request)}#p{listing_id}")
    else:
        held = held_by(day_basket.visitor if day_basket else visitor)
        response = JsonResponse({"quantity": item.quantity, "message": _said(item), **_totals(held)})
    if day_basket:
        remember(response, day_basket)
    return response


def _set(visitor: str | None, listing_id: int, wanted: int, posted: QueryDict) -> LineSet:
    """Set it; − on a number that can't be had comes down to what can."""
    try:
        return set_quantity(listing_id, visitor=visitor, quantity=wanted, known=_known(posted))
    except LineRefused as refusal:
        if posted.get("d") != "-1" or refusal.offer is None:
            raise
        return set_quantity(listing_id, visitor=visitor, quantity=refusal.offer, known=_known(posted))


def _wanted(posted: QueryDict) -> int:
    """The number of the field (`q`), one more or less for + and − (`d`). Raises Refused when it is no number."""
    typed = parse_quantity(posted.get("q", ""), least=0)
    return max(typed + {"1": 1, "-1": -1}.get(posted.get("d", ""), 0), 0)


def _known(posted: QueryDict) -> set[int]:
    """What the line may hold as far as the page knows: one number, several while an answer is on its way."""
    return {int(text) for text in posted.getlist("known") if text.isascii() and text.isdigit() and len(text) < 4}


def _refuse(request: HttpRequest, listing_id: int, wanted: int | None, refusal: Refused) -> HttpResponse:
    """Say what stands in the way; the number asked is kept where less can be had."""
    if request.accepts("text/html"):
        if isinstance(refusal, LineRefused) and wanted is not None:
            refuse_line(request, refusal, listing_id, wanted)
        else:
            say_refused(request, refusal)
        return HttpResponseRedirect(_back(request))
    held = held_by(visitor_of(request))
    told = {"quantity": held.quantities.get(listing_id, 0), "message": refusal.problems[0].sentence, **_totals(held)}
    if isinstance(refusal, LineRefused):
        told |= {"quantity": refusal.held, "newer": refusal.newer}
        told |= {"offer": refusal.offer, "take": take_words(refusal.offer or 0)}
    return JsonResponse(told, status=409)


@require_POST
def fit(request: HttpRequest, basket_id: int) -> HttpResponse:
    """Take what is left of everything in the basket."""
    day_basket = basket_or_404(request, basket_id)
    if not fit_basket(day_basket.pk):  # ordered meanwhile, in another tab
        return redirect("verify", day_basket.pk)
    messages.success(request, _("Your basket now holds what is left, at today’s prices."))
    return redirect("basket")


def _totals(held: Held) -> dict[str, object]:
    """What js/stepper.js writes into the head of the page."""
    return {"total": euros(held.amount_cents) if held.quantities else _("empty"), "count": len(held.quantities)}


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
