"""What Oscar keeps of orders, baskets and stock beside what we keep: every number that differs. Reads only.

Ours are the truth: no page and no verb reads Oscar's (tests/house/test_shop.py). Oscar's are written with them, so that
whoever looks at an order with Oscar's own means sees what is so. What is compared stands in docs/oscar.md.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import F, Q, Sum

from marche.common.money import to_euros
from marche.markets.models import MarketDay
from marche.shop.oscar import Basket, Order, OrderLine, ProductClass, StockRecord
from marche.shop.status import OrderStatus
from orders.models import DayBasket, OrderChange, Pickup

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterator, Sequence

CHUNK = 500  # orders asked for at once
NOTHING = "–"
Row = dict[str, Any]

# Of Oscar's order line, in euros: our cents in `detail`.
WITH_TAX = ("line_price_incl_tax", "line_price_before_discounts_incl_tax")
WITHOUT_TAX = ("line_price_excl_tax", "line_price_before_discounts_excl_tax")
# What would make of a stock record a stock, see docs/decisions/0004: all of it stays empty.
STOCK = ("num_in_stock", "num_allocated", "price")


@dataclass(frozen=True)
class OscarDifference:
    """`what` Oscar calls it, in its row `pk`: the value there, and what it should be by our rows. Nothing personal.

    `order` is the key of the order that it belongs to, `day` that of its market day; None where there is none.
    """

    what: str
    pk: int
    oscar: str
    ours: str
    order: int | None = None
    day: int | None = None

    def __str__(self) -> str:
        of_order = f" of order {self.order}" if self.order not in (None, self.pk) else ""
        return f"{self.what} {self.pk}{of_order}: {self.oscar} instead of {self.ours}"


def differences_since(since: dt.datetime) -> list[OscarDifference]:
    """What differs of all that belongs to market days ending after the aware time `since`, and of orders changed since.

    Seven queries, and three more for each chunk of orders.
    """
    days = list(MarketDay.objects.filter(ends_at__gte=since).values_list("pk", flat=True))
    orders = sorted(_orders(days, since))
    found = [*_without_pickup(since), *_baskets(days), *_stock(days)]
    for start in range(0, len(orders), CHUNK):
        chunk = orders[start : start + CHUNK]
        found += [*_of_orders(chunk), *_of_lines(chunk)]
    return found


def _orders(days: Collection[int], since: dt.datetime) -> set[int]:
    """Whatever was placed since is of a day that has not ended before."""
    of_days = Pickup.objects.filter(day__in=days).values_list("pk", flat=True)
    changed = OrderChange.objects.filter(at__gte=since).order_by().values_list("pickup", flat=True)
    return {*of_days, *changed}


def _of_orders(orders: Sequence[int]) -> Iterator[OscarDifference]:
    """Total, status, currency and basket of each order. One query."""
    rows = Order.objects.filter(pk__in=orders).order_by("pk").annotate(
        day=F("pickup__day"),
        cents=Sum("pickup__parts__total_cents", default=0),
        vat=Sum("pickup__parts__vat_cents", default=0),
    )  # fmt: skip
    ours = ("pickup__cancelled_at", "pickup__to_be_paid_by", "pickup__basket")
    theirs = ("pk", "total_incl_tax", "total_excl_tax", "status", "currency", "basket")
    for row in rows.values("day", "cents", "vat", *theirs, *ours):
        wanted = {
            "total_incl_tax": to_euros(row["cents"]),
            "total_excl_tax": to_euros(row["cents"] - row["vat"]),
            "status": _status_of(row).value,
            "currency": settings.OSCAR_DEFAULT_CURRENCY,
            "basket": row["pickup__basket"] or row["basket"],  # of ours it may be gone
        }
        yield from _compare("order", row, wanted, order=row["pk"])


def _status_of(row: Row) -> OrderStatus:
    if row["pickup__cancelled_at"]:
        return OrderStatus.CANCELLED
    return OrderStatus.PENDING if row["pickup__to_be_paid_by"] else OrderStatus.PLACED


def _of_lines(orders: Sequence[int]) -> Iterator[OscarDifference]:
    """Quantity, prices, rate and product of each line, and whether the lines come to what the parts do. Two queries."""
    ours = ("quantity", "amount_cents", "vat_cents", "vat_bp", "listing__sheet", "part__pickup")
    theirs = ("pk", "order", "quantity", "num_allocated", "tax_code", "product", *WITH_TAX, *WITHOUT_TAX)
    rows = OrderLine.objects.filter(order__in=orders).order_by("pk").annotate(day=F("order__pickup__day"))
    sums: defaultdict[int, int] = defaultdict(int)
    for row in rows.values("day", *theirs, *(f"detail__{name}" for name in ours)):
        if row["detail__part__pickup"] is None:
            yield OscarDifference("line", row["pk"], "a line", NOTHING, row["order"], row["day"])
            continue
        cents, vat = row["detail__amount_cents"], row["detail__vat_cents"]
        sums[row["order"]] += cents
        wanted = {
            "order": row["detail__part__pickup"],
            "product": row["detail__listing__sheet"],
            "quantity": row["detail__quantity"],
            "num_allocated": row["detail__quantity"],
            "tax_code": str(row["detail__vat_bp"]),
            **dict.fromkeys(WITH_TAX, to_euros(cents)),
            **dict.fromkeys(WITHOUT_TAX, to_euros(cents - vat)),
        }
        yield from _compare("line", row, wanted, order=row["order"])
    parts = Pickup.objects.filter(pk__in=orders).order_by("pk").annotate(cents=Sum("parts__total_cents", default=0))
    for pk, day, cents in parts.values_list("pk", "day", "cents"):
        if cents != sums[pk]:
            yield OscarDifference("lines", pk, f"{to_euros(sums[pk])}", f"{to_euros(cents)}", pk, day)


def _without_pickup(since: dt.datetime) -> Iterator[OscarDifference]:
    """Orders that Oscar has and we have not: somebody placed them with Oscar's own means. One query."""
    for pk in Order.objects.filter(date_placed__gte=since, pickup=None).order_by("pk").values_list("pk", flat=True):
        yield OscarDifference("order", pk, "an order", NOTHING)


