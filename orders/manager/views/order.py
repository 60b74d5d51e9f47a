"""One order in full, its cancelling by a manager, and what is taken off it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marche.common.actors import Role
from marche.common.flash import say_refused
from marche.common.mail_question import MailQuestion
from marche.common.refusals import Refused
from marche.markets.models import Market, Phase
from orders.actions.cancel_order import cancel_order
from orders.actions.correct_contact import problem_of
from orders.actions.strike_lines import strike_lines
from orders.cancellable import may_be_cancelled
from orders.manager.forms import CancelForm, CancelPartForm, StrikeForm
from orders.manager.forms_contact import CorrectionForm
from orders.manager.presenters.calls import call_list
from orders.manager.presenters.history import history_of
from orders.manager.presenters.messages import messages_of_order
from orders.manager.views.guard import for_managers, manager_of
from orders.manager.views.told import say_how_told
from orders.models import Pickup, StrikeReason
from orders.presenters.card import card_of
from orders.presenters.ticket import TicketPart, parts_of
from orders.progress import state_of


@require_safe
@for_managers
def manage_order(request: HttpRequest, market: Market, date: dt.date, number: int) -> HttpResponse:
    return order_page(request, order_of(market, date, number))


@require_POST
@for_managers
def cancel(request: HttpRequest, market: Market, date: dt.date, number: int) -> HttpResponse:
    """Cancel with a reason, until the market ends."""
    pickup = order_of(market, date, number)
    form = CancelForm(request.POST)
    if not form.is_valid():
        return order_page(request, pickup, form)
    if pickup.is_cancelled:
        messages.info(request, _("This order was cancelled already."))
    else:
        _cancel(request, pickup, form.in_words)
    return redirect("manage-order", market.slug, date, number)


def _cancel(request: HttpRequest, pickup: Pickup, reason: str) -> None:
    try:
        cancel_order(pickup.pk, reason=reason, by=manager_of(request))
    except Refused as refusal:
        say_refused(request, refusal)
        return
    messages.success(request, _("Order %(number)d is cancelled.") % {"number": pickup.number})
    say_how_told(request, pickup)


@require_POST
@for_managers
def strike(request: HttpRequest, market: Market, date: dt.date, number: int, part: int) -> HttpResponse:
    """Take the ticked lines off one part, with a reason."""
    pickup = order_of(market, date, number)
    found = next((one for one in parts_of(pickup) if one.pk == part), None)
    if found is None:
        raise Http404
    form = StrikeForm(found, request.POST)
    if not form.is_valid():
        return order_page(request, pickup, refused=(part, form))
    if _strike(request, found, form):
        say_how_told(request, pickup)
    return redirect("manage-order", market.slug, date, number)


def _strike(request: HttpRequest, part: TicketPart, form: StrikeForm) -> bool:
    """Whether lines were taken off; else why not is said."""
    chosen = form.cleaned_data
    why = StrikeReason(chosen["reason"])
    try:
        strike_lines(part.pk, lines=chosen["lines"], why=why, reason=form.in_words, by=manager_of(request))
    except Refused as refusal:
        say_refused(request, refusal)
        return False
    words = {"producer": part.producer.name}
    messages.success(request, _("%(producer)s: the ticked lines are taken off.") % words)
    return True


def order_of(market: Market, date: dt.date, number: int) -> Pickup:
    return get_object_or_404(Pickup.objects.with_related(), day__market=market, day__date=date, number=number)


def order_page(
    request: HttpRequest,
    pickup: Pickup,
    form: CancelForm | None = None,
    refused: tuple[int, StrikeForm] | None = None,
    contact_form: CorrectionForm | None = None,
    question: MailQuestion | None = None,
    status: int = 200,
) -> HttpResponse:
    """`refused`: the form by which lines of the part with this key can't be taken off as it was filled in."""
    form = form or CancelForm()
    parts = parts_of(pickup)
    handed_over = [part.handed_over_at is not None for part in parts if pickup.is_cancelled or not part.cancelled]
    collected = any(handed_over) or any(part.payment for part in parts)
    context = {
        "area": "days",
        "market": pickup.market,
        "day": pickup.day,
        "pickup": pickup,
        "parts": parts,
        "sections": [(part, _strike_form(part, refused), _cancel_form(part, parts)) for part in parts],
        "state": state_of(pickup, handed_over, is_over=pickup.day.phase() is Phase.OVER),
        "messages_sent": messages_of_order(pickup),
        "history": history_of(pickup),
        "form": form,
        "to_call": any(pickup in one.pickups for one in call_list(pickup.day_id).waiting),
        "card": card_of(pickup),
        "can_cancel": not collected and may_be_cancelled(pickup, Role.MANAGER),
        "is_closed": pickup.day.closed_at is not None,
    }
    context |= _correcting(request, pickup, contact_form, question)
    wrong = contact_form or (refused[1] if refused else form)
    context["wrong"] = wrong
    return render(request, "orders/manager/order.html", context, status=422 if wrong.errors else status)


def _correcting(
    request: HttpRequest, pickup: Pickup, form: CorrectionForm | None, question: MailQuestion | None
) -> dict[str, Any]:
    """How the contact is put right: nothing once it can't be any more."""
    if problem_of(pickup, by=manager_of(request), is_address=False):
        return {}
    problem = problem_of(pickup, by=manager_of(request))
    form = form or CorrectionForm(pickup, with_address=problem is None)
    return {"contact_form": form, "not_the_address": problem, "question": question}


def _cancel_form(part: TicketPart, parts: Collection[TicketPart]) -> CancelPartForm | None:
    """None where the part can't be cancelled, or is all that there is: then it is the order that is cancelled."""
    if part.cancelled or part.handed_over_at or part.payment or len(parts) < 2:
        return None
    return CancelPartForm(auto_id=f"cancel{part.pk}_%s")


def _strike_form(part: TicketPart, refused: tuple[int, StrikeForm] | None) -> StrikeForm | None:
    """None where nothing can be taken off."""
    if refused and refused[0] == part.pk:
        return refused[1]
    is_left = any(not line.is_off for line in part.lines)
    return None if part.cancelled or part.payment or not is_left else StrikeForm(part)
