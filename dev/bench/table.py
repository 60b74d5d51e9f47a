"""What is printed, and what is written as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from math import isnan
from statistics import median
from typing import Any

from dev.bench.measure import Result, Sample
from dev.bench.stage import FLOOR, OSCAR, OURS

Queries = Mapping[str, Mapping[str, Sequence[int]]]
HEAD = (
    f"{'':<16}{'at once':>7}  {'':<7}{'req/s':>8} {'(min–max)':>15}{'p50 ms':>8}{'p95 ms':>8}{'CPU ms':>8}"
    f"{'queries':>9}{'kB':>7}{'× Oscar':>9}{'of bare':>8}  beside"
)


def middle(values: Iterable[float]) -> float:
    return median(list(values) or [float("nan")])


def rows(result: Result, queries: Queries) -> Iterator[str]:
    """A line for each contender but the floor, to which the last column but one compares."""
    for name in (OURS, OSCAR):
        samples = result.samples.get(name)
        if not samples:
            continue
        rates = [sample.per_second for sample in samples]
        label = f"{result.name:<16}{result.concurrency:>7}" if name == OURS else f"{'':<23}"
        times, of_floor = middle(result.ratios(OURS, OSCAR)), middle(result.ratios(name, FLOOR))
        yield (
            f"{label}  {name:<7}{middle(rates):>8.1f} {f'({min(rates):.1f}–{max(rates):.1f})':>15}"
            f"{middle(s.p50 for s in samples):>8.1f}{middle(s.p95 for s in samples):>8.1f}"
            f"{middle(s.cpu_ms for s in samples):>8.2f}{_queries(queries, name, result.name):>9}"
            f"{samples[0].size / 1000:>7.1f}{_ratio(times) if name == OURS else '':>9}{_percent(of_floor):>8}"
            f"  {result.beside if name == OSCAR else ''}"
        ).rstrip()


def order_rows(result: Result, queries: Mapping[str, int]) -> Iterator[str]:
    for name, samples in result.samples.items():
        rates = [sample.per_second for sample in samples]
        times = result.ratios(name, OSCAR)
        yield (
            f"{'orders':<16}{result.concurrency:>7}  {name:<17}{middle(rates):>8.2f}"
            f" {f'({min(rates):.2f}–{max(rates):.2f})':>13}"
            f"{middle(s.p50 for s in samples):>8.0f}{middle(s.p95 for s in samples):>8.0f}"
            f"{middle(s.cpu_ms for s in samples):>8.0f}{queries.get(name, ''):>9}{result.requests[name]:>9.0f}"
            f"{_ratio(middle(times)) if name != OSCAR else '':>9}  {_shares(samples)}"
        ).rstrip()


ORDER_HEAD = (
    f"{'':<16}{'at once':>7}  {'':<17}{'orders/s':>8} {'(min–max)':>13}{'p50 ms':>8}{'p95 ms':>8}{'CPU ms':>8}"
    f"{'queries':>9}{'requests':>9}{'× Oscar':>9}  CPU of each program"
)


def floor_row(results: Sequence[Result]) -> Iterator[str]:
    """The bare view, over all rows: it is the same each time, so its spread is that of the machine."""
    for concurrency in sorted({result.concurrency for result in results}):
        samples = [s for r in results if r.concurrency == concurrency for s in r.samples.get(FLOOR, [])]
        if samples:
            rates = [sample.per_second for sample in samples]
            yield (
                f"{'bare view':<16}{concurrency:>7}  {'':<7}{middle(rates):>8.0f} "
                f"{f'({min(rates):.0f}–{max(rates):.0f})':>15}{middle(s.p50 for s in samples):>8.1f}"
                f"{middle(s.p95 for s in samples):>8.1f}{middle(s.cpu_ms for s in samples):>8.2f}"
            )


def busiest(results: Sequence[Result]) -> str:
    """How near the client itself came to being what is measured."""
    shares = {
        name: max((s.client_busy for r in results for s in r.samples.get(name, [])), default=0.0)
        for name in (OURS, OSCAR, FLOOR)
    }
    told = ", ".join(f"{name} {100 * share:.0f} %" for name, share in shares.items())
    return f"The client used of one processor, at most, while loading: {told}."


def as_json(result: Result) -> dict[str, Any]:
    return asdict(result) | {"ratio_to_oscar": result.ratios(OURS, OSCAR), "ratio_to_bare": result.ratios(OURS, FLOOR)}


def _shares(samples: Sequence[Sample]) -> str:
    names = samples[0].cpu
    return ", ".join(f"{name} {middle(s.cpu[name] for s in samples):.0f}" for name in names)


def _queries(queries: Queries, contender: str, page: str) -> str:
    counted = queries.get(contender, {}).get(page)
    return "" if not counted else f"{counted[1]} ({counted[0]})"


def _ratio(value: float) -> str:
    return "" if isnan(value) else f"{value:.1f} ×"


def _percent(value: float) -> str:
    return "" if isnan(value) else f"{100 * value:.0f} %"
