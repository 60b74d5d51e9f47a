"""Where an order is, from its payment to its collection: said once, in Python for one and in SQL for many."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q

from marche.markets.models import MarketDay, Phase
from marche.outbox.models import Message
from orders.mail_kinds import Mail
from orders.models import Pickup, ProducerOrder
from orders.querysets import PickupQuerySet

# Of parts: those that stand, and all of an order that was cancelled as a whole, to be shown with it.
STANDING = Q(cancelled_at=None) | Q(pickup__cancelled_at__isnull=False)


class OrderState(StrEnum):
    """Where an order is. The words are those of addresses."""

    PENDING = "a-payer"  # by card, on the site: not confirmed yet
    TO_COLLECT = "a-retirer"
    COLLECTED = "retirees"
    PARTLY = "en-partie"
    NOT_COLLECTED = "non-retirees"
    CANCELLED = "annulees"


UNCONFIRMED = "non-confirmees"  # not a state of the goods: the confirmation has not left


def states_of(day: MarketDay) -> list[OrderState]:
    """The states that an order of this day can be in now."""
    if day.phase() is Phase.OVER:
        return [OrderState.COLLECTED, OrderState.PARTLY, OrderState.NOT_COLLECTED, OrderState.CANCELLED]
    pending = [OrderState.PENDING] if day.market.till else []
    return [*pending, OrderState.TO_COLLECT, OrderState.PARTLY, OrderState.COLLECTED, OrderState.CANCELLED]


def confirmed() -> Exists:
    """For a query of orders: whether the confirmation has left, to the address that the order has now."""
    return Exists(
        Message.objects.filter(
            kind=Mail.CONFIRMATION, subject_id=OuterRef("pk"), recipient=OuterRef("email"), state=Message.State.SENT
        )
    )


def state_of(pickup: Pickup, parts: Collection[bool], *, is_over: bool) -> OrderState:
    """`parts`: of each, whether it was handed over."""
    if pickup.is_cancelled:
        return OrderState.CANCELLED
    if pickup.is_pending:
        return OrderState.PENDING
    if parts and all(parts):
        return OrderState.COLLECTED
    if any(parts):
        return OrderState.PARTLY
    return OrderState.NOT_COLLECTED if is_over else OrderState.TO_COLLECT


def in_state(pickups: PickupQuerySet, day: MarketDay, state: str) -> PickupQuerySet:
    """Those in this State (one of `states_of`), or UNCONFIRMED; all for any other word."""
    parts = ProducerOrder.objects.not_cancelled().filter(pickup=OuterRef("pk"))
    some, waiting = Exists(parts.filter(handed_over_at__isnull=False)), Exists(parts.filter(handed_over_at=None))
    alive = Q(cancelled_at=None)
    wanted = {
        OrderState.PENDING: alive & Q(to_be_paid_by__isnull=False),
        OrderState.TO_COLLECT: alive & ~Q(some) & Q(to_be_paid_by=None),
        OrderState.NOT_COLLECTED: alive & ~Q(some),
        OrderState.PARTLY: alive & Q(some) & Q(waiting),
        OrderState.COLLECTED: alive & ~Q(waiting),
        OrderState.CANCELLED: ~alive,
    }
    if state == UNCONFIRMED:
        return pickups.filter(alive & ~Q(email="") & ~Q(confirmed()), to_be_paid_by=None)
    return pickups.filter(wanted[OrderState(state)]) if state in states_of(day) else pickups
