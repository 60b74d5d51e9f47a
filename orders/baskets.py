"""What is in a basket: its lines priced by the day's listings, grouped by producer. Reads only."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import F
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from marche.money import to_cents, vat_included
from orders.refusals import Problem
from producers.cards import Price, price_of
from producers.models import Listing
from producers.wording import price_with_unit, quantity_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from orders.models import DayBasket
    from producers.models import Producer

BasketLine = get_model("basket", "Line")
PRICED_BY = ("unit", "step_grams", "expected_grams")  # what of a sale unit makes the price of a line


@dataclass(frozen=True)
class Item:
    """So many units of a listing. `seen_cents` is the listing's price when the resident last touched the line."""

    listing: Listing
    quantity: int
    seen_cents: int | None = None
    stockrecord_id: int | None = None

    @cached_property
    def amount_cents(self) -> int:
        """What it costs, with tax; the estimate for weighed pieces."""
        return self.listing.line_cents(self.listing.price_cents, self.quantity)

    @cached_property
    def max_cents(self) -> int:
        """The most it can cost once weighed."""
        return self.listing.line_max_cents(self.listing.price_cents, self.quantity)

    @cached_property
    def vat_cents(self) -> int:
        """The VAT inside `amount_cents`. Needs a listing read `with_vat`."""
        return vat_included(self.amount_cents, self.listing.vat_bp)

    @property
    def price(self) -> Price:
        """The price in words, as on the stall."""
        return price_of(self.listing)

    @property
    def words(self) -> str:
        return quantity_words(self.listing, self.quantity)

    @property
    def problem(self) -> Problem | None:
        """Why this line can't be ordered as it stands, if it can't."""
        title, left = self.listing.sheet.title, self.listing.remaining
        if left >= self.quantity:
            return None
        if left <= 0:
            return Problem("sold-out", _("%(product)s: sold out.") % {"product": title}, self.listing.pk)
        sentence = _("%(product)s: only %(left)s left, you wanted %(wanted)s.") % {
            "product": title,
            "left": quantity_words(self.listing, left),
            "wanted": self.words,
        }
        return Problem("too-few", sentence, self.listing.pk)

    @property
    def price_change(self) -> Problem | None:
        """What to say when the price is no longer the one the resident saw."""
        if self.seen_cents in (None, self.listing.price_cents):
            return None
        sentence = _("%(product)s: the price was %(before)s, it is now %(now)s.") % {
            "product": self.listing.sheet.title,
            "before": price_with_unit(self.listing, self.seen_cents or 0),
            "now": price_with_unit(self.listing, self.listing.price_cents),
        }
        return Problem("price", sentence, self.listing.pk)


@dataclass(frozen=True)
class Group:
    """The items of one producer: a contract of its own, with its seller."""

    producer: Producer
    stall_number: int | None
    items: Sequence[Item]

    @cached_property
    def amount_cents(self) -> int:
        return sum(item.amount_cents for item in self.items)

    @cached_property
    def max_cents(self) -> int:
        return sum(item.max_cents for item in self.items)

    @cached_property
    def vat_cents(self) -> int:
        return sum(item.vat_cents for item in self.items)

    @cached_property
    def vat_by_rate(self) -> list[tuple[int, int, int]]:
        """(rate in basis points, amount with tax, VAT inside it), cents, lowest rate first."""
        amounts: dict[int, list[int]] = defaultdict(lambda: [0, 0])
        for item in self.items:
            amounts[item.listing.vat_bp][0] += item.amount_cents
            amounts[item.listing.vat_bp][1] += item.vat_cents
        return [(rate, *pair) for rate, pair in sorted(amounts.items())]  # type: ignore[misc]


@dataclass(frozen=True)
class Contents:
    """A whole basket. `vanished` holds the titles of what its producer has taken off since."""

    groups: Sequence[Group]
    vanished: Sequence[Problem]

    @property
    def items(self) -> list[Item]:
        return [item for group in self.groups for item in group.items]

    @cached_property
    def amount_cents(self) -> int:
        return sum(group.amount_cents for group in self.groups)

    @cached_property
    def max_cents(self) -> int:
        return sum(group.max_cents for group in self.groups)

    @cached_property
    def vat_cents(self) -> int:
        return sum(group.vat_cents for group in self.groups)

    @property
    def is_empty(self) -> bool:
        return not self.groups and not self.vanished

    @property
    def problems(self) -> list[Problem]:
        """Everything that stops this basket from being ordered as it is."""
        return [*self.vanished, *(p for item in self.items if (p := item.problem))]

    @property
    def price_changes(self) -> list[Problem]:
        return [p for item in self.items if (p := item.price_change)]


def contents_of(day_basket: DayBasket) -> Contents:
    """Read a basket in two queries, whatever its size."""
    lines = list(BasketLine.objects.filter(basket=day_basket.pk).select_related("product").order_by("pk"))
    listings = Listing.objects.filter(day=day_basket.day_id, sheet__in=[line.product_id for line in lines])
    by_sheet = {listing.sheet_id: listing for listing in listings.for_basket().with_vat().with_stall_number()}
    for listing in by_sheet.values():
        listing.day = day_basket.day
    items = [
        Item(
            by_sheet[line.product_id],
            line.quantity,
            None if line.price_incl_tax is None else to_cents(line.price_incl_tax),
            line.stockrecord_id,
        )
        for line in lines
        if line.product_id in by_sheet
    ]
    gone = [line.product.title for line in lines if line.product_id not in by_sheet]
    vanished = [Problem("gone", _("%(product)s: no longer offered.") % {"product": title}) for title in gone]
    return Contents(group_by_producer(items), vanished)


def basket_total(visitor: str) -> tuple[int, int]:
    """How many lines the open baskets of a visitor hold, and what they cost (cents), in one light query.

    It stands in the head of every page, and in the answer to each + and −.
    """
    listing = "product__sheet__listings__"
    mine = {"basket__of_day__visitor": visitor, "basket__of_day__open": True}
    lines = BasketLine.objects.filter(**mine, **{f"{listing}day": F("basket__of_day__day")}).order_by()
    names = ("price_cents", *PRICED_BY)
    rows = list(lines.values_list("quantity", *(listing + name for name in names)))
    costs = [Listing(**dict(zip(PRICED_BY, unit, strict=True))).line_cents(cents, q) for q, cents, *unit in rows]
    return len(costs), sum(costs)


def group_by_producer(items: Sequence[Item]) -> list[Group]:
    """Items by producer, in walking order of the stalls."""
    groups: dict[int, list[Item]] = defaultdict(list)
    for item in items:
        groups[item.listing.producer_id].append(item)
    made = [Group(chosen[0].listing.producer, chosen[0].listing.stall_number, chosen) for chosen in groups.values()]
    return sorted(made, key=lambda group: (group.stall_number or 0, group.producer.sort_key))
