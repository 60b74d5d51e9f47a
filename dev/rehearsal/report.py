"""The table at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from dev.rehearsal.notes import Notes

SHOWN = 40  # differences; the rest is counted


def counts(title: str, rows: Mapping[str, int] | Mapping[str, int | str]) -> Iterator[str]:
    yield f"\n{title}"
    for name, value in rows.items():
        yield f"  {name:<46}{value:>10}"


def times(seconds: Mapping[str, list[float]]) -> Iterator[str]:
    """Milliseconds of each step, as the client waits for them: in the order of the week."""
    yield f"\n{'Requests':<34}{'count':>8}{'p50 ms':>9}{'p95 ms':>9}{'max ms':>9}"
    for step, taken in seconds.items():
        figures = "".join(
            f"{1000 * value:>9.0f}" for value in (percentile(taken, 50), percentile(taken, 95), max(taken))
        )
        yield f"  {step:<32}{len(taken):>8}{figures}"


def percentile(values: list[float], percent: int) -> float:
    """The smallest value that so many per cent of all do not exceed."""
    return sorted(values)[max(0, -(-len(values) * percent // 100) - 1)]


def tally(words: Iterable[str]) -> dict[str, int]:
    """How often each comes, the most frequent first."""
    return dict(Counter(words).most_common())


def verdict(notes: Notes) -> Iterator[str]:
    yield f"\n{notes.compared} comparisons"
    yield from (f"  ✗ {sentence[:1000]}" for sentence in notes.differences[:SHOWN])
    if len(notes.differences) > SHOWN:
        yield f"  … and {len(notes.differences) - SHOWN} more"
    count = len(notes.differences)
    yield f"{count} difference{'' if count == 1 else 's'}"
