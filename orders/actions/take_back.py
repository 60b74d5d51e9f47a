"""A producer takes back what was noted at the stall by mistake."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, Q

from marche.common.actors import Actor
from marche.payments.adjust import adjust_payment
from orders.locks import lock_part
from orders.models import OrderChange, ProducerOrder
from orders.steps.hand_over import Noted, note_change, require_noting_time
from orders.steps.tell import tell_of_part
from orders.steps.within_card import is_charged


def take_back(part_id: int, *, reason: str, by: Actor) -> Noted:
    """Make a part neither handed over nor paid again. Returns it, and whether there was anything to take back.

    Once the card that pays it was charged, what was missing stays so: its money has gone back to the resident.
    `reason` (at most 200 characters) stays in the order's history. Raises Refused as `hand_over` does, and
    ProducerOrder.DoesNotExist.
    """
    with transaction.atomic(durable=True):
        part = lock_part(part_id)
        require_noting_time(part)
        if not (part.handed_over_at or part.paid_at):
            return Noted(part, is_new=False)
        put_back = _keep_as_set_aside(part) if is_charged(part) else _undo(part)
        part.handed_over_at = part.paid_at = part.paid_cents = None
        part.paid_means = ""
        part.save(update_fields=["handed_over_at", "paid_at", "paid_cents", "paid_means"])
        change = note_change(part, OrderChange.Kind.TAKEN_BACK, by, reason)
        if part.online:
            adjust_payment(part.pickup, reason)
        if put_back:
            tell_of_part(part, change)
    return Noted(part, is_new=True)


def _undo(part: ProducerOrder) -> int:
    """Undo what was noted as missing or given in part. Returns how many lines changed."""
    changed = part.details.filter(Q(missing=True) | Q(given_quantity__isnull=False))
    return changed.update(missing=False, given_quantity=None, given_grams=None, given_cents=None)


def _keep_as_set_aside(part: ProducerOrder) -> int:
    """Keep only what was given: the card has been refunded for the rest."""
    part.details.filter(given_quantity__isnull=False).update(
        prepared_quantity=F("given_quantity"), final_grams=F("given_grams"), final_cents=F("given_cents"),
        given_quantity=None, given_grams=None, given_cents=None,
    )  # fmt: skip
    return 0
