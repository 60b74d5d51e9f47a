"""Questions asked of many baskets, pickups, parts or summaries at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery

from marche.payments.models import PaymentAttempt
from orders import owed

if TYPE_CHECKING:
    from orders.models import Call, DayBasket, Pickup, ProducerOrder, Summary  # noqa: F401  (named below)
    from producers.models import Producer


class DayBasketQuerySet(models.QuerySet["DayBasket"]):
    def open_of(self, visitor: str) -> Self:
        """The open baskets of this visitor, the one touched last first."""
        return self.filter(visitor=visitor, open=True).select_related("day__market").order_by("-touched_at")


class PickupQuerySet(models.QuerySet["Pickup"]):
    def not_cancelled(self) -> Self:
        return self.filter(cancelled_at=None)

    def waiting(self) -> Self:
        """Those that wait for their payment by card."""
        return self.filter(to_be_paid_by__isnull=False, cancelled_at=None)

    def with_related(self) -> Self:
        return self.select_related("order", "day__market", "slot")

    def with_owed(self) -> Self:
        """With `due_cents` and `most_cents`: what is owed for all of it that is not cancelled."""
        return self.annotate(
            due_cents=owed.total(owed.DUE, "part__pickup"), most_cents=owed.total(owed.MOST, "part__pickup")
        )

    def to_cancel(self) -> Self:
        """Orders of market days that are not held, of which something was not collected."""
        left = _parts().uncollected().filter(pickup=OuterRef("pk"))
        return self.not_cancelled().filter(Exists(left), day__cancelled_at__isnull=False)

    def untouched(self) -> Self:
        """Those of which no stall has noted anything."""
        return self.filter(~Exists(_parts().collected().filter(pickup=OuterRef("pk"))))


class ProducerOrderQuerySet(models.QuerySet["ProducerOrder"]):
    def not_cancelled(self) -> Self:
        return self.filter(cancelled_at=None)

    def collected(self) -> Self:
        """Those of which a stall has noted something: handed over, or paid."""
        return self.filter(Q(handed_over_at__isnull=False) | Q(paid_at__isnull=False))

    def uncollected(self) -> Self:
        """Those that nobody has collected or paid at the stall, and that are not cancelled."""
        return self.not_cancelled().filter(handed_over_at=None, paid_at=None)

    def with_owed(self) -> Self:
        """With `due_cents` and `most_cents`: what is owed for each part; nothing once it is cancelled."""
        return self.annotate(due_cents=owed.total(owed.DUE, "part"), most_cents=owed.total(owed.MOST, "part"))

    def with_card_state(self) -> Self:
        """With `card_state`: that of the last attempt to pay the order by card, None where there was none."""
        attempts = PaymentAttempt.objects.filter(order=OuterRef("pickup")).order_by("-pk")
        return self.annotate(card_state=Subquery(attempts.values("state")[:1]))

    def of(self, producer: Producer) -> Self:
        """A producer sees its own parts and nobody else's."""
        return self.filter(producer=producer)


class SummaryQuerySet(models.QuerySet["Summary"]):
    def latest_of_each_producer(self) -> Self:
        return self.order_by("day_id", "producer_id", "-revision").distinct("day_id", "producer_id")


class CallQuerySet(models.QuerySet["Call"]):
    def waiting(self) -> Self:
        """Those that nobody has made yet."""
        return self.filter(called_at=None)


def _parts() -> ProducerOrderQuerySet:
    parts: ProducerOrderQuerySet = apps.get_model("orders", "ProducerOrder").objects.all()
    return parts
