"""What is owed for a line, a part of an order, an order: said once, for lists, pages, files, mails and cards alike.

Each rule stands twice, as Python on rows that are loaded and as SQL beside it; a test compares the two over all states.
All amounts are integer cents with tax.

    due     what is owed as far as one knows: for what was given at the stall where that was less, else as weighed,
            else the estimate; nothing for what is off or cancelled
    most    the most that it can come to: the maximum, until it is weighed
    charge  what a card owes for a part: the most until the part is final, then what is due
    final   a part that is prepared or handed over: its amounts become no other by themselves
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import (
    BigIntegerField,
    Case,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce

from marche.common.money import vat_included

if TYPE_CHECKING:
    from orders.models import LineDetail, ProducerOrder

WHOLE = 10_000  # basis points

# Of a line, in SQL.
OFF = Q(missing=True) | ~Q(struck="")


def _unless_off(*known_first: str) -> Case:
    return Case(When(OFF, then=Value(0)), default=Coalesce(*known_first), output_field=IntegerField())


DUE = _unless_off("given_cents", "final_cents", "amount_cents")
MOST = _unless_off("given_cents", "final_cents", "max_cents")
UNITS = _unless_off("given_quantity", "prepared_quantity", "quantity")
# What those weigh, of what is priced by its weight: on the scale, else as expected.
_WEIGHED = Case(
    When(given_quantity__isnull=False, then=F("given_grams")),
    default=Coalesce("final_grams", F("expected_grams") * UNITS),
    output_field=IntegerField(),
)
GRAMS = Case(
    When(unit="weight", then=F("step_grams") * UNITS),
    When(OFF, unit="weighed", then=Value(0)),
    When(unit="weighed", then=_WEIGHED),
    default=None,
    output_field=IntegerField(),
)
# Of what was ordered, at the estimate, that there was not; of weighed pieces by their number.
_HERE = (Cast(F("amount_cents"), BigIntegerField()) * UNITS * 2 + F("quantity")) / (F("quantity") * 2)
LOST = ExpressionWrapper(
    F("amount_cents")
    - Case(
        When(Q(unit="weighed") | Q(given_quantity=None, prepared_quantity=None) & ~OFF, then=_HERE),
        default=DUE,
        output_field=BigIntegerField(),
    ),
    BigIntegerField(),
)
# As `vat_included` does, halves up; in wide integers, for the products are beyond those of 32 bits.
_WITHOUT_VAT = (Cast(DUE, BigIntegerField()) * 2 * WHOLE + (F("vat_bp") + WHOLE)) / ((F("vat_bp") + WHOLE) * 2)
VAT = ExpressionWrapper(Cast(DUE, BigIntegerField()) - _WITHOUT_VAT, BigIntegerField())


def is_off(line: LineDetail) -> bool:
    """Whether nothing is owed for it: it was taken off, or missing at the stall."""
    return line.missing or bool(line.struck)


def due(line: LineDetail) -> int:
    """What is owed for a line."""
    return 0 if is_off(line) else _first(line.given_cents, line.final_cents, line.amount_cents)


def most(line: LineDetail) -> int:
    """The most that can be owed for a line."""
    return 0 if is_off(line) else _first(line.given_cents, line.final_cents, line.max_cents)


def units(line: LineDetail) -> int:
    """How many of the units of a line are given, as far as one knows."""
    return 0 if is_off(line) else _first(line.given_quantity, line.prepared_quantity, line.quantity)


def _first(*known_first: int | None) -> int:
    return next(one for one in known_first if one is not None)


def vat(line: LineDetail) -> int:
    """The VAT inside what is owed for a line: rounded once, on the line."""
    return vat_included(due(line), line.vat_bp)


def is_final(part: ProducerOrder) -> bool:
    return bool(part.prepared_at or part.handed_over_at)


def is_paid(part: ProducerOrder, due_cents: int) -> bool:
    """Whether nothing is to be paid for a part (any more) at its stall."""
    return part.online or part.paid_at is not None or not due_cents


def due_of(part: ProducerOrder) -> int:
    """What is owed for a part; nothing once it is cancelled. Reads its lines as `part.details` has them."""
    return 0 if part.cancelled_at else sum(due(line) for line in part.details.all())


def most_of(part: ProducerOrder) -> int:
    """The most that can be owed for a part."""
    return 0 if part.cancelled_at else sum(most(line) for line in part.details.all())


def charge_of(part: ProducerOrder) -> int:
    """What a card owes for a part: the most, until it is known what it comes to."""
    return due_of(part) if is_final(part) else most_of(part)


def charge(part: ProducerOrder, line: LineDetail) -> int:
    """What a card owes for a line of this part."""
    return due(line) if is_final(part) else most(line)


def total(cents: Combinable, of: str, **lines_that: object) -> Coalesce:
    """The sum of one of the expressions above, in a query of parts (`of` is "part") or of orders ("part__pickup").

    `lines_that`: of those lines only.
    """
    alive = apps.get_model("orders", "LineDetail").objects.filter(part__cancelled_at=None, **{of: OuterRef("pk")})
    lines = alive.filter(**lines_that)
    return Coalesce(Subquery(lines.order_by().values(of).annotate(total=Sum(cents)).values("total")), 0)
