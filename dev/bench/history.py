"""A year of market days with their orders: one day written through the models, then copied by the database itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from django.db import connection, models
from django.utils import timezone

from dev.rehearsal.people import resident
from marche.common.money import to_euros
from marche.markets.models import MarketDay, Slot
from marche.shop.oscar import Order, OrderLine
from orders.models import LineDetail, Pickup, ProducerOrder, Shortage, new_ticket_code
from orders.presenters.basket import Group, Item, group_by_producer
from producers.models import Listing

LINES = 6  # products in an order
WEEK = dt.timedelta(days=7)
STRIDE = 10_000_000  # between the primary keys of a row and those of its copies: more than any table has rows
COPIED: tuple[type[models.Model], ...] = (
    MarketDay, Slot, Listing, Order, OrderLine, Pickup, ProducerOrder, LineDetail,
)  # fmt: skip
UNIQUE = {(Order, "number"), (Pickup, "code")}  # texts that must differ from copy to copy


def write_history(like: MarketDay, dice: Random, *, days: int, orders_a_day: int) -> MarketDay:
    """Past days of the market of `like`, with its goods and slots, one a week; returns the latest of them."""
    last = _past_day(like)
    listings = list(Listing.objects.filter(day=last).with_related().with_vat().with_stall_number())
    slots = list(last.slots.all())
    for first in range(0, orders_a_day, 500):
        numbers = range(first + 1, min(first + 500, orders_a_day) + 1)
        _write_orders(last, slots, [(number, dice.sample(listings, LINES)) for number in numbers])
    MarketDay.objects.filter(pk=last.pk).update(orders_count=orders_a_day, last_number=orders_a_day)
    with connection.cursor() as cursor:
        for model in COPIED:
            cursor.execute(_copy_statement(model), {"copies": days - 1, "day": last.pk})
        cursor.execute("ANALYZE")
    last.refresh_from_db()
    return last


def _past_day(like: MarketDay) -> MarketDay:
    """The day a week before the first day there is, long closed, with the slots and goods of `like`."""
    weeks = (like.date - MarketDay.objects.earliest("date").date) + WEEK
    times = {name: getattr(like, name) - weeks for name in ("closes_at", "starts_at", "ends_at")}
    past = MarketDay.objects.create(
        market=like.market,
        date=like.date - weeks,
        opens_at=times["closes_at"] - dt.timedelta(days=3),
        order_cap=like.order_cap,
        closed_at=times["closes_at"],
        **times,
    )
    Slot.objects.bulk_create(
        Slot(day=past, starts_at=slot.starts_at - weeks, ends_at=slot.ends_at - weeks, capacity=slot.capacity)
        for slot in like.slots.all()
    )
    listings = list(Listing.objects.filter(day=like))
    for listing in listings:
        listing.pk, listing.day, listing._state.adding = None, past, True
    Listing.objects.bulk_create(listings)
    return past


def _write_orders(day: MarketDay, slots: Sequence[Slot], wanted: Sequence[tuple[int, Sequence[Listing]]]) -> None:
    """Each order with a pickup, a part for each producer and a line for each listing."""
    groups = [group_by_producer([Item(one, 1 + number % 3) for one in chosen]) for number, chosen in wanted]
    orders = Order.objects.bulk_create(
        _order(day, number, its) for (number, _chosen), its in zip(wanted, groups, strict=True)
    )
    pickups = Pickup.objects.bulk_create(
        _pickup(order, day, slots[number % len(slots)], number, its)
        for (number, _chosen), order, its in zip(wanted, orders, groups, strict=True)
    )
    parts = ProducerOrder.objects.bulk_create(
        ProducerOrder(pickup=pickup, producer=group.producer, day=day, **_sums(group))
        for pickup, its in zip(pickups, groups, strict=True)
        for group in its
    )
    items = [(part, item) for part, group in zip(parts, _flat(groups), strict=True) for item in group.items]
    lines = OrderLine.objects.bulk_create(_line(part, item) for part, item in items)
    LineDetail.objects.bulk_create(_detail(line, *pair) for line, pair in zip(lines, items, strict=True))


def _flat(groups: Sequence[Sequence[Group]]) -> Iterator[Group]:
    return (group for its in groups for group in its)


def _sums(group: Group) -> dict[str, int]:
    return {"total_cents": group.amount_cents, "max_cents": group.max_cents, "vat_cents": group.vat_cents}


def _order(day: MarketDay, number: int, groups: Sequence[Group]) -> Any:
    total, vat = sum(group.amount_cents for group in groups), sum(group.vat_cents for group in groups)
    return Order(
        number=f"H{number:07d}",
        site_id=1,
        total_incl_tax=to_euros(total),
        total_excl_tax=to_euros(total - vat),
        status="placed",
        date_placed=day.opens_at,
    )


def _pickup(order: Any, day: MarketDay, slot: Slot, number: int, groups: Sequence[Group]) -> Pickup:
    person = resident(number, "history")
    return Pickup(
        order=order,
        day=day,
        slot=slot,
        number=number,
        code=new_ticket_code()[:9],  # the copies end in another number each
        name=person.name,
        email=f"resident.{number}@example.org",
        shortage=Shortage.REPLACE,
        terms_version="2026-11",
        total_cents=sum(group.amount_cents for group in groups),
        max_cents=sum(group.max_cents for group in groups),
        placed_at=timezone.now(),
    )


def _line(part: ProducerOrder, item: Item) -> Any:
    amount = to_euros(item.amount_cents)
    return OrderLine(
        order_id=part.pickup_id,
        partner_id=part.producer.partner_id,
        partner_name=part.producer.name,
        partner_sku=f"P{item.listing.sheet_id}",
        product_id=item.listing.sheet_id,
        title=item.listing.sheet.title,
        quantity=item.quantity,
        line_price_incl_tax=amount,
        line_price_excl_tax=to_euros(item.amount_cents - item.vat_cents),
        line_price_before_discounts_incl_tax=amount,
        line_price_before_discounts_excl_tax=to_euros(item.amount_cents - item.vat_cents),
        num_allocated=item.quantity,
    )


def _detail(line: Any, part: ProducerOrder, item: Item) -> LineDetail:
    return LineDetail(
        line=line,
        part=part,
        listing=item.listing,
        title=line.title,
        quantity=item.quantity,
        price_cents=item.listing.price_cents,
        amount_cents=item.amount_cents,
        max_cents=item.max_cents,
        vat_bp=item.vat_bp,
        vat_cents=item.vat_cents,
        **item.listing.unit_values(),
    )


def _copy_statement(model: type[models.Model]) -> str:
    """Copy what belongs to the day in which the history begins, `copies` times, a week earlier each time."""
    columns = [_quoted(field) for field in model._meta.concrete_fields]
    values = [_copied_value(model, field) for field in model._meta.concrete_fields]
    return (
        f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) "  # noqa: S608  (names of our own tables)
        f"SELECT {', '.join(values)} FROM {model._meta.db_table} AS it, generate_series(1, %(copies)s) AS n "
        f"WHERE {_OF_THE_DAY[model]}"
    )


def _copied_value(model: type[models.Model], field: models.Field[Any, Any]) -> str:
    column = f"it.{_quoted(field)}"
    if (field.primary_key and not field.remote_field) or (field.remote_field and field.related_model in COPIED):
        return f"{column} + n * {STRIDE}"
    if (model, field.name) in UNIQUE:
        return f"{column} || lpad(n::text, 3, '0')"
    if isinstance(field, models.DateTimeField):
        return f"{column} - n * interval '7 days'"
    return f"{column} - n * 7" if isinstance(field, models.DateField) else column


def _quoted(field: models.Field[Any, Any]) -> str:
    return f'"{field.column}"'


_ORDERS = "(SELECT order_id FROM orders_pickup WHERE day_id = %(day)s)"
_OF_THE_DAY: dict[type[models.Model], str] = {
    MarketDay: "it.id = %(day)s",
    Slot: "it.day_id = %(day)s",
    Listing: "it.day_id = %(day)s",
    Order: f"it.id IN {_ORDERS}",
    OrderLine: f"it.order_id IN {_ORDERS}",
    Pickup: "it.day_id = %(day)s",
    ProducerOrder: "it.day_id = %(day)s",
    LineDetail: "it.part_id IN (SELECT id FROM orders_producerorder WHERE day_id = %(day)s)",
}
