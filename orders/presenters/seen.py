"""What a resident saw of a line, compared with what it is now: each difference is told with before and after."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from marche.common.refusals import Problem
from marche.common.wording import euros, hour
from orders.models import SeenLine
from producers.units import SaleUnit, Unit
from producers.wording import price_with_unit, quantity_in_full

if TYPE_CHECKING:
    from marche.markets.models import Slot
    from orders.models import DayBasket, LineDetail
    from orders.presenters.basket import Item
    from producers.models import Listing

MOST_TEXT = 200_000  # characters: some 500 lines
MOST_NAME = 255
MOST_NUMBER = 2_147_483_647
LAST_SECOND = 253_402_300_799  # of the year 9999


@dataclass(frozen=True)
class Seen:
    """So many units of a product as a resident saw them: its name, what one unit was, and its price.

    `price_cents` is as in Listing. `seller` is empty where it was not kept, and is not compared then.
    """

    sheet_id: int
    title: str
    quantity: int
    price_cents: int
    unit: SaleUnit
    seller: str = ""

    @classmethod
    def of_listing(cls, listing: Listing, quantity: int) -> Seen:
        """As it is now. Needs a listing read with its product and its producer's name."""
        seller = listing.producer.name
        return cls(listing.sheet_id, listing.sheet.title, quantity, listing.price_cents, listing, seller)

    @classmethod
    def of_ordered(cls, line: LineDetail) -> Seen:
        """As it was ordered. Needs a line read with its listing."""
        return cls(line.listing.sheet_id, line.title, line.quantity, line.price_cents, line)

    @classmethod
    def of_basket_line(cls, line: Any) -> Seen | None:
        """As the resident last saw a line of Oscar's basket, read with its `seen`."""
        kept: SeenLine | None = getattr(line, "seen", None)
        return cls(line.product_id, kept.title, line.quantity, kept.price_cents, kept) if kept else None

    @property
    def words(self) -> str:
        """ "2 × 500 g, 5,80 €", with the maximum of what is weighed."""
        amount = euros(self.unit.line_cents(self.price_cents, self.quantity))
        words = {"quantity": quantity_in_full(self.unit, self.quantity), "amount": amount}
        if not self.unit.is_estimated:
            return ", ".join(words.values())
        most = euros(self.unit.line_max_cents(self.price_cents, self.quantity))
        return _("%(quantity)s, %(amount)s (at most %(most)s)") % (words | {"most": most})


def change(before: Seen, now: Seen) -> Problem | None:
    """What to say when a line is no longer what was seen; None when it is the same to the last cent and gram."""
    if not before.seller:
        before = replace(before, seller=now.seller)
    same_unit = before.unit.unit_values() == now.unit.unit_values()
    names = (before.title, before.seller, before.quantity) == (now.title, now.seller, now.quantity)
    if same_unit and names:
        return None if before.price_cents == now.price_cents else _price_change(before, now)
    then, today = _words(before, now), _words(now, before)
    if then == today:
        sentence = _("%(product)s: it is sold in another way now. Look at it once more.")
        return Problem("changed", sentence % {"product": now.title})
    sentence = _("%(product)s: it was %(before)s, it is now %(now)s.")
    return Problem("changed", sentence % {"product": now.title, "before": then, "now": today})


def _price_change(before: Seen, now: Seen) -> Problem:
    sentence = _("%(product)s: the price was %(before)s, it is now %(now)s.") % {
        "product": now.title,
        "before": price_with_unit(now.unit, before.price_cents),
        "now": price_with_unit(now.unit, now.price_cents),
    }
    return Problem("price", sentence)


def _words(one: Seen, other: Seen) -> str:
    """What `one` is, with its name and seller only where these differ from the other's."""
    parts = [one.words]
    if one.title != other.title:
        parts.insert(0, _("“%(product)s”") % {"product": one.title})
    if one.seller != other.seller:
        parts.append(one.seller)
    return ", ".join(parts)


