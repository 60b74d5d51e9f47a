"""What each producer must bring to a market day, and what differs between two tellings of it.

`Summary.data` is one JSON object; amounts are integer cents with tax, weights grams, times ISO 8601 in UTC:

    market    {name, place, street, postcode, town}
    day       {date, starts_at, ends_at}
    producer  {name, address, siret, stall (null without one)}
    revision, made_at, reason ("" in the first)
    orders    how many residents come
    totals    [{listing, title, quantity, grams (null unless priced by weight), words, amount_cents, max_cents}]
    slots     [{starts_at, ends_at, orders: [{number, first_name, code, shortage, note, phone,
                online, total_cents, max_cents,
                lines: [{listing, title, quantity, grams (as in the totals), words, amount_cents, max_cents}]}]}]
    vat       [{rate_bp, amount_cents, vat_cents}] of what was ordered with VAT
    franchise_cents   what was ordered while the producer was under franchise (missing in what was made before, where
                      producer.vat_franchise says it of the whole)
    total_cents, max_cents

Amounts, quantities and weights are those of owed.py, as far as one knows; what was taken off or missing is not in it.
`words` is the quantity as one says it: "1,5 kg" on a line, "12 × 500 g = 6 kg" in the totals. `phone` is there only
for who asked to be called; `online` says that it is paid by card on the site (missing in what was made before cards).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from marche.common.names import shown_name
from marche.common.telephone import phone
from marche.common.text import fold
from marche.common.wording import NBSP, weight
from marche.markets.models import MarketDay, Stall
from orders import owed
from orders.models import LineDetail, Pickup, Shortage
from orders.presenters.paying import by_card_words
from producers.models import Producer
from producers.units import SaleUnit, Unit
from producers.wording import quantity_words

SummaryRow = dict[str, Any]
Data = dict[str, Any]

ORDER_FIELDS = {
    "pickup": "part__pickup_id",
    "number": "part__pickup__number",
    "name": "part__pickup__name",
    "code": "part__pickup__code",
    "shortage": "part__pickup__shortage",
    "note": "part__pickup__note",
    "phone": "part__pickup__phone",
    "online": "part__online",
    "vat_franchise": "part__vat_franchise",
    "slot_start": "part__pickup__slot__starts_at",
    "slot_end": "part__pickup__slot__ends_at",
}
LINE_FIELDS = ("title", "vat_bp", *LineDetail.UNIT_FIELDS)
OWED_FIELDS = {
    "quantity": "given", "grams": "weight", "amount_cents": "due", "max_cents": "most", "vat_cents": "vat"
}  # fmt: skip


def live_lines(day: MarketDay, producer_ids: Iterable[int] | None = None) -> dict[int, list[SummaryRow]]:
    """The lines of a day that are not cancelled and not off, by producer, in packing order. One query for the day."""
    lines = LineDetail.objects.filter(part__day=day, part__cancelled_at=None, part__pickup__cancelled_at=None)
    lines = lines.exclude(owed.OFF).annotate(
        given=owed.UNITS, weight=owed.GRAMS, due=owed.DUE, most=owed.MOST, vat=owed.VAT
    )
    if producer_ids is not None:
        lines = lines.filter(part__producer__in=list(producer_ids))
    renamed = OWED_FIELDS | ORDER_FIELDS
    names = ["part__producer_id", "listing_id", *LINE_FIELDS, *renamed.values()]
    found: defaultdict[int, list[SummaryRow]] = defaultdict(list)
    units: dict[int, SaleUnit] = {}
    for row in lines.order_by("part__pickup__slot__starts_at", "part__pickup__number", "title", "pk").values(*names):
        row.update((short, row[long]) for short, long in renamed.items())
        listing = row["listing_id"]
        if listing not in units:  # the same for all its lines: it can't change once something is ordered
            units[listing] = LineDetail(**{name: row[name] for name in LineDetail.UNIT_FIELDS})
        row["sale_unit"] = units[listing]
        found[row["part__producer_id"]].append(row)
    return dict(found)


def producers_with_stalls(day: MarketDay, ids: Iterable[int]) -> list[tuple[Producer, int | None]]:
    """These producers with their stall's number at this market, in alphabetical order. Two queries."""
    stalls = Stall.objects.numbers(day.market_id)
    producers = Producer.objects.filter(pk__in=list(ids)).select_related("partner")
    return [(producer, stalls.get(producer.partner_id)) for producer in producers]


