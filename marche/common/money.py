"""Money: integer cents everywhere, Decimal euros only at Oscar's edges, never a float."""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

MAX_PRICE_CENTS = 100_000  # one thousand euros: beyond it, somebody's finger slipped
_PRICE = re.compile(r"([0-9]{1,6})(?:[.,]([0-9]{1,2}))?")


def round_half_up(value: Fraction) -> int:
    """Round an exact, non-negative number of cents to a whole number of cents, halves up."""
    return int((2 * value.numerator + value.denominator) // (2 * value.denominator))


def to_euros(cents: int) -> Decimal:
    """Cents to the Decimal of euros, with two places, that Oscar's tables hold."""
    return Decimal(cents).scaleb(-2)


def to_cents(euros: Decimal) -> int:
    """A Decimal of euros to cents, halves up."""
    return int(euros.scaleb(2).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def split(cents: int, weights: Sequence[int]) -> list[int]:
    """Divide so many cents in proportion to the weights, to the cent: the largest remainders get the cents left over.

    Of equal remainders the first gets it. Nothing is divided among weights that are all zero.
    """
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    parts = [cents * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda place: -(cents * weights[place] % whole))
    for place in by_remainder[: cents - sum(parts)]:
        parts[place] += 1
    return parts


def parse_price(text: str) -> int:
    """Return the cents of a price as a person types it: "1,50", "1.50", "1,5 €" or "2".

    Thousands separators are refused rather than guessed at ("1.234,5" could be one euro or a thousand).
    Raises ValueError with a sentence for the person.
    """
    cents = _parse(text)
    if cents is None:
        raise ValueError(_("Write the price in euros, like 1,50."))
    if cents == 0:
        raise ValueError(_("The price must be more than zero."))
    if cents > MAX_PRICE_CENTS:
        raise ValueError(_("The price can’t be more than 1,000 €."))
    return cents


def parse_amount(text: str) -> int:
    """Return the cents of a sum of money, typed as a price is. Raises ValueError with a sentence for the person."""
    cents = _parse(text)
    if not cents:
        raise ValueError(_("Write the amount in euros, like 12.50."))
    return cents


def _parse(text: str) -> int | None:
    cleaned = text.replace("\u202f", "").replace("\xa0", "").replace(" ", "").removesuffix("€")
    match = _PRICE.fullmatch(cleaned)
    return int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0")) if match else None


def vat_included(cents: int, rate_bp: int) -> int:
    """The VAT, in cents, inside a price of `cents` with tax, at `rate_bp` basis points (550 is 5.5 %).

    One rounding per line, halves up: BOI-TVA-DECLA-20-20-10 and article 242 nonies A, annexe II of the CGI.
    """
    return cents - round_half_up(Fraction(cents * 10_000, 10_000 + rate_bp))
