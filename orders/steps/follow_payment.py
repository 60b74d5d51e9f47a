"""What becomes of an order when the state of its payment by card has changed. Its pickup and the attempt are locked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from marche.common.actors import Actor, Role
from marche.common.language import in_town_language
from marche.markets.locks import lock_day
from marche.outbox.actions.queue import queue
from marche.payments.adjust import adjust_payment, less_was_due
from marche.payments.capture_or_refund import SMALLEST_CENTS
from marche.payments.models import Instruction, PaymentAttempt
from marche.shop.status import OrderStatus, change_status
from orders.mail_kinds import Mail
from orders.models import OrderChange
from orders.steps.cancel import cancel_locked
from orders.steps.pay_by_card import owed_by_card
from orders.steps.revise_summaries import revise_summaries

if TYPE_CHECKING:
    from orders.models import Pickup

State = PaymentAttempt.State


def follow(order: Pickup, attempt: PaymentAttempt) -> None:
    """Bring an order in line with an attempt, both locked. Doing it again changes nothing."""
    with in_town_language():
        if attempt.is_waiting and order.is_cancelled:  # while its page was being opened: nobody is to pay on it
            adjust_payment(order, "")
        if attempt.state in (State.AUTHORISED, State.CAPTURED):
            _paid(order, attempt)
        if attempt.state == State.EXPIRED and order.is_pending and not _is_tried_again(order):
            _not_paid(order, attempt)
        if attempt.state == State.VOIDED and _has_lapsed(order, attempt):
            to_the_stalls(order, _("The card’s authorisation ended before anything was taken"))


def _paid(pickup: Pickup, attempt: PaymentAttempt) -> None:
    """Authorised or captured: the order is confirmed, unless it is too late to prepare it."""
    if pickup.is_pending and timezone.now() >= pickup.day.starts_at:
        cancel_locked(pickup, by=Actor.system(), reason=_("Its payment came when the market had begun"))
    elif pickup.is_pending:
        _confirm(pickup)
    adjust_payment(pickup, less_was_due())
    if attempt.state == State.CAPTURED and pickup.email and not pickup.is_cancelled:
        queue(Mail.CHARGED, pickup.pk, pickup.email, revision=attempt.pk, language=pickup.language)


def _not_paid(pickup: Pickup, attempt: PaymentAttempt) -> None:
    """Nobody can pay any more: the order is cancelled, or paid at the stalls if there is a reason for it."""
    if timezone.now() >= pickup.day.ends_at:
        cancel_locked(pickup, by=Actor.system(), reason=_("It was not paid in time"))
    elif sum(owed_by_card(pickup).values()) < SMALLEST_CENTS:  # cancelled or taken off one by one meanwhile
        to_the_stalls(pickup, _("Nothing is left to be paid by card"))
    elif attempt.on_expiry == PaymentAttempt.OnExpiry.STALL:
        to_the_stalls(pickup, _("The resident chose to pay at the stalls"))
    elif attempt.on_expiry == PaymentAttempt.OnExpiry.AGAIN and _has_time(pickup):
        return  # who goes to pay has another page made
    else:
        cancel_locked(pickup, by=Actor.system(), reason=_("It was not paid in time"))


def to_the_stalls(pickup: Pickup, reason: str) -> None:
    """What was to be paid by card of a locked order is paid at the stalls; told to the resident by mail."""
    was_pending = pickup.is_pending
    parts = pickup.parts.filter(online=True)
    producers = list(parts.values_list("producer_id", flat=True))
    parts.update(online=False)
    if was_pending:
        _place(pickup)
    _note(pickup, OrderChange.Kind.AT_STALL, reason)
    if pickup.email:
        kind = Mail.CONFIRMATION if was_pending else Mail.AT_STALL
        queue(kind, pickup.pk, pickup.email, language=pickup.language)
    revise_summaries(lock_day(pickup.day_id), producers, reason)  # their lists say what is paid already


def confirm_quietly(order: Pickup) -> None:
    """The card was accepted: an order that waits for it is confirmed, without a mail."""
    if order.is_pending:
        _place(order)
        _note(order, OrderChange.Kind.AUTHORISED, _("The card was accepted"))


def _confirm(pickup: Pickup) -> None:
    confirm_quietly(pickup)
    if pickup.email:
        queue(Mail.CONFIRMATION, pickup.pk, pickup.email, language=pickup.language)


def _place(pickup: Pickup) -> None:
    pickup.to_be_paid_by = None
    pickup.save(update_fields=["to_be_paid_by"])
    change_status(pickup.order, OrderStatus.PLACED)


def _has_time(pickup: Pickup) -> bool:
    return pickup.to_be_paid_by is not None and timezone.now() < pickup.to_be_paid_by


def _is_tried_again(pickup: Pickup) -> bool:
    """Whether another attempt to pay the order has taken the place of one that came to nothing."""
    return PaymentAttempt.objects.live().filter(order=pickup.pk).exists()


def _has_lapsed(pickup: Pickup, attempt: PaymentAttempt) -> bool:
    """Whether the authorisation ended without our asking, of an order that stands."""
    asked = attempt.instructions.filter(kind=Instruction.Kind.VOID, state=Instruction.State.DONE)
    return not pickup.is_cancelled and pickup.parts.not_cancelled().filter(online=True).exists() and not asked.exists()


def _note(pickup: Pickup, kind: OrderChange.Kind, reason: str) -> None:
    OrderChange.objects.create(pickup=pickup, kind=kind, at=timezone.now(), actor=Role.SYSTEM, reason=reason)