def compute(
    day: MarketDay, producer: Producer, stall: int | None, rows: list[SummaryRow], *, revision: int, reason: str = ""
) -> Data:
    """The summary of one producer, from its lines in packing order. Asks nothing of the database."""
    slots = [
        {"starts_at": start.isoformat(), "ends_at": end.isoformat(), "orders": _orders(list(part))}
        for (start, end), part in groupby(rows, key=itemgetter("slot_start", "slot_end"))
    ]
    return {
        **_heading(day, producer, stall),
        "revision": revision,
        "made_at": timezone.now().isoformat(),
        "reason": reason,
        "orders": sum(len(slot["orders"]) for slot in slots),
        "totals": _totals(rows),
        "slots": slots,
        "vat": _vat([row for row in rows if not row["vat_franchise"]]),
        "franchise_cents": sum(row["amount_cents"] for row in rows if row["vat_franchise"]),
        **_amounts(rows),
    }


def changes_between(before: Data, after: Data) -> list[SummaryRow]:
    """What differs: first who comes, then per order and product, then the totals this gives; also what is no longer
    paid by card.

    [{what: "who", "line" or "total", number and first_name (but of a total), title, before, after (units),
    before_words, after_words}]; `before` is 0 for what was added, `after` for what was removed.
    """
    changes = _other_people(before, after)
    changes += _differences("line", _lines_by_key(before), _lines_by_key(after))
    totals = [{total["listing"]: total for total in data["totals"]} for data in (before, after)]
    return changes + _differences("total", *totals)


def total_words(sale_unit: SaleUnit, quantity: int) -> str:
    """What to prepare of a product: as on a line, and how it adds up by weight: "12 × 500 g = 6 kg"."""
    if sale_unit.unit != Unit.WEIGHT:
        return quantity_words(sale_unit, quantity)
    return f"{quantity}{NBSP}×{NBSP}{weight(sale_unit.step_grams or 0)} = {quantity_words(sale_unit, quantity)}"


def _heading(day: MarketDay, producer: Producer, stall: int | None) -> Data:
    market = day.market
    return {
        "market": {name: getattr(market, name) for name in ("name", "place", "street", "postcode", "town")},
        "day": {
            "date": day.date.isoformat(),
            "starts_at": day.starts_at.isoformat(),
            "ends_at": day.ends_at.isoformat(),
        },
        "producer": {
            "name": producer.name,
            "address": producer.address,
            "siret": producer.siret,
            "stall": stall,
        },
    }


def _orders(rows: list[SummaryRow]) -> list[SummaryRow]:
    return [_order(list(lines)) for _pickup, lines in groupby(rows, key=itemgetter("pickup"))]


def _order(rows: list[SummaryRow]) -> SummaryRow:
    first = rows[0]
    who = Pickup(name=first["name"], code=first["code"])
    return {
        "number": first["number"],
        "first_name": who.first_name,
        "code": who.short_code,
        "shortage": first["shortage"],
        "note": first["note"],
        "phone": phone(first["phone"]) if first["shortage"] == Shortage.CALL else "",
        "online": first["online"],
        "lines": [_line(row) for row in rows],
        **_amounts(rows),
    }


