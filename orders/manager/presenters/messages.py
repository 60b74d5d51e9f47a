"""The messages that speak of a market day, of its orders and of its summaries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import BigIntegerField, Case, Count, F, OuterRef, Q, QuerySet, Subquery, When

from marche.markets.models import MarketDay
from marche.outbox.models import Message
from orders.mail_kinds import CALLED_PRODUCERS, CALLED_RESIDENTS, ORDER_KINDS, Mail
from orders.models import Pickup, Summary
from orders.progress import confirmed
from producers.models import Producer


@dataclass(frozen=True)
class FailedMessage:
    """A mail to a resident or a producer that did not leave. `number` is the order's; none of a producer's mail."""

    message: Message
    number: int | None
    name: str

    @property
    def title(self) -> str:
        return str(Mail(self.message.kind).label)


@dataclass(frozen=True)
class Confirmations:
    """Orders whose confirmation has not left (waiting, or failed), and orders of who gave no e-mail address."""

    unconfirmed: int
    silent: int


def failed_about(day_ids: Iterable[int]) -> QuerySet[Message]:
    """Mails to residents about their orders, and to producers about the whole day."""
    days = list(day_ids)
    pickups = Pickup.objects.filter(day__in=days).values("pk")
    about = Q(kind__in=ORDER_KINDS, subject_id__in=pickups) | Q(kind__in=CALLED_PRODUCERS, subject_id__in=days)
    failed = Message.objects.filter(about, state=Message.State.FAILED)
    return failed.exclude(recipient__endswith="@invalid")  # of a person who was erased


def count_failed(day_ids: Iterable[int]) -> dict[int, int]:
    """How many failed, by day. One query."""
    of_order = Subquery(Pickup.objects.filter(pk=OuterRef("subject_id")).values("day"))
    of_day = Case(
        When(kind__in=CALLED_PRODUCERS, then=F("subject_id")), default=of_order, output_field=BigIntegerField()
    )
    failed = failed_about(day_ids).annotate(of_day=of_day).order_by()
    return dict(failed.values_list("of_day").annotate(Count("pk")))


def failed_of(day: MarketDay) -> list[FailedMessage]:
    """The failed messages of this day: to producers by name, then about orders by number. One query, or three."""
    messages = list(failed_about([day.pk]).order_by("pk"))
    to_producers = [message for message in messages if message.kind in CALLED_PRODUCERS]
    return [*_to_producers(to_producers), *_to_residents([m for m in messages if m.kind in ORDER_KINDS])]


def _to_producers(messages: Iterable[Message]) -> list[FailedMessage]:
    """A producer whose address was changed since is named by the old one."""
    rows = list(messages)
    names: defaultdict[str, list[str]] = defaultdict(list)
    for producer in Producer.objects.filter(email__in=[row.recipient for row in rows]).select_related("partner"):
        names[producer.email].append(producer.name)
    found = [FailedMessage(row, None, ", ".join(sorted(names[row.recipient])) or row.recipient) for row in rows]
    return sorted(found, key=lambda mail: mail.name)


def _to_residents(messages: Iterable[Message]) -> list[FailedMessage]:
    rows = list(messages)
    pickups = Pickup.objects.in_bulk([row.subject_id for row in rows])
    orders = [(pickups[row.subject_id], row) for row in rows]
    found = [FailedMessage(row, pickup.number, pickup.name) for pickup, row in orders]
    return sorted(found, key=lambda mail: mail.number or 0)


def count_confirmations(day: MarketDay) -> Confirmations:
    """Of the orders that are not cancelled. One query."""
    silent = Q(email="")
    sums = (
        Pickup.objects.filter(day=day, to_be_paid_by=None)
        .not_cancelled()
        .aggregate(unconfirmed=Count("pk", filter=~silent & ~Q(confirmed())), silent=Count("pk", filter=silent))
    )
    return Confirmations(**sums)


def count_told(day: MarketDay) -> dict[str, int]:
    """How many mails tell of what is cancelled or missing on this day, by their state. One query."""
    pickups = Pickup.objects.filter(day=day).values("pk")
    about = Q(kind__in=CALLED_RESIDENTS, subject_id__in=pickups) | Q(kind__in=CALLED_PRODUCERS, subject_id=day.pk)
    rows = Message.objects.filter(about).exclude(recipient__endswith="@invalid").order_by()
    return dict(rows.values_list("state").annotate(Count("pk")))


def messages_of_order(pickup: Pickup) -> list[tuple[str, Message]]:
    """(what it is, the message) of all that was written to this resident, in the order of writing."""
    messages = Message.objects.filter(kind__in=ORDER_KINDS, subject_id=pickup.pk).order_by("pk")
    return [(str(Mail(message.kind).label), message) for message in messages]


def messages_of_day(day: MarketDay) -> QuerySet[Message]:
    """Every message about this day, its orders and its summaries."""
    pickups, summaries = (model.objects.filter(day=day).values("pk") for model in (Pickup, Summary))
    return Message.objects.filter(
        Q(kind__in=ORDER_KINDS, subject_id__in=pickups)
        | Q(kind=Mail.SUMMARY, subject_id__in=summaries)
        | Q(kind__in=CALLED_PRODUCERS, subject_id=day.pk)
    )
