"""The list of residents whom a manager calls about a market day.

One reading serves the list, its count beside the day, and the verb that notes a call.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from orders.calls import Fact, facts_of
from orders.models import Call, Pickup
from producers.models import Producer

if TYPE_CHECKING:
    from django.contrib.auth.models import User


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
