"""One day in full, and what a manager decides on it: the holiday, its places, and messages sent again."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marche.common.flash import refuse_form, say_refused
from marche.common.refusals import Refused
from marche.common.wording import day_in_words
from marche.markets.actions.change_cap import change_cap
from marche.markets.actions.change_capacity import change_capacity
from marche.markets.models import Market, MarketDay, Phase, Slot
from marche.outbox.actions.retry import retry
from marche.outbox.models import Message
from orders.actions.decide_holiday import decide_holiday
from orders.actions.send_summary_again import send_summary_again
from orders.mail_kinds import Mail
from orders.manager.forms import CancelDayForm, CapacityForm, CapForm
from orders.manager.presenters.calls import call_list
from orders.manager.presenters.day import day_page
from orders.manager.presenters.messages import messages_of_day
from orders.manager.views.cancel import after_cancelling, say_cancelled
from orders.manager.views.guard import day_of, for_managers, manager_of
from orders.models import Pickup


@require_safe
@for_managers
def manage_day(request: HttpRequest, market: Market, date: dt.date) -> HttpResponse:
    return _page(request, day_of(market, date))


@require_POST
@for_managers
def hold_holiday(request: HttpRequest, market: Market, date: dt.date) -> HttpResponse:
    """The market is held on that public holiday."""
    return _decide(request, day_of(market, date), held=True)


@require_POST
@for_managers
def cancel_holiday(request: HttpRequest, market: Market, date: dt.date) -> HttpResponse:
    """The market is not held on that public holiday."""
    return _decide(request, day_of(market, date), held=False)


@require_POST
@for_managers
def set_cap(request: HttpRequest, market: Market, date: dt.date) -> HttpResponse:
    day = day_of(market, date)
    form = CapForm(request.POST)
    if form.is_valid():
        try:
            change_cap(day.pk, cap=form.cleaned_data["cap"])
        except Refused as refusal:
            refuse_form(form, refusal, "cap")
        else:
            said = _("This day now takes %(count)d orders at most.") % {"count": form.cleaned_data["cap"]}
            messages.success(request, said)
            return redirect("manage-day", market.slug, date)
    return _page(request, day, cap_form=form)


@require_POST
@for_managers
def set_capacity(request: HttpRequest, market: Market, date: dt.date, slot_id: int) -> HttpResponse:
    day = day_of(market, date)
    slot = get_object_or_404(Slot, day=day, pk=slot_id)
    form = CapacityForm(request.POST, auto_id=f"slot_{slot.pk}_%s")
    if form.is_valid():
        try:
            change_capacity(slot.pk, capacity=form.cleaned_data["capacity"])
        except Refused as refusal:
            refuse_form(form, refusal, "capacity")
        else:
            said = _("The slot %(slot)s now has %(count)d places.")
            messages.success(request, said % {"slot": slot, "count": form.cleaned_data["capacity"]})
            return redirect("manage-day", market.slug, date)
    return _page(request, day, capacity_form=(slot.pk, form))


@require_POST
@for_managers
def send_again(request: HttpRequest, market: Market, date: dt.date, message_id: int) -> HttpResponse:
    """A message that failed is sent again."""
    message = get_object_or_404(messages_of_day(day_of(market, date)), pk=message_id)
    if recipient := _again(message):
        said = _("The message to %(recipient)s is being sent again.")
        messages.success(request, said % {"recipient": recipient})
    else:
        messages.info(request, _("This message has not failed: there is nothing to send again."))
    return redirect("manage-day", market.slug, date)


def _again(message: Message) -> str | None:
    """Where it is sent again; None when it has not failed."""
    if message.kind == Mail.SUMMARY:
        return send_summary_again(message.pk)
    return message.recipient if retry(message.pk) else None


def _decide(request: HttpRequest, day: MarketDay, *, held: bool) -> HttpResponse:
    try:
        decide_holiday(day.pk, held=held, by=manager_of(request))
    except Refused as refusal:
        say_refused(request, refusal)
        return redirect("manage-day", day.market.slug, day.date)
    if held:
        messages.success(request, _("The market of %(day)s is held.") % {"day": day_in_words(day.date)})
        return redirect("manage-day", day.market.slug, day.date)
    say_cancelled(request, day)
    return redirect(after_cancelling(day), day.market.slug, day.date)


def _page(
    request: HttpRequest,
    day: MarketDay,
    *,
    cap_form: CapForm | None = None,
    capacity_form: tuple[int, CapacityForm] | None = None,
) -> HttpResponse:
    whole = request.GET.get("toutes") == "1"
    query = request.GET.get("q", "")[:100].replace("\0", "")  # which PostgreSQL refuses
    shown = day_page(day, query, request.GET.get("page", "1"), state=request.GET.get("etat", ""), whole=whole)
    refused = cap_form or (capacity_form[1] if capacity_form else None)
    context: dict[str, Any] = {
        "area": "days",
        "market": day.market,
        "day": day,
        "phase": day.phase(),
        "shown": shown,
        "refused": refused,
        "whole": whole,
        "cap_form": cap_form or CapForm(initial={"cap": day.order_cap}),
        "slot_forms": _slot_forms(shown.slots, capacity_form),
        "can_change": day.is_before_cutoff(),
        "cancel_form": None if day.cancelled_at else CancelDayForm(),
        "silent": shown.confirmations.silent,
        "calls": call_list(day.pk),
        "to_cancel": Pickup.objects.to_cancel().filter(day=day).count() if day.cancelled_at else 0,
        "day_changes": day.changes.select_related("user", "day__market"),
        "can_decide": day.phase() is Phase.PENDING,
    }
    return render(request, "orders/manager/day.html", context, status=422 if refused else 200)


def _slot_forms(slots: list[Slot], posted: tuple[int, CapacityForm] | None) -> list[tuple[Slot, CapacityForm]]:
    """A form for each slot; for one of them the form that was posted and refused."""
    blank = [(s, CapacityForm(initial={"capacity": s.capacity}, auto_id=f"slot_{s.pk}_%s")) for s in slots]
    return [(slot, posted[1] if posted and posted[0] == slot.pk else form) for slot, form in blank]
