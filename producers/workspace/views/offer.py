"""The day's offer: the grid, what is reserved of it meanwhile, and “same as last time”."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from marche.common.flash import say_refused
from marche.common.refusals import Refused
from marche.markets.models import MarketDay
from producers.actions.repeat_offer import RepeatedOffer, repeat_offer
from producers.actions.save_offer import save_offer
from producers.models import Listing, Producer
from producers.workspace.forms.offer import OfferGrid
from producers.workspace.guard import day_of, for_members


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def offer(request: HttpRequest, producer: Producer, market: str, date: dt.date) -> HttpResponse:
    """Show the grid, or save what was typed in it: all of it or nothing."""
    day = day_of(producer, market, date)
    grid = OfferGrid(producer, day, request.POST if request.method == "POST" else None)
    if not grid.knows_all_posted:
        raise Http404
    if request.method == "POST" and _save(request, grid):
        return redirect("offer", producer.slug, market, date)
    context = {"producer": producer, "day": day, "grid": grid, "closed": is_closed(day), "area": "days"}
    return render(request, "producers/workspace/offer.html", context, status=422 if request.method == "POST" else 200)


def is_closed(day: MarketDay) -> bool:
    """Whether the offer of this day can no longer change."""
    return not day.is_before_cutoff()


def _save(request: HttpRequest, grid: OfferGrid) -> bool:
    if not grid.is_valid():
        return False
    try:
        changed = save_offer(grid.day.pk, producer=grid.producer, rows=grid.changed_rows())
    except Refused as refusal:
        grid.take_refusal(refusal)
        return False
    messages.success(request, saved_words(changed, grid.on_count))
    return True


def saved_words(changed: int, on_count: int) -> str:
    """ "3 lines saved. 12 products are on sale." """
    saved = ngettext("%(count)d line saved.", "%(count)d lines saved.", changed) % {"count": changed}
    on_sale = ngettext("%(count)d product is on sale.", "%(count)d products are on sale.", on_count)
    return " ".join([saved if changed else _("Nothing had changed."), on_sale % {"count": on_count}])


@require_GET
@for_members
def offer_live(request: HttpRequest, producer: Producer, market: str, date: dt.date) -> JsonResponse:
    """What is reserved and what remains of each listed product at this moment, by the primary key of its sheet."""
    listings = Listing.objects.filter(producer=producer, day=day_of(producer, market, date))
    return JsonResponse({row.sheet_id: {"reserved": row.reserved, "remaining": row.remaining} for row in listings})


@require_POST
@for_members
def offer_repeat(request: HttpRequest, producer: Producer, market: str, date: dt.date) -> HttpResponse:
    """“Same as last time”."""
    day = day_of(producer, market, date)
    try:
        _tell(request, repeat_offer(day.pk, producer=producer))
    except Refused as refusal:
        say_refused(request, refusal)
    return redirect("offer", producer.slug, market, date)


def _tell(request: HttpRequest, repeated: RepeatedOffer) -> None:
    if repeated.last_day is None:
        messages.info(
            request, _("There is no earlier offer to repeat: fill in the first one, the next will be quicker.")
        )
        return
    made = ngettext(
        "%(count)d product put on sale as last time.", "%(count)d products put on sale as last time.", repeated.made
    )
    nothing = _("Everything you sold last time is in this offer already.")
    if repeated.made or not repeated.left_out:
        messages.success(request, made % {"count": repeated.made} if repeated.made else nothing)
    for title, reason in repeated.left_out:
        messages.warning(request, _("Left out: %(product)s. %(reason)s") % {"product": title, "reason": reason})
