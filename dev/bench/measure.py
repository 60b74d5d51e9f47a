"""Contenders in turn, A B A B, never two at once: samples of a page, samples of whole orders."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

from dev.bench.cases import Case
from dev.bench.cpu import cpu_of
from dev.bench.journeys import Journey
from dev.bench.stage import Contender
from dev.bench.wire import at_once, volley
from dev.rehearsal.client import Browser, Stopwatch
from dev.rehearsal.report import percentile

WARM_UP = 3  # answers for each of eight visitors before anything counts: both workers have then seen the page


@dataclass(frozen=True)
class Sample:
    """One round of one contender. Times in milliseconds; `cpu`: of each program, for one request (or one order)."""

    per_second: float
    p50: float
    p95: float
    count: int
    size: int
    cpu: dict[str, float]
    client_busy: float  # the client's share of one processor

    @property
    def cpu_ms(self) -> float:
        return sum(self.cpu.values())


@dataclass
class Result:
    """All rounds of one row at one concurrency, by contender: the n-th of each stood side by side."""

    name: str
    concurrency: int
    samples: dict[str, list[Sample]] = field(default_factory=dict)
    beside: str = ""
    requests: dict[str, float] = field(default_factory=dict)  # of one order

    def ratios(self, one: str, other: str) -> list[float]:
        """How many times quicker `one` was than `other`, round by round."""
        pairs = zip(self.samples.get(one, []), self.samples.get(other, []), strict=False)
        return [mine.per_second / its.per_second for mine, its in pairs]


class Meter:
    """Processor time of a contender's programs inside the block, in milliseconds by program."""

    def __init__(self) -> None:
        self.used: dict[str, float] = {}

    @contextmanager
    def running(self, contender: Contender) -> Iterator[None]:
        before = cpu_of(contender.programs)
        yield
        self.used = {name: 1000 * (now - before[name]) for name, now in cpu_of(contender.programs).items()}

    def each(self, times: int) -> dict[str, float]:
        return {name: used / times for name, used in self.used.items()}


def measure_page(
    case: Case, contenders: Mapping[str, Contender], concurrency: int, *, rounds: int, seconds: float
) -> Result:
    """`rounds` times each contender for `seconds`, after a warm-up."""
    result = Result(case.name, concurrency, beside=case.oscar_is)
    for name in case.calls:
        volley(contenders[name].site, case.calls_of(name, 8), 0, least=WARM_UP)
    for _round in range(rounds):
        for name in case.calls:
            meter = Meter()
            with meter.running(contenders[name]):
                fired = volley(contenders[name].site, case.calls_of(name, concurrency), seconds)
            times = [1000 * one for one in fired.latencies]
            sample = Sample(
                per_second=len(times) / fired.seconds,
                p50=percentile(times, 50),
                p95=percentile(times, 95),
                count=len(times),
                size=fired.size,
                cpu=meter.each(len(times)),
                client_busy=fired.client_cpu / fired.seconds,
            )
            result.samples.setdefault(name, []).append(sample)
    return result


@dataclass(frozen=True)
class Way:
    """How a contender's orders are placed; `settle` waits until what an order leaves behind is done (mails)."""

    contender: Contender
    go: Journey
    orders: int
    settle: Callable[[], None]


def measure_orders(ways: Mapping[str, Way], concurrency: int, *, rounds: int, numbers: Iterator[int]) -> Result:
    """`rounds` times the orders of each way, by `concurrency` people at once, after two to warm both workers up."""
    result = Result("orders", concurrency)
    for way in ways.values():
        place(way, 2, 2, numbers)
    for _round in range(rounds):
        for name, way in ways.items():
            sample, requests = place(way, max(way.orders, concurrency), concurrency, numbers)
            result.samples.setdefault(name, []).append(sample)
            result.requests[name] = requests
    return result


def place(way: Way, orders: int, concurrency: int, numbers: Iterator[int]) -> tuple[Sample, float]:
    """Place so many orders. The processor time counts their mails too; the orders per second do not wait for them."""
    stopwatch, waiting, durations = Stopwatch(), list(zip(range(orders), numbers, strict=False)), list[float]()

    def shop() -> None:
        while waiting:
            try:
                _n, number = waiting.pop()
            except IndexError:
                return
            began = time.perf_counter()
            way.go(Browser(way.contender.site, stopwatch, threading.Event()), number)
            durations.append(1000 * (time.perf_counter() - began))

    meter = Meter()
    with meter.running(way.contender):
        began, cpu = time.perf_counter(), time.process_time()
        at_once([shop] * concurrency)
        seconds, used = time.perf_counter() - began, time.process_time() - cpu
        way.settle()
    sample = Sample(
        per_second=orders / seconds,
        p50=percentile(durations, 50),
        p95=percentile(durations, 95),
        count=orders,
        size=0,
        cpu=meter.each(orders),
        client_busy=used / seconds,
    )
    return sample, stopwatch.count / orders


def fresh_numbers() -> Iterator[int]:
    """Nobody orders twice."""
    return count(1)
