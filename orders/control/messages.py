"""The messages that speak of a market day: of its orders and of its summaries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from marche.markets.models import MarketDay
from marche.outbox.models import Message
from orders.actions.close_day import MESSAGE_KIND
from orders.control.said import KINDS, KINDS_OF_PRODUCERS
from orders.models import Pickup, Summary

ORDER_KINDS = (
    "order-awaits-payment",
    "order-confirmation",
    "order-cancelled",
    "part-cancelled",
    "part-changed",
    "day-changed",
    "order-charged",
    "order-refunded",
    "order-at-stall",
)


@dataclass(frozen=True)
class FailedMessage:
    """A mail to a resident that did not leave. `number` is the order's."""

    message: Message
    number: int
    name: str

    @property
    def title(self) -> str:
        return kind_in_words(self.message)


@dataclass(frozen=True)
class Confirmations:
    """Orders whose confirmation has not left (waiting, or failed), and orders of who gave no e-mail address."""

    unconfirmed: int
    silent: int


def kind_in_words(message: Message) -> str:
    return words_of_kind(message.kind)


def words_of_kind(kind: str) -> str:
    titles = {
        "order-awaits-payment": _("Reminder to pay by card"),
        "order-confirmation": _("Confirmation with the ticket"),
        "order-cancelled": _("Cancellation"),
        "part-cancelled": _("Cancellation of a part"),
        "part-changed": _("Change of a part"),
        "day-changed": _("Change of the market day"),
        "order-charged": _("What was taken from the card"),
        "order-refunded": _("What was given back to the card"),
        "order-at-stall": _("To be paid at the stalls"),
        MESSAGE_KIND: _("Summary"),
    }
    return titles.get(kind, kind)


def failed_about_orders(day_ids: Iterable[int]) -> QuerySet[Message]:
    pickups = Pickup.objects.filter(day__in=list(day_ids)).values("pk")
    failed = Message.objects.filter(state=Message.State.FAILED, kind__in=ORDER_KINDS, subject_id__in=pickups)
    return failed.exclude(recipient__endswith="@invalid")  # of a person who was erased


def count_failed_about_orders(day_ids: Iterable[int]) -> dict[int, int]:
    """How many failed, by day. One query."""
    day = Subquery(Pickup.objects.filter(pk=OuterRef("subject_id")).values("day"))
    failed = failed_about_orders(day_ids).annotate(of_day=day).order_by()
    return dict(failed.values_list("of_day").annotate(Count("pk")))


def failed_of_orders(day: MarketDay) -> list[FailedMessage]:
    """What failed of this day's orders, by order number. Two queries."""
    messages = list(failed_about_orders([day.pk]))
    pickups = Pickup.objects.in_bulk([message.subject_id for message in messages])
    rows = [(message, pickups[message.subject_id]) for message in messages]
    found = [FailedMessage(message, pickup.number, pickup.name) for message, pickup in rows]
    return sorted(found, key=lambda row: (row.number, row.message.pk))


def confirmed() -> Exists:
    """For a query of orders: whether the confirmation has left, to the address that the order has now."""
    return Exists(
        Message.objects.filter(
            kind="order-confirmation", subject_id=OuterRef("pk"), recipient=OuterRef("email"), state=Message.State.SENT
        )
    )


def count_confirmations(day: MarketDay) -> Confirmations:
    """Of the orders that are not cancelled. One query."""
    silent = Q(email="")
    sums = (
        Pickup.objects.filter(day=day, to_be_paid_by=None)
        .alive()
        .aggregate(unconfirmed=Count("pk", filter=~silent & ~Q(confirmed())), silent=Count("pk", filter=silent))
    )
    return Confirmations(**sums)


def count_told(day: MarketDay) -> dict[str, int]:
    """How many mails tell of what is cancelled or missing on this day, by their state. One query."""
    pickups = Pickup.objects.filter(day=day).values("pk")
    about = Q(kind__in=KINDS, subject_id__in=pickups) | Q(kind__in=KINDS_OF_PRODUCERS, subject_id=day.pk)
    rows = Message.objects.filter(about).exclude(recipient__endswith="@invalid").order_by()
    return dict(rows.values_list("state").annotate(Count("pk")))


def messages_of_order(pickup: Pickup) -> list[tuple[str, Message]]:
    """(what it is, the message) of all that was written to this resident, in the order of writing."""
    messages = Message.objects.filter(kind__in=ORDER_KINDS, subject_id=pickup.pk).order_by("pk")
    return [(kind_in_words(message), message) for message in messages]


def messages_of_day(day: MarketDay) -> QuerySet[Message]:
    """Every message about the orders and the summaries of this day."""
    pickups, summaries = (model.objects.filter(day=day).values("pk") for model in (Pickup, Summary))
    return Message.objects.filter(
        Q(kind__in=ORDER_KINDS, subject_id__in=pickups) | Q(kind=MESSAGE_KIND, subject_id__in=summaries)
    )
