"""Who is to be told by telephone of a market day: who gave no address, and whose mail failed for good.

One reading serves the list, its count beside the day, and the verb that notes a call.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from marche.outbox.models import Message
from orders.control.said import CANCELLED, KINDS, KINDS_OF_PRODUCERS
from orders.models import Call, OrderChange, Pickup, ProducerOrder
from producers.models import Producer

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@dataclass(frozen=True)
class Fact:
    """What one person is told by telephone; `error` is why its mail failed, if there was one.

    `call` is unsaved as long as nobody has noted anything of it.
    """

    call: Call
    error: str = ""

    @property
    def key(self) -> str:
        return self.call.key


@dataclass(frozen=True)
class Callee:
    """One call to make, or made: a person and all that it is told. Orders with the same number are one person's."""

    facts: list[Fact]

    @property
    def pickups(self) -> list[Pickup]:
        """Its orders, by number; none of a producer."""
        found = {fact.call.pickup.pk: fact.call.pickup for fact in self.facts if fact.call.pickup}
        return sorted(found.values(), key=lambda pickup: pickup.number)

    @property
    def producer(self) -> Producer | None:
        return self.facts[0].call.producer

    @property
    def name(self) -> str:
        producer = self.producer
        return producer.name if producer else ", ".join(dict.fromkeys(pickup.name for pickup in self.pickups))

    @property
    def contact(self) -> Pickup | Producer:
        """With `phone` and `email`."""
        return self.producer or self.pickups[0]

    @property
    def error(self) -> str:
        return next((fact.error for fact in self.facts if fact.error), "")

    @property
    def called_at(self) -> dt.datetime | None:
        return self.facts[0].call.called_at

    @property
    def called_by(self) -> User | None:
        return self.facts[0].call.called_by

    @property
    def caller(self) -> str:
        """The name of who called, else the address with which that person signs in."""
        user = self.called_by
        return (user.get_full_name() or user.email) if user else ""


@dataclass(frozen=True)
class CallList:
    """The calls of one day: producers first, then residents by the number of their order."""

    waiting: list[Callee]
    made: list[Callee]

    @property
    def count(self) -> int:
        return len(self.waiting) + len(self.made)


def call_list(day_id: int) -> CallList:
    return call_lists([day_id])[day_id]


def call_lists(day_ids: Collection[int]) -> dict[int, CallList]:
    """For each of these days, in two queries, or four where mails failed."""
    by_day: defaultdict[int, list[Fact]] = defaultdict(list)
    for fact in facts_of(day_ids):
        by_day[fact.call.day_id].append(fact)
    return {pk: _list(by_day[pk]) for pk in day_ids}


def _list(facts: Iterable[Fact]) -> CallList:
    people: defaultdict[tuple[object, ...], list[Fact]] = defaultdict(list)
    for fact in facts:
        people[_whom(fact.call)].append(fact)
    callees = sorted(map(Callee, people.values()), key=_by_number)
    return CallList([one for one in callees if not one.called_at], [one for one in callees if one.called_at])


def _whom(call: Call) -> tuple[object, ...]:
    """What makes it one call: the same person, told at the same moment or not yet."""
    phone = call.pickup.phone if call.pickup else None
    return (call.producer_id, str(phone) if phone else call.pickup_id, call.called_at)


def _by_number(one: Callee) -> tuple[int, str]:
    return (one.pickups[0].number, "") if one.pickups else (0, one.name)


def facts_of(day_ids: Collection[int]) -> list[Fact]:
    """All that is told, or was told, by telephone of these days. Two queries, four where mails failed."""
    failed = {fact.key: fact for fact in _failed(day_ids)}
    rows = Call.objects.filter(day__in=day_ids).exclude(_is_of_no_use())
    kept = [Fact(call, failed[call.key].error if call.key in failed else "") for call in _whole(rows)]
    noted = {fact.key for fact in kept}
    return [fact for fact in kept if _is_wanted(fact)] + [fact for key, fact in failed.items() if key not in noted]


