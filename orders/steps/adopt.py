"""What an order must have been, when only Stripe still knows it: after a restore, of a payment that is locked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from marche.common.actors import Role
from marche.common.money import split
from marche.common.wording import euros
from marche.payments.ledger import balances
from marche.payments.models import PaymentAttempt, Share
from orders import owed
from orders.models import LineDetail, OrderChange, ProducerOrder, StrikeReason

if TYPE_CHECKING:
    from orders.models import Pickup

State = PaymentAttempt.State


def fit(order: Pickup, attempt: PaymentAttempt, transferred_at: Mapping[int, dt.datetime], *, is_new: bool) -> None:
    """Bring the parts of an order to what was captured and transferred for them, where our notes of it are lost.

    What was transferred to a producer (`transferred_at`, by producer) was handed over. What was kept of the resident's
    money is what was owed: less than we know of, or, when it was captured since the backup (`is_new`), something else.
    """
    if attempt.state != State.CAPTURED:
        return
    parts = {
        part.producer_id: part for part in order.parts.not_cancelled().filter(online=True).prefetch_related("details")
    }
    for balance in balances(Share.objects.filter(attempt=attempt)):
        part = parts.get(balance.share.producer_id)
        if part is None:
            continue
        if part.handed_over_at is None and balance.moved_cents > 0 and part.producer_id in transferred_at:
            _hand_over(part, transferred_at[part.producer_id])
        kept = balance.kept_cents
        if kept < owed.charge_of(part) or (is_new and kept != owed.charge_of(part)):
            _make_due(part, kept)


def _hand_over(part: ProducerOrder, at: dt.datetime) -> None:
    part.handed_over_at = at
    part.save(update_fields=["handed_over_at"])
    _note(part, OrderChange.Kind.HANDED_OVER, _("Found at Stripe after a restore: it was paid to the producer"))


def _make_due(part: ProducerOrder, cents: int) -> None:
    """A line that costs what is missing was taken off; else each cost less, in proportion: nobody knows any more."""
    lines = [line for line in part.details.all() if not owed.is_off(line)]
    short = owed.charge_of(part) - cents
    missing = [line for line in lines if owed.charge(part, line) == short]
    if not cents or len(missing) == 1:
        for line in missing if cents else lines:
            line.struck = StrikeReason.OTHER
    else:
        weights = [line.max_cents for line in lines]
        for line, amount in zip(lines, split(min(cents, sum(weights)), weights), strict=True):
            line.final_cents = amount
    LineDetail.objects.bulk_update(lines, ["final_cents", "struck"])
    part.prepared_at = part.prepared_at or timezone.now()
    part.save(update_fields=["prepared_at"])
    said = _("Found at Stripe after a restore: %(amount)s was kept for it") % {"amount": euros(cents)}
    _note(part, OrderChange.Kind.PREPARED, said)


def _note(part: ProducerOrder, kind: OrderChange.Kind, reason: str) -> None:
    OrderChange.objects.create(
        pickup_id=part.pickup_id, part=part, kind=kind, at=timezone.now(), actor=Role.SYSTEM, reason=reason
    )
