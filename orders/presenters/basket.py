"""What is in a basket: its lines priced by the day's listings, grouped by producer. Reads only."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import F
from django.utils.translation import gettext as _

from marche.common.money import vat_included
from marche.common.refusals import Problem
from marche.common.wording import euros
from marche.markets.models import MarketDay
from marche.shop.oscar import BasketLine
from orders.presenters.seen import Seen, change
from producers.catalogue.cards import Price, price_of
from producers.models import Listing
from producers.wording import quantity_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from orders.models import DayBasket
    from producers.models import Producer

PRICED_BY = ("unit", "step_grams", "expected_grams")  # what of a sale unit makes the price of a line


@dataclass(frozen=True)
class Item:
    """So many units of a listing. `seen` is what the resident last agreed to, where a basket remembers it."""

    listing: Listing
    quantity: int
    seen: Seen | None = None
    stockrecord_id: int | None = None

    @cached_property
    def amount_cents(self) -> int:
        """What it costs, with tax; the estimate for weighed pieces."""
        return self.listing.line_cents(self.listing.price_cents, self.quantity)

    @cached_property
    def max_cents(self) -> int:
        """The most it can cost once weighed."""
        return self.listing.line_max_cents(self.listing.price_cents, self.quantity)

    @property
    def vat_bp(self) -> int:
        """The VAT in basis points; 0 where there is no rate, and then the line is refused (`problem`)."""
        return self.listing.vat_bp or 0

    @cached_property
    def vat_cents(self) -> int:
        """The VAT inside `amount_cents`. Needs a listing read `with_vat`."""
        return vat_included(self.amount_cents, self.vat_bp)

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
        if getattr(self.listing, "vat_bp", 0) is None:
            return Problem("no-rate", _("%(product)s: it can’t be sold for now.") % {"product": title}, self.listing.pk)
        if left >= self.quantity and not self.amount_cents:
            sentence = _("%(product)s: %(words)s would cost %(amount)s. Take more of it, or take it out of the basket.")
            words = {"product": title, "words": self.words, "amount": euros(0)}
            return Problem("no-price", sentence % words, self.listing.pk)
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
    def now(self) -> Seen:
        """What a resident sees of it now."""
        return Seen.of_listing(self.listing, self.quantity)

    @property
    def change(self) -> Problem | None:
        """What to say when price, unit, weight or name are no longer those that the resident agreed to."""
        return change(self.seen, self.now) if self.seen else None


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
            amounts[item.vat_bp][0] += item.amount_cents
            amounts[item.vat_bp][1] += item.vat_cents
        return [(rate, *pair) for rate, pair in sorted(amounts.items())]  # type: ignore[misc]


@dataclass(frozen=True)
class Contents:
    """A whole basket. `vanished` names what its producer has taken off since, by the key of its sheet."""

    groups: Sequence[Group]
    vanished: Mapping[int, Problem]

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
        return [*self.vanished.values(), *(p for item in self.items if (p := item.problem))]

    @property
    def changes(self) -> list[Problem]:
        """What is no longer as the resident agreed to it; of what is sold out nothing more is said."""
        return [p for item in self.items if item.listing.remaining > 0 and (p := item.change)]


def contents_of(day_basket: DayBasket) -> Contents:
    """Read a basket in two queries, whatever its size."""
    lines = list(BasketLine.objects.filter(basket=day_basket.pk).select_related("product", "seen").order_by("pk"))
    listings = Listing.objects.filter(day=day_basket.day_id, sheet__in=[line.product_id for line in lines])
    by_sheet = {listing.sheet_id: listing for listing in listings.for_basket().with_vat().with_stall_number()}
    for listing in by_sheet.values():
        listing.day = day_basket.day
    items = [
        Item(by_sheet[line.product_id], line.quantity, Seen.of_basket_line(line), line.stockrecord_id)
        for line in lines
        if line.product_id in by_sheet
    ]
    gone = {line.product_id: line.product.title for line in lines if line.product_id not in by_sheet}
    sentence = _("%(product)s: no longer offered.")
    vanished = {sheet: Problem("gone", sentence % {"product": title}) for sheet, title in gone.items()}
    return Contents(group_by_producer(items), vanished)


@dataclass(frozen=True)
class Held:
    """What a visitor's baskets hold that can be ordered: units by the listing's primary key, and the cost (cents)."""

    quantities: dict[int, int]
    amount_cents: int


def held_by(visitor: str | None) -> Held:
    """What stands in the head of every page and in the answer to each + and −, in one light query.

    A basket whose day takes no orders counts nowhere.
    """
    if not visitor:
        return Held({}, 0)
    listing = "product__sheet__listings__"
    days = MarketDay.objects.open()
    mine = {"basket__of_day__visitor": visitor, "basket__of_day__open": True, "basket__of_day__day__in": days}
    lines = BasketLine.objects.filter(**mine, **{f"{listing}day": F("basket__of_day__day")}).order_by()
    names = ("pk", "price_cents", *PRICED_BY)
    rows = list(lines.values_list("quantity", *(listing + name for name in names)))
    costs = [Listing(**dict(zip(PRICED_BY, unit, strict=True))).line_cents(cents, q) for q, _pk, cents, *unit in rows]
    return Held({pk: quantity for quantity, pk, *_priced in rows}, sum(costs))


def group_by_producer(items: Sequence[Item]) -> list[Group]:
    """Items by producer, in walking order of the stalls."""
    groups: dict[int, list[Item]] = defaultdict(list)
    for item in items:
        groups[item.listing.producer_id].append(item)
    made = [Group(chosen[0].listing.producer, chosen[0].listing.stall_number, chosen) for chosen in groups.values()]
    return sorted(made, key=lambda group: (group.stall_number or 0, group.producer.sort_key))
