"""Give less of a line at the stall than was set aside."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from marche.common.refusals import Problem, Refused
from orders.models import LineDetail
from orders.presenters.wording import count_words
from orders.steps.prepare import TOO_MANY, too_many_words, weight_problem


@dataclass(frozen=True)
class Given:
    """How many units of a line are given, and what these weigh together (grams) where pieces are weighed."""

    units: int
    grams: int | None = None


def some_of(
    lines: Iterable[LineDetail], missing: Collection[int], given: Mapping[int, Given], sure: Collection[int] = ()
) -> dict[int, Given]:
    """Return the lines of which some, but not all that was set aside, is given; by the key of the line.

    Raises Refused for more than was set aside, and for weighed pieces without a weight that can be true, or with one
    that is not as announced, unless their key is in `sure`.
    """
    there = [(line, given[line.pk]) for line in lines if line.pk in given and line.pk not in missing]
    if problems := [problem for line, some in there if (problem := _problem(line, some, is_sure=line.pk in sure))]:
        raise Refused(*problems)
    fewer = [(line, some) for line, some in there if 0 < some.units < line.set_aside]
    return {line.pk: Given(some.units, some.grams if line.is_estimated else None) for line, some in fewer}


def none_of(lines: Iterable[LineDetail], missing: Collection[int], given: Mapping[int, Given]) -> set[int]:
    """The keys of the lines of which nothing is given: of none one says that it is missing."""
    return {line.pk for line in lines if line.pk in missing or (line.pk in given and not given[line.pk].units)}


def given_before(lines: Iterable[LineDetail]) -> dict[int, Given]:
    """What was noted before as given in part, by the key of the line."""
    return {line.pk: Given(line.given_quantity, line.given_grams) for line in lines if line.given_quantity is not None}


def give(line: LineDetail, some: Given) -> None:
    """Set what is given of a line, and what it comes to."""
    line.given_quantity, line.given_grams = some.units, some.grams
    line.given_cents = line.cents_of(some.units, some.grams)


def in_words(lines: Iterable[LineDetail]) -> str:
    """ "Laitues 2 sur 3, Poulet 1 sur 2": of which lines less was given at the stall."""
    return ", ".join(
        f"{line.title} {count_words(line, line.given_quantity)}" for line in lines if line.given_quantity is not None
    )


def _problem(line: LineDetail, some: Given, *, is_sure: bool) -> Problem | None:
    if not 0 <= some.units <= line.set_aside:
        return Problem(TOO_MANY, too_many_words(line, line.set_aside), line.listing_id)
    if line.is_estimated and 0 < some.units < line.set_aside:
        stands_there = some == Given(line.given_quantity or 0, line.given_grams)
        return weight_problem(line, some.units, some.grams, is_sure=is_sure or stands_there)
    return None