def _baskets(days: Collection[int]) -> Iterator[OscarDifference]:
    """A basket is open until it is ordered. One query."""
    agreed = Q(open=True, basket__status=Basket.OPEN) | Q(open=False, basket__status=Basket.SUBMITTED)
    rows = DayBasket.objects.filter(day__in=days).exclude(agreed).order_by("pk")
    for pk, order, day, is_open, status in rows.values_list("pk", "pickup", "day", "open", "basket__status"):
        yield OscarDifference("basket status", pk, status, Basket.OPEN if is_open else Basket.SUBMITTED, order, day)


def _stock(days: Collection[int]) -> Iterator[OscarDifference]:
    """A listing is the only stock: no stock record counts anything or has a price, no kind of goods is tracked. Two."""
    records = StockRecord.objects.filter(product__sheet__listings__day__in=days).distinct().order_by("pk")
    for row in records.exclude(**dict.fromkeys(STOCK)).values("pk", *STOCK):
        yield from _compare("stock record", row, dict.fromkeys(STOCK))
    tracked = ProductClass.objects.filter(track_stock=True, products__sheet__isnull=False).distinct().order_by("pk")
    for pk in tracked.values_list("pk", flat=True):
        yield OscarDifference("product class track_stock", pk, "true", "false")


def _compare(table: str, row: Row, wanted: Row, *, order: int | None = None) -> Iterator[OscarDifference]:
    for name, value in wanted.items():
        if row[name] != value:
            there, here = (NOTHING if one in (None, "") else str(one) for one in (row[name], value))
            yield OscarDifference(f"{table} {name}", row["pk"], there, here, order, row.get("day"))
