"""The whole contest, once settings are there: build, count, measure, print."""

from __future__ import annotations

import os
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import psycopg
from django.db import connection

from dev.bench import table
from dev.bench.aims import Found, aim_rows, judge
from dev.bench.cases import cases_of
from dev.bench.cpu import memory_megabytes
from dev.bench.deeds import close_past_day, place_alone
from dev.bench.facts import facts, told, warning
from dev.bench.journeys import journey_of
from dev.bench.measure import Result, Way, fresh_numbers, measure_orders, measure_page
from dev.bench.stage import OSCAR, OURS, Stage, in_oscar, run_module, start_contenders
from dev.bench.town import Town, build_town, goods_of
from dev.bench.wire import at_once
from dev.processes import ServiceError
from producers.models import Listing

NO_SCRIPT = "marche (no script)"
MAIL_SECONDS = 120


class Contest:
    """Everything built, everybody served: `go` measures, and returns the figures."""

    def __init__(self, on: Stage, running: ExitStack, options: Namespace) -> None:
        self.on, self.options, self.numbers = on, options, fresh_numbers()
        size = {name: getattr(options, name) for name in ("goods", "days", "orders_a_day")}
        self.town: Town = build_town(options.seed, **size)
        self.oscar: dict[str, Any] = in_oscar(on, "dev.bench.oscar.load", goods_of(self.town.large))
        connection.close()  # servers are forked now
        self.contenders = start_contenders(on, running)
        cases = cases_of(self.town, self.contenders, self.oscar, visitors=max(options.concurrency))
        self.cases = [case for case in cases if case.name in options.only]
        self.journeys = self._journeys()

    def _journeys(self) -> dict[str, dict[str, Any]]:
        listings = list(Listing.objects.filter(day=self.town.small).order_by("pk").values_list("pk", flat=True))
        ours = {"day": self.town.small.get_absolute_url(), "listings": listings}
        return {OURS: ours, NO_SCRIPT: {**ours, "script": False}, OSCAR: {"products": self.oscar["products"]}}

    def count_queries(self) -> dict[str, Any]:
        """Of each contender, in a process with its settings."""
        said = {
            name: {
                "pages": {
                    case.name: (calls[0].path, dict(calls[0].cookies))
                    for case in self.cases
                    if (calls := case.calls.get(name)) and calls[0].form is None
                },
                "journey": self.journeys[name],
            }
            for name in (OURS, OSCAR)
        }
        ours, theirs = at_once(
            [
                lambda: run_module("dev.bench.count", said[OURS], os.environ),
                lambda: in_oscar(self.on, "dev.bench.count", said[OSCAR]),
            ]
        )
        return {OURS: ours, OSCAR: theirs}

    def pages(self) -> Iterator[Result]:
        for case in self.cases:
            for concurrency in self.options.concurrency:
                yield measure_page(
                    case, self.contenders, concurrency, rounds=self.options.rounds, seconds=self.options.seconds
                )

    def orders(self) -> Iterator[Result]:
        ours, oscar = self.contenders[OURS], self.contenders[OSCAR]
        for concurrency in self.options.concurrency if self.options.orders else []:
            many = max(concurrency, self.options.orders * min(concurrency, 4) // 4)
            few = max(concurrency, many // 5)
            ways = {
                OURS: Way(ours, journey_of(self.journeys[OURS]), many, self._mails_to_leave),
                OSCAR: Way(oscar, journey_of(self.journeys[OSCAR]), few, lambda: None),
                NO_SCRIPT: Way(ours, journey_of(self.journeys[NO_SCRIPT]), few, self._mails_to_leave),
            }
            yield measure_orders(ways, concurrency, rounds=self.options.rounds, numbers=self.numbers)

    def _mails_to_leave(self) -> None:
        until = time.monotonic() + MAIL_SECONDS
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as database:
            while database.execute("SELECT 1 FROM outbox_message WHERE state = 'waiting' LIMIT 1").fetchone():
                if time.monotonic() > until:
                    raise ServiceError(f"Waited {MAIL_SECONDS} s in vain for the mails of the orders.")
                time.sleep(0.05)

    def deeds(self) -> dict[str, dict[str, float]]:
        """The verbs without a page; none where no orders are wanted."""
        if not self.options.orders:
            return {}
        placed = place_alone(self.town, 8 * self.options.orders)
        self._mails_to_leave()
        return {"placing": placed, "closing": close_past_day(self.town, self._mails_to_leave)}

    def memory(self) -> dict[str, float]:
        programs = self.contenders[OURS].programs
        return {name: memory_megabytes(programs[name]) for name in ("web", "worker", "beat")}


def play(on: Stage, running: ExitStack, options: Namespace, say: Any) -> dict[str, Any]:
    """Measure and tell; returns all that is written down."""
    known = facts(os.environ["DATABASE_URL"])
    began = time.monotonic()
    contest = Contest(on, running, options)
    for line in filter(None, (told(known), warning(known))):
        say(line)
    say(f"Built in {time.monotonic() - began:.0f} s: {options.days} past days of {options.orders_a_day} orders.")
    queries = contest.count_queries()
    say("\n" + table.HEAD)
    pages = []
    for result in contest.pages():
        pages.append(result)
        for line in table.rows(result, {name: counted["pages"] for name, counted in queries.items()}):
            say(line)
    for line in table.floor_row(pages):
        say(line)
    say("\n" + table.ORDER_HEAD)
    orders = []
    for result in contest.orders():
        orders.append(result)
        for line in table.order_rows(result, {name: counted["order"] for name, counted in queries.items()}):
            say(line)
    deeds = contest.deeds()
    memory = contest.memory()
    aims = judge(Found(pages, orders, deeds, memory, contest.town.past_orders))
    say("\n" + table.busiest([*pages, *orders]))
    for line in aim_rows(aims):
        say(line)
    return {
        "facts": known,
        "options": vars(options),
        "queries": queries,
        "pages": [table.as_json(result) for result in pages],
        "orders": [table.as_json(result) for result in orders],
        "deeds": deeds,
        "memory_mb": memory,
        "aims": [aim._asdict() for aim in aims],
    }
