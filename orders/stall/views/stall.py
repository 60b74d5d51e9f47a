"""The stall on the market day, on a phone: find an order, tick what was handed over, note what was paid."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marche.common.flash import say_refused
from marche.common.language import in_town_language
from marche.common.refusals import Refused
from marche.markets.models import MarketDay, Stall
from orders.actions.hand_over import hand_over
from orders.actions.take_back import take_back
from orders.actions.take_payment import take_payment
from orders.models import ProducerOrder
from orders.presenters.paying import correctable_words
from orders.presenters.stall import StallOrder, StallStage, by_slot, find, order_at_stall, stall_day
from orders.stall.forms import HandOverForm, PaymentForm, TakeBackForm
from orders.steps.hand_over import Noted
from orders.steps.within_card import correctable_until, is_charged
from producers.kinds import PaymentMeans
from producers.models import Producer
from producers.workspace.guard import day_of, for_members, member_of

LISTS = {
    "a-remettre": (StallStage.TO_HAND_OVER,),
    "a-payer": (StallStage.TO_PAY,),
    "remises": (StallStage.TO_PAY, StallStage.DONE),
}


@require_safe
@for_members
def stall(request: HttpRequest, producer: Producer, market: str, date: dt.date) -> HttpResponse:
    """The orders of the stall by slot, or those that were searched; straight to the order when one is found."""
    day = day_of(producer, market, date)
    query = request.GET.get("q", "")[:200].replace("\0", "").strip()  # which PostgreSQL refuses
    found = find(producer, day, query) if query else []
    if len(found) == 1:
        return redirect("stall-order", producer.slug, market, date, found[0].part.pickup.number)
    shown = request.GET.get("liste", "a-remettre")
    whole = stall_day(producer, day)
    chosen = whole.at(*LISTS[shown]) if shown in LISTS else list(whole.orders)
    context = {
        **place_of(producer, day),
        "whole": whole,
        "can_prepare": not day.is_before_cutoff(),
        "query": query,
        "shown": shown,
        "slots": by_slot(found if query else chosen),
        "counts": {name.replace("-", "_"): len(whole.at(*stages)) for name, stages in LISTS.items()},
    }
    return render(request, "orders/stall/day.html", context)


@require_safe
@for_members
def order(request: HttpRequest, producer: Producer, market: str, date: dt.date, number: int) -> HttpResponse:
    """One order in full, to hand it over and note its payment."""
    day = day_of(producer, market, date)
    return _page(request, producer, day, _order(producer, day, number))


@require_POST
@for_members
def give(request: HttpRequest, producer: Producer, market: str, date: dt.date, number: int) -> HttpResponse:
    """Hand over what is ticked, paid with the button that was pressed."""
    day = day_of(producer, market, date)
    found = _order(producer, day, number)
    form = HandOverForm(found, request.POST)
    if not form.is_valid():
        return _page(request, producer, day, found, give_form=form)
    try:
        noted = hand_over(
            found.part.pk,
            missing=form.missing,
            given=form.given,
            sure=form.sure,
            payment=form.payment,
            by=member_of(request),
        )
    except Refused as refusal:
        if all(problem.about for problem in refusal.problems):
            form.refuse(refusal.problems)
            return _page(request, producer, day, found, give_form=form)
        return _refused(request, producer, day, number, refusal, give_form=form)
    _say(request, noted)
    return redirect("stall", producer.slug, market, date)


@require_POST
@for_members
def pay(request: HttpRequest, producer: Producer, market: str, date: dt.date, number: int) -> HttpResponse:
    """Note a payment that came before or after the goods."""
    day = day_of(producer, market, date)
    found = _order(producer, day, number)
    form = PaymentForm(found, request.POST, auto_id="pay_%s")
    if not form.is_valid() or not form.payment:
        return _page(request, producer, day, found, pay_form=form)
    try:
        noted = take_payment(found.part.pk, payment=form.payment, by=member_of(request))
    except Refused as refusal:
        return _refused(request, producer, day, number, refusal, pay_form=form)
    _say(request, noted)
    return redirect("stall", producer.slug, market, date)


@require_POST
@for_members
def undo(request: HttpRequest, producer: Producer, market: str, date: dt.date, number: int) -> HttpResponse:
    """Take back what was noted."""
    day = day_of(producer, market, date)
    found = _order(producer, day, number)
    form = TakeBackForm(request.POST)
    if not form.is_valid():
        return _page(request, producer, day, found, undo_form=form)
    with in_town_language():
        reason = str(TakeBackForm.REASONS[form.cleaned_data["reason"]])
    try:
        noted = take_back(found.part.pk, reason=reason, by=member_of(request))
    except Refused as refusal:
        return _refused(request, producer, day, number, refusal)
    if noted.is_new:
        messages.success(request, _("Order %(number)d: what was noted is taken back.") % {"number": number})
    return redirect("stall-order", producer.slug, market, date, number)


def _order(producer: Producer, day: MarketDay, number: int) -> StallOrder:
    try:
        return order_at_stall(producer, day, number)
    except ProducerOrder.DoesNotExist:
        raise Http404 from None


def _say(request: HttpRequest, noted: Noted) -> None:
    pickup = noted.part.pickup
    words = {"number": pickup.number, "name": pickup.name}
    if noted.is_new:
        messages.success(request, _("Order %(number)d, %(name)s: noted.") % words)
    else:
        messages.info(request, _("Order %(number)d, %(name)s: this was noted already, nothing was added.") % words)


def _refused(
    request: HttpRequest, producer: Producer, day: MarketDay, number: int, refusal: Refused, **forms: Any
) -> HttpResponse:
    """The page again, as things are now, with what was typed."""
    say_refused(request, refusal)
    return _page(request, producer, day, _order(producer, day, number), status=409, **forms)


def place_of(producer: Producer, day: MarketDay) -> dict[str, Any]:
    """What every page of a stall shows: whose it is, on which day, and under which number."""
    number = Stall.objects.numbers(day.market_id).get(producer.partner_id)
    return {"area": "days", "producer": producer, "day": day, "stall_number": number}


def _page(
    request: HttpRequest, producer: Producer, day: MarketDay, found: StallOrder, *, status: int = 200, **forms: Any
) -> HttpResponse:
    refused = next((form for form in forms.values() if form.errors), None)
    found.part.pickup.day = day
    context = {
        **place_of(producer, day),
        "order": found,
        "pickup": found.part.pickup,
        "means": producer.takes or list(PaymentMeans),
        "can_note": day.is_noting_time() and found.stage not in (StallStage.CANCELLED, StallStage.PENDING),
        "correctable": correctable_words(until) if (until := correctable_until(found.part)) else "",
        "is_charged": is_charged(found.part),
        "refused": refused,
        "give_form": forms.get("give_form") or HandOverForm(found),
        "pay_form": forms.get("pay_form") or PaymentForm(found, auto_id="pay_%s"),
        "undo_form": forms.get("undo_form") or TakeBackForm(),
    }
    return render(request, "orders/stall/order.html", context, status=422 if refused else status)