@dataclass(frozen=True)
class Shown:
    """All that stood above the button: the lines by the key of their sheet, and the slot with its begin.

    The page carries it in its form as plain text: it is only compared, and to change it harms nobody but oneself.
    """

    lines: Mapping[int, Seen]
    slot_id: int | None
    slot_begins_at: dt.datetime

    @classmethod
    def of(cls, basket: DayBasket, items: Iterable[Item]) -> Shown:
        begin = basket.slot.starts_at if basket.slot else basket.day.starts_at
        return cls({item.listing.sheet_id: item.now for item in items}, basket.slot_id, begin)

    @classmethod
    def read(cls, text: str) -> Shown | None:
        """What a page's form carried; None for what no page of ours wrote."""
        try:
            said = json.loads(text) if len(text) <= MOST_TEXT else {}
            lines = [_read_line(line) for line in said["lines"]]
            begin = dt.datetime.fromtimestamp(_number(said["begin"], LAST_SECOND), dt.UTC)
            return cls({line.sheet_id: line for line in lines}, _number(said["slot"]), begin)
        except (ValueError, TypeError, KeyError, RecursionError):
            return None

    def write(self) -> str:
        lines = [_written_line(line) for line in self.lines.values()]
        said = {"lines": lines, "slot": self.slot_id or 0, "begin": int(self.slot_begins_at.timestamp())}
        return json.dumps(said, ensure_ascii=False, separators=(",", ":"))

    def changes(self, items: Iterable[Item], gone: Iterable[int]) -> list[Problem]:
        """What is no longer as it was shown, product by product. `gone`: sheets that are named as such already."""
        named = set(gone) | {item.listing.sheet_id for item in items if item.listing.remaining <= 0}
        now = {item.listing.sheet_id: item.now for item in items}
        sheets = [sheet for sheet in {**self.lines, **now} if sheet not in named]
        return [problem for sheet in sheets if (problem := _told(self.lines.get(sheet), now.get(sheet)))]

    def slot_change(self, slot: Slot) -> Problem | None:
        """What to say when the slot is another one than was shown, or has other hours."""
        if (self.slot_id, self.slot_begins_at) == (slot.pk, slot.starts_at):
            return None
        words = {"from": hour(slot.starts_at), "to": hour(slot.ends_at)}
        return Problem("slot", _("The slot is now between %(from)s and %(to)s: look at it once more.") % words)


def _told(before: Seen | None, now: Seen | None) -> Problem | None:
    if before and now:
        return change(before, now)
    if now:
        sentence = _("%(product)s: it was not there before, your basket now holds %(now)s.")
        return Problem("changed", sentence % {"product": now.title, "now": now.words})
    if before:
        sentence = _("%(product)s: it was %(before)s, it is no longer in your basket.")
        return Problem("changed", sentence % {"product": before.title, "before": before.words})
    return None


def _written_line(line: Seen) -> dict[str, str | int]:
    unit = {name: value for name, value in line.unit.unit_values().items() if value is not None}
    names = ("sheet_id", "title", "seller", "quantity", "price_cents")
    return {name: getattr(line, name) for name in names} | unit


def _read_line(said: Mapping[str, Any]) -> Seen:
    numbers = {name: _number(said[name]) for name in ("sheet_id", "quantity", "price_cents")}
    title, seller = (_text(said[name]) for name in ("title", "seller"))
    grams = {name: _number(said[name]) for name in SaleUnit.UNIT_FIELDS if name != "unit" and name in said}
    return Seen(title=title, seller=seller, unit=SeenLine(unit=Unit(said["unit"]), **grams), **numbers)


def _number(value: Any, most: int = MOST_NUMBER) -> int:
    if type(value) is not int or not 0 <= value <= most:
        raise ValueError
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > MOST_NAME:
        raise ValueError
    value.encode()  # half of a surrogate pair can't be written anywhere
    return value
