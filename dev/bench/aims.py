"""What fast means here, and whether this run was: met or missed, and by how much."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dev.bench.measure import Result
from dev.bench.stage import OSCAR, OURS
from dev.bench.table import middle


class Aim(NamedTuple):
    """`value` is None when this run did not measure it; `at_least`, else at most."""

    name: str
    target: float
    unit: str
    at_least: bool
    value: float | None

    @property
    def met(self) -> bool | None:
        if self.value is None:
            return None
        return self.value >= self.target if self.at_least else self.value <= self.target


@dataclass(frozen=True)
class Found:
    """What a run measured. `deeds`: see deeds.py; `memory`: megabytes by program; `past_orders`: behind the report."""

    pages: Sequence[Result]
    orders: Sequence[Result]
    deeds: Mapping[str, Mapping[str, float]]
    memory: Mapping[str, float]
    past_orders: int

    def page(self, name: str, value: Callable[[Result], float]) -> float | None:
        """At the highest concurrency that was tried."""
        results = [result for result in self.pages if result.name == name]
        return value(max(results, key=lambda result: result.concurrency)) if results else None

    def order(self, value: Callable[[Result], float]) -> float | None:
        return value(max(self.orders, key=lambda result: result.concurrency)) if self.orders else None

    def deed(self, name: str, value: str) -> float | None:
        return self.deeds[name][value] if name in self.deeds else None


def _size(found: Found) -> str:
    closing = found.deeds.get("closing")
    return f"{closing['orders']:.0f} orders × {closing['producers']:.0f} producers" if closing else "a day"


def judge(found: Found) -> list[Aim]:
    """Every aim of docs/performance.md that a run of this bench can see."""
    quick = [
        Aim(f"{name}, requests/s", 400, "", True, found.page(name, _rate))
        for name in ("day-120", "product", "stall", "home")
    ]
    return [
        *quick,
        Aim("day-120 beside Oscar's list of 20", 20, "×", True, found.page("day-120", _times)),
        Aim("day-large beside Oscar's list of 20", 20, "×", True, found.page("day-large", _times)),
        Aim("add to basket beside Oscar", 15, "×", True, found.page("add-to-basket", _times)),
        Aim("whole orders, orders/s", 10, "", True, found.order(_rate)),
        Aim("whole orders beside Oscar", 10, "×", True, found.order(_times)),
        Aim("CPU of an order, everything counted", 150, "ms", False, found.order(_cpu)),
        Aim("placing verb alone, one slot, orders/s", 150, "", True, found.deed("placing", "per_second")),
        Aim("placing verb alone, statements", 12, "", False, found.deed("placing", "statements")),
        Aim(f"closing {_size(found)}, mails sent", 60, "s", False, found.deed("closing", "seconds")),
        Aim(f"manager's report over {found.past_orders} orders", 1000, "ms", False, found.page("manager-report", _p95)),
        Aim("memory of web, worker and beat", 600, "MB", False, sum(found.memory.values()) or None),
    ]


def _rate(result: Result) -> float:
    return middle(sample.per_second for sample in result.samples[OURS])


def _times(result: Result) -> float:
    return middle(result.ratios(OURS, OSCAR))


def _cpu(result: Result) -> float:
    return middle(sample.cpu_ms for sample in result.samples[OURS])


def _p95(result: Result) -> float:
    return middle(sample.p95 for sample in result.samples[OURS])


def aim_rows(aims: Sequence[Aim]) -> Iterator[str]:
    yield f"\n{'Aims':<46}{'aim':>12}{'found':>10}"
    for aim in aims:
        target = f"{'≥' if aim.at_least else '≤'} {aim.target:g} {aim.unit}".strip()
        if aim.value is None:
            yield f"  {aim.name:<44}{target:>12}{'—':>10}   not measured in this run"
            continue
        verdict = "met" if aim.met else "MISSED"
        yield f"  {aim.name:<44}{target:>12}{aim.value:>10.1f}   {verdict}, {100 * aim.value / aim.target:.0f} % of it"
