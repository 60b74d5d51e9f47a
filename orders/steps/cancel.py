"""How a locked order is cancelled, whoever decides it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from marche.common.actors import Actor, Role
from marche.markets.locks import lock_day
from marche.markets.models import MarketDay, Slot
from marche.outbox.actions.queue import enqueue_task
from marche.payments.adjust import adjust_payment
from marche.shop.status import OrderStatus, change_status
from orders import owed
from orders.mail_kinds import Mail
from orders.models import LineDetail, OrderChange, Pickup, ProducerOrder
from orders.steps.revise_summaries import revise_summaries
from orders.steps.tell import list_calls, tell, tell_producers
from producers.catalogue.cards import FEW
from producers.locks import lock_listings
from producers.models import Listing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence


def cancel_locked(pickup: Pickup, *, reason: str, by: Actor) -> None:
    """Cancel a locked order that still stands: money, stock, slot and place go back, and whoever must know is told.

    After the summaries were made, each producer concerned gets a revision.
    """
    now = timezone.now()
    parts = list(pickup.parts.not_cancelled())
    pickup.cancelled_at = now
    pickup.to_be_paid_by = None
    pickup.save(update_fields=["cancelled_at", "to_be_paid_by"])
    pickup.parts.not_cancelled().update(cancelled_at=now)
    OrderChange.objects.create(
        pickup=pickup, kind=OrderChange.Kind.CANCELLED, at=now, actor=by.role, user=by.user, reason=reason
    )
    change_status(pickup.order, OrderStatus.CANCELLED, user=by.user)
    adjust_payment(pickup, reason)
    tell(pickup, Mail.ORDER_CANCELLED, by_telephone=by.role != Role.RESIDENT)
    _revise(give_back(pickup, parts, place=True), parts, reason)


def cancel_locked_parts(pickup: Pickup, parts: Sequence[ProducerOrder], *, reason: str, by: Actor) -> None:
    """Cancel some parts of a locked order, of which others stand: as `cancel_locked`, but for its place.

    The resident is told once of all of them, by the key of the first.
    """
    now = timezone.now()
    for part in parts:
        part.cancelled_at = now
        part.save(update_fields=["cancelled_at"])
        pickup.total_cents -= part.total_cents
        pickup.max_cents -= part.max_cents
        OrderChange.objects.create(
            pickup=pickup,
            part=part,
            kind=OrderChange.Kind.CANCELLED,
            at=now,
            actor=by.role,
            user=by.user,
            reason=reason,
        )
    pickup.save(update_fields=["total_cents", "max_cents"])
    adjust_payment(pickup, reason)
    tell(pickup, Mail.PART_CANCELLED, revision=parts[0].pk)
    _revise(give_back(pickup, parts, place=False), parts, reason)


def _revise(day: MarketDay, parts: Iterable[ProducerOrder], reason: str) -> None:
    """Revise the producers' summaries, unless the whole day is cancelled: then they get one mail for all orders."""
    if day.cancelled_at is None:
        revise_summaries(day, [part.producer_id for part in parts], reason)


def cancel_locked_day(day: MarketDay, *, reason: str, by: Actor) -> None:
    """Cancel a locked day that still stands: every producer concerned is told, and its orders follow one by one.

    Residents without an address are on the managers' list of calls at once, not only when their order has followed;
    but for those who have come, whose rest follows.
    """
    day.cancelled_at, day.cancel_reason = timezone.now(), reason
    day.save(update_fields=["cancelled_at", "cancel_reason"])
    tell_producers(day, Mail.DAY_CANCELLED)
    silent = Pickup.objects.to_cancel().untouched().filter(day=day, email="")
    list_calls(day.pk, silent.values_list("pk", flat=True), Mail.ORDER_CANCELLED)
    user_id = by.user.pk if by.user else None
    transaction.on_commit(partial(enqueue_task, "orders.tasks.cancel_orders_of_day", day.pk, user_id))


def give_back(pickup: Pickup, parts: Collection[ProducerOrder], *, place: bool) -> MarketDay:
    """Return the goods of these parts to stock, and the resident's place if `place`; return the day, locked.

    What turned out not to be there is not given back: nobody else can have it either.
    Listings, then the slot, then the day: the order of all locks.
    """
    lines = LineDetail.objects.filter(part__in=parts).order_by()
    taken: dict[int, int] = dict(lines.values_list("listing_id").annotate(there=Sum(owed.UNITS)))
    listings = lock_listings(taken)
    scarce = Listing.objects.reserve({listings[pk]: -count for pk, count in taken.items()}, few=FEW)
    if place:
        Slot.objects.filter(pk=pickup.slot_id).update(reserved=F("reserved") - 1)
    # Locked, then read: whether the summaries are made is known only from here on.
    day = lock_day(pickup.day_id)
    MarketDay.objects.filter(pk=day.pk).update(
        orders_count=F("orders_count") - int(place), catalogue_version=F("catalogue_version") + int(scarce)
    )
    return day
