"""The market that is measured: the demo's, with a day of 120 goods, a larger one, and a year behind it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from django.contrib.auth.models import User
from django.db.models import F
from django.utils import timezone

from dev.bench.history import write_history
from dev.demo.catalogue import SHEET_FIELDS, read_catalogue
from dev.demo.load import LEAST_TIME_TO_ORDER, load
from dev.demo.logins import MANAGER_EMAIL, PRODUCER_EMAIL
from marche.markets.models import Market, MarketDay, Slot, Stall
from marche.shop.oscar import Partner
from producers.actions.save_offer import MAX_QUANTITY
from producers.actions.save_sheet import save_sheet
from producers.kinds import GoodsKind
from producers.models import Listing, Producer, ProductSheet

SMALL = 120  # goods on sale
ENOUGH = 1_000_000  # places and orders: nobody is refused


@dataclass(frozen=True)
class Town:
    """`small` and `large` take orders now; `past` is the last of the days behind them."""

    market: Market
    small: MarketDay
    large: MarketDay
    goods: int  # on sale on the large day
    past: MarketDay
    past_orders: int
    producer: Producer  # of stall 1, with a member who signs in
    manager: User
    member: User


def build_town(seed: str, *, goods: int, days: int, orders_a_day: int) -> Town:
    """A small day and one of `goods`, and `days` past market days with `orders_a_day` orders each."""
    now, dice = timezone.now(), Random(seed)
    load(now)
    small, large = MarketDay.objects.filter(closes_at__gt=now + LEAST_TIME_TO_ORDER).order_by("starts_at")[:2]
    _close_days_before(small, now)
    Listing.objects.all().delete()
    own = list(ProductSheet.objects.with_related().filter(archived=False))
    sheets = [*own, *_more_sheets(own, small.market, goods - len(own))][:goods]
    prices = {product.title: product.price_cents for demo in read_catalogue() for product in demo.products}
    _offer(small, dice.sample(own, SMALL), prices)
    _offer(large, sheets, prices)
    past = write_history(large, dice, days=days, orders_a_day=orders_a_day)
    for day in (small, large):
        day.refresh_from_db()
    member = User.objects.get(email=PRODUCER_EMAIL)
    producer = Producer.objects.acted_for_by(member).get()
    manager = User.objects.get(email=MANAGER_EMAIL)
    return Town(small.market, small, large, goods, past, days * orders_a_day, producer, manager, member)


def goods_of(day: MarketDay) -> list[dict[str, Any]]:
    """What is on sale that day, as dev.bench.oscar.load reads it."""
    listings = Listing.objects.filter(day=day).select_related("sheet__product__product_class", "producer__partner")
    return [
        {
            "title": listing.sheet.title,
            "description": listing.sheet.description,
            "kind": str(listing.sheet.product.product_class.slug),
            "producer": listing.producer.name,
            "price_cents": listing.price_cents,
        }
        for listing in listings.order_by("pk")
    ]


def _close_days_before(day: MarketDay, now: dt.datetime) -> None:
    """The home page leads to the first day that is open: it must be this one."""
    before = MarketDay.objects.filter(date__lt=day.date, opens_at__lt=now, closes_at__gt=now)
    before.update(closes_at=now, closed_at=now)


def _more_sheets(own: Sequence[ProductSheet], market: Market, count: int) -> Iterator[ProductSheet]:
    """Copies of all producers with all their goods, again and again: more stalls rather than larger ones."""
    by_producer: dict[int, list[ProductSheet]] = {}
    for sheet in own:
        by_producer.setdefault(sheet.producer_id, []).append(sheet)
    stall = Stall.objects.filter(market=market).latest("number").number
    edition = 1
    while count > 0:
        edition += 1
        for sheets in by_producer.values():
            stall += 1
            producer = _copy(sheets[0].producer, edition, market, stall)
            for sheet in sheets[:count]:
                values = {name: getattr(sheet, name) for name in SHEET_FIELDS}
                yield save_sheet(
                    None,
                    producer=producer,
                    title=sheet.title,
                    kind=GoodsKind(sheet.product.product_class.slug),
                    **values,
                )
            count -= len(sheets[:count])


def _copy(producer: Producer, edition: int, market: Market, stall: int) -> Producer:
    values = {
        field.name: getattr(producer, field.name)
        for field in Producer._meta.fields
        if field.name not in ("id", "partner", "slug", "sort_key")
    }
    partner = Partner.objects.create(name=f"{producer.name} {edition}")
    Stall.objects.create(market=market, partner=partner, number=stall)
    return Producer.objects.create(partner=partner, slug=f"{producer.slug}-{edition}", **values)


def _offer(day: MarketDay, sheets: Sequence[ProductSheet], prices: dict[str, int]) -> None:
    """On sale from now on, as much of everything as the site takes, and room for whoever comes."""
    Listing.objects.bulk_create(
        Listing(
            day=day,
            producer=sheet.producer,
            sheet=sheet,
            price_cents=prices[sheet.title],
            quantity=MAX_QUANTITY,
            **sheet.unit_values(),
        )
        for sheet in sheets
    )
    Slot.objects.filter(day=day).update(capacity=ENOUGH)
    MarketDay.objects.filter(pk=day.pk).update(
        opens_at=timezone.now() - dt.timedelta(minutes=1),
        order_cap=ENOUGH,
        catalogue_version=F("catalogue_version") + 1,
    )