def _line(row: SummaryRow) -> SummaryRow:
    return {
        "listing": row["listing_id"],
        "title": row["title"],
        "quantity": row["quantity"],
        "grams": row["grams"],
        "words": quantity_words(row["sale_unit"], row["quantity"]),
        "amount_cents": row["amount_cents"],
        "max_cents": row["max_cents"],
    }


def _totals(rows: list[SummaryRow]) -> list[SummaryRow]:
    """Per product, in alphabetical order."""
    by_listing: defaultdict[int, list[SummaryRow]] = defaultdict(list)
    for row in rows:
        by_listing[row["listing_id"]].append(row)
    return sorted((_total(lines) for lines in by_listing.values()), key=lambda t: (fold(t["title"]), t["listing"]))


def _total(rows: list[SummaryRow]) -> SummaryRow:
    quantity, sale_unit = sum(row["quantity"] for row in rows), rows[0]["sale_unit"]
    return {
        **_line(rows[0]),
        "quantity": quantity,
        "grams": sum(row["grams"] for row in rows) if sale_unit.is_priced_by_weight else None,
        "words": total_words(sale_unit, quantity),
        "amount_cents": sum(row["amount_cents"] for row in rows),
        "max_cents": sum(row["max_cents"] for row in rows),
    }


def _vat(rows: list[SummaryRow]) -> list[SummaryRow]:
    """Per rate, the sum of what each line holds: rounded once, on the line."""
    rates: dict[int, SummaryRow] = {}
    for row in rows:
        rate = rates.setdefault(row["vat_bp"], {"rate_bp": row["vat_bp"], "amount_cents": 0, "vat_cents": 0})
        rate["amount_cents"] += row["amount_cents"]
        rate["vat_cents"] += row["vat_cents"]
    return [rates[rate] for rate in sorted(rates)]


def _amounts(rows: list[SummaryRow]) -> SummaryRow:
    return {
        "total_cents": sum(row["amount_cents"] for row in rows),
        "max_cents": sum(row["max_cents"] for row in rows),
    }


def _other_people(before: Data, after: Data) -> list[SummaryRow]:
    """Orders of which the first name, or the number to call, was corrected."""
    was, becomes = (
        {order["number"]: order for slot in data["slots"] for order in slot["orders"]} for data in (before, after)
    )
    pairs = [(was[number], becomes[number]) for number in sorted(was.keys() & becomes.keys())]
    return [
        {name: new[name] for name in ("number", "first_name")}
        | {"what": "who", "title": "", "before": 1, "after": 1}
        | {"before_words": _who_words(old), "after_words": _who_words(new)}
        for old, new in pairs
        if _who_words(old) != _who_words(new)
    ]


def _who_words(order: SummaryRow) -> str:
    """ "Odette, 03 53 01 01 02": whom one calls out, and calls if asked to."""
    return ", ".join(part for part in (shown_name(order["first_name"]), order["phone"]) if part)


def _lines_by_key(data: Data) -> dict[tuple[int, int], SummaryRow]:
    return {
        (order["number"], line["listing"]): {
            **line,
            "number": order["number"],
            "first_name": order["first_name"],
            "online": order.get("online", False),
        }
        for slot in data["slots"]
        for order in slot["orders"]
        for line in order["lines"]
    }


def _differences(what: str, before: dict[Any, SummaryRow], after: dict[Any, SummaryRow]) -> list[SummaryRow]:
    differences = []
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        row: SummaryRow = new or old or {}
        if (old or {}).get("quantity") == (new or {}).get("quantity"):
            if not (old and new and old.get("online") and not new.get("online")):
                continue
            old, new = {**old, "words": by_card_words()}, {**new, "words": _("to pay at the stall")}
        differences.append(
            {name: row[name] for name in ("number", "first_name", "title") if name in row}
            | {"what": what, "before": (old or {}).get("quantity", 0), "after": (new or {}).get("quantity", 0)}
            | {"before_words": (old or {}).get("words", ""), "after_words": (new or {}).get("words", "")}
        )
    return differences