def _whole(calls: QuerySet[Call]) -> QuerySet[Call]:
    return calls.select_related("pickup", "producer__partner", "called_by")


def _is_wanted(fact: Fact) -> bool:
    """Whoever has an address is called only when its mail failed, and stays on the list once it was called."""
    call = fact.call
    has_address = call.producer_id or (call.pickup and call.pickup.email)
    return bool(call.called_at or fact.error or not has_address)


def _is_of_no_use() -> Q:
    """Calls not made about what is past or void: only a cancelling is told whenever somebody comes to it."""
    past = Q(day__ends_at__lte=timezone.now()) & ~Q(kind__in=CANCELLED)
    taken = Q(kind="part-changed", revision__in=_changes_too_late().values("pk"))
    void = Q(pickup__cancelled_at__isnull=False) & ~Q(kind="order-cancelled")
    came = ProducerOrder.objects.collected().filter(pickup=OuterRef("pickup"))  # before the rest was cancelled
    void |= Q(Exists(came), kind="order-cancelled", pickup__cancelled_at=None)
    return Q(called_at=None) & (past | taken | void)


def _changes_too_late() -> QuerySet[OrderChange]:
    return OrderChange.objects.filter(part__handed_over_at__isnull=False)


def _failed(day_ids: Collection[int]) -> list[Fact]:
    """Whose mail failed for good; not somebody who cancelled, or has come, or was erased. At most three queries."""
    pickups = Pickup.objects.filter(day__in=day_ids)
    by_resident = OrderChange.objects.filter(pickup=OuterRef("subject_id"), kind="cancelled", actor="resident")
    past = Q(subject_id__in=pickups.filter(day__ends_at__lte=timezone.now()).values("pk")) & ~Q(kind__in=CANCELLED)
    taken = Q(kind="part-changed", revision__in=_changes_too_late().values("pk"))
    void = Q(subject_id__in=pickups.filter(cancelled_at__isnull=False).values("pk")) & ~Q(kind="order-cancelled")
    about = Q(kind__in=KINDS, subject_id__in=pickups.values("pk"))
    about |= Q(kind__in=KINDS_OF_PRODUCERS, subject_id__in=list(day_ids))
    messages = Message.objects.filter(about, state=Message.State.FAILED).exclude(recipient__endswith="@invalid")
    messages = messages.exclude(Q(kind__in=KINDS) & (past | taken | void))
    rows = list(messages.exclude(Q(kind="order-cancelled") & Exists(by_resident)).order_by("pk"))
    to_producers = [message for message in rows if message.kind in KINDS_OF_PRODUCERS]
    return [*_to_producers(to_producers), *_to_residents([row for row in rows if row.kind in KINDS])]


def _to_residents(messages: Iterable[Message]) -> list[Fact]:
    rows = list(messages)
    found = Pickup.objects.in_bulk([message.subject_id for message in rows])
    orders = [(message, found[message.subject_id]) for message in rows]
    return [_fact(message, pickup.day_id, pickup=pickup) for message, pickup in orders]


def _to_producers(messages: Iterable[Message]) -> list[Fact]:
    rows = list(messages)
    named: defaultdict[str, list[Producer]] = defaultdict(list)
    producers = Producer.objects.filter(email__in=[message.recipient for message in rows])
    for producer in producers.select_related("partner"):
        named[producer.email].append(producer)
    return [_fact(row, row.subject_id, producer=producer) for row in rows for producer in named[row.recipient]]


def _fact(message: Message, day_id: int, *, pickup: Pickup | None = None, producer: Producer | None = None) -> Fact:
    call = Call(day_id=day_id, pickup=pickup, producer=producer)
    call.kind, call.revision, call.made_at = message.kind, message.revision, message.created_at
    return Fact(call, message.error)
