"""An order is cancelled: stock, slot and the day's place go back, and whoever must know is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from oscar.core.loading import get_class

from marche.markets.locks import lock_day
from marche.markets.models import MarketDay, Slot
from marche.outbox.actions.queue import queue
from orders.actions.revise_summaries import revise_summaries
from orders.locks import lock_pickup
from orders.models import LineDetail, OrderChange, Pickup
from orders.refusals import Problem, Refused
from producers.cards import FEW
from producers.locks import lock_listings
from producers.models import Listing

if TYPE_CHECKING:
    from django.contrib.auth.models import User

EventHandler = get_class("order.processing", "EventHandler")

RESIDENT, MANAGER = "resident", "manager"


def cancel_order(pickup_id: int, *, actor: str, reason: str, user: User | None = None) -> Pickup:
    """Cancel an order: by its resident until the cutoff, by a manager until the market ends.

    `reason` (at most 200 characters) is printed on the producers' summaries and told to the resident: it names nobody.
    Cancelling twice is the same as once: the first reason stays. After the summaries were made, each producer
    concerned gets a revision. Raises Refused when it is too late or a stall has handed something over, and
    Pickup.DoesNotExist.
    """
    with transaction.atomic(durable=True):
        pickup = lock_pickup(pickup_id)
        if pickup.is_cancelled:
            return pickup
        now = timezone.now()
        if now >= (pickup.day.closes_at if actor == RESIDENT else pickup.day.ends_at):
            raise Refused(Problem("too-late", _("It is too late to cancel this order.")))
        if pickup.parts.collected().exists():
            sentence = _("A stall has noted what it handed over or was paid: this order can’t be cancelled any more.")
            raise Refused(Problem("collected", sentence))
        pickup.cancelled_at = now
        pickup.save(update_fields=["cancelled_at"])
        pickup.parts.update(cancelled_at=now)
        OrderChange.objects.create(
            pickup=pickup, kind=OrderChange.Kind.CANCELLED, at=now, actor=actor, user=user, reason=reason
        )
        EventHandler(user).handle_order_status_change(pickup.order, "cancelled")
        if pickup.email:
            queue("order-cancelled", pickup.pk, pickup.email, language=pickup.language)
        day = _give_back(pickup)
        revise_summaries(day, pickup.parts.values_list("producer_id", flat=True), reason)
    return pickup


def _give_back(pickup: Pickup) -> MarketDay:
    """Listings, then the slot, then the day: the order of all locks. Return the day, held."""
    lines = LineDetail.objects.filter(part__pickup=pickup).order_by()
    taken = dict(lines.values_list("listing_id").annotate(Sum("quantity")))
    listings = lock_listings(taken)
    scarce = Listing.objects.reserve({listings[pk]: -count for pk, count in taken.items()}, few=FEW)
    Slot.objects.filter(pk=pickup.slot_id).update(reserved=F("reserved") - 1)
    # Held, then read: whether the summaries are made is known only from here on.
    day = lock_day(pickup.day_id)
    MarketDay.objects.filter(pk=day.pk).update(
        orders_count=F("orders_count") - 1, catalogue_version=F("catalogue_version") + int(scarce)
    )
    return day
