"""What payments ask of an order that is paid by card: the port of marche/payments/payable.py, registered in apps.py.

All but `lock` get a pickup that is locked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from marche.markets.models import Market
from marche.outbox.actions.queue import queue, queue_many
from marche.outbox.models import Message
from marche.payments.payable import PartCharge
from orders import owed
from orders.locks import lock_pickup as lock
from orders.mail_kinds import Mail
from orders.steps.adopt import fit
from orders.steps.follow_payment import confirm_quietly, follow

if TYPE_CHECKING:
    from marche.markets.models import MarketDay
    from marche.payments.models import Comparison, Dispute, Instruction
    from orders.models import Pickup

__all__ = [
    "charges",
    "confirm_quietly",
    "day",
    "fit",
    "follow",
    "is_cancelled",
    "lock",
    "tell_differences",
    "tell_dispute",
    "tell_refund",
]


def day(order: Pickup) -> MarketDay:
    return order.day


def is_cancelled(order: Pickup) -> bool:
    return order.is_cancelled


def charges(order: Pickup) -> list[PartCharge]:
    parts = order.parts.filter(online=True).prefetch_related("details")
    return [
        PartCharge(part.producer_id, None if part.cancelled_at else owed.charge_of(part), part.handed_over_at)
        for part in parts
    ]


def tell_refund(order: Pickup, refund: Instruction) -> None:
    if order.email:
        queue(Mail.REFUNDED, order.pk, order.email, revision=refund.pk, language=order.language)


def tell_dispute(order: Pickup, dispute: Dispute) -> None:
    revision = 2 if dispute.closed_at else 1
    for manager in order.market.managers.exclude(email=""):
        queue(Mail.DISPUTE, dispute.pk, manager.email, revision=revision, language=settings.LANGUAGE_CODE)


def tell_differences(comparison: Comparison) -> None:
    markets = Market.objects.filter(till=comparison.till, active=True)
    addresses = {email for email in markets.values_list("managers__email", flat=True) if email}
    kind, language = Mail.PAYMENTS_ALERT, settings.LANGUAGE_CODE
    queue_many(
        Message(kind=kind, subject_id=comparison.pk, recipient=address, language=language) for address in addresses
    )
