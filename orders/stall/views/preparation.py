"""Before the market: a producer weighs, takes off what it has not, and sets its orders aside one by one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marche.common.flash import say_refused
from marche.common.refusals import Refused
from marche.common.wording import euros
from marche.markets.models import MarketDay
from orders.actions.prepare_part import prepare_part
from orders.actions.prepare_rest import prepare_rest
from orders.models import ProducerOrder
from orders.presenters.paying import correctable_words
from orders.presenters.preparation import OrderToPrepare, Preparation, order_to_prepare, orders_to_prepare
from orders.presenters.stall import by_slot
from orders.stall.forms_prepare import PrepareForm
from orders.stall.views.stall import place_of
from orders.steps.prepare import is_capped, require_preparing_time, require_to_prepare
from orders.steps.within_card import correctable_until
from producers.models import Producer
from producers.workspace.guard import day_of, for_members, member_of


@require_safe
@for_members
def preparation(request: HttpRequest, producer: Producer, market: str, date: dt.date) -> HttpResponse:
    """The orders of the stall by slot and number, and how far each is."""
    day = day_of(producer, market, date)
    whole = Preparation(orders_to_prepare(producer, day))
    context = {
        **place_of(producer, day),
        "whole": whole,
        "slots": by_slot(whole.orders),
        "not_now": _sentence(require_preparing_time, day),
    }
    return render(request, "orders/stall/preparation/day.html", context)


@require_POST
@for_members
def rest(request: HttpRequest, producer: Producer, market: str, date: dt.date) -> HttpResponse:
    """Say that all orders in which there is nothing to weigh are ready."""
    day = day_of(producer, market, date)
    try:
        count = prepare_rest(day.pk, producer_id=producer.pk, by=member_of(request))
    except Refused as refusal:
        say_refused(request, refusal)
    else:
        said = ngettext("%(count)d order is ready.", "%(count)d orders are ready.", count) % {"count": count}
        messages.success(request, said)
    return redirect("preparation", producer.slug, market, date)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def prepare(request: HttpRequest, producer: Producer, market: str, date: dt.date, number: int) -> HttpResponse:
    """One order: weigh, take off, and go on with the next."""
    day = day_of(producer, market, date)
    found = _order(producer, day, number)
    if request.method != "POST":
        return _page(request, producer, day, found, PrepareForm(found))
    form = PrepareForm(found, request.POST)
    if not form.is_valid():
        return _page(request, producer, day, found, form)
    try:
        prepare_part(
            found.part.pk, grams=form.grams, struck=form.struck, units=form.units, sure=form.sure, by=member_of(request)
        )
    except Refused as refusal:
        if all(problem.about for problem in refusal.problems):
            form.refuse(refusal.problems)
            return _page(request, producer, day, found, form)
        say_refused(request, refusal)
        return _page(request, producer, day, _order(producer, day, number), form, status=409)
    _say(request, _order(producer, day, number), day)
    following = Preparation(orders_to_prepare(producer, day)).after(number)
    if following is None:
        return redirect("preparation", producer.slug, market, date)
    return redirect("prepare", producer.slug, market, date, following)


def _order(producer: Producer, day: MarketDay, number: int) -> OrderToPrepare:
    try:
        return order_to_prepare(producer, day, number)
    except ProducerOrder.DoesNotExist:
        raise Http404 from None


def _say(request: HttpRequest, order: OrderToPrepare, day: MarketDay) -> None:
    pickup = order.part.pickup
    pickup.day = day
    said = _("Order %(number)d, %(name)s: ready.") % {"number": pickup.number, "name": pickup.name}
    if until := correctable_until(order.part):
        said = f"{said} {correctable_words(until)}"
    messages.success(request, said)
    if pickup.calls.waiting().exists():
        said = _("%(name)s has no e-mail address: the market is asked to call.")
        messages.info(request, said % {"name": pickup.name})
    for line in order.weighed:
        if is_capped(line):
            words = {"product": line.title, "amount": euros(line.most_cents)}
            messages.warning(request, _("%(product)s: heavier than announced, its price stays at %(amount)s.") % words)


def _sentence(require: Any, subject: Any) -> str:
    """Why it can't be prepared now, else nothing."""
    try:
        require(subject)
    except Refused as refusal:
        return refusal.problems[0].sentence
    return ""


def _page(
    request: HttpRequest,
    producer: Producer,
    day: MarketDay,
    order: OrderToPrepare,
    form: PrepareForm,
    *,
    status: int = 200,
) -> HttpResponse:
    order.part.pickup.day = day
    context = {
        **place_of(producer, day),
        "order": order,
        "pickup": order.part.pickup,
        "form": form,
        "correctable": correctable_words(until) if (until := correctable_until(order.part)) else "",
        "not_now": _sentence(require_to_prepare, order.part),
    }
    return render(request, "orders/stall/preparation/order.html", context, status=422 if form.errors else status)
