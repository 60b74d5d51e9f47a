"""Load the demo market: market, days, producers, product sheets, offers and people, in a few seconds."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.db.models import F
from django.utils import timezone

from dev.demo.catalogue import DATA, DemoProducer, DemoProduct, Person, read_catalogue
from dev.demo.logins import ADMINISTRATOR_EMAIL, MANAGER_EMAIL, PASSWORD
from marche.markets.actions.generate_days import generate_days
from marche.markets.models import Market, MarketDay, Stall
from marche.payments.tills import till_named
from marche.shop.oscar import Partner
from producers.actions.save_offer import OfferRow, save_offer
from producers.actions.save_sheet import save_sheet
from producers.models import Listing, Producer, ProductSheet

if TYPE_CHECKING:
    from collections.abc import Iterable


MARKET = Path(__file__).parent / "market.toml"
MANAGER = Person("Claire", "Moreau", MANAGER_EMAIL)
ADMINISTRATOR = Person("Alex", "Renard", ADMINISTRATOR_EMAIL)
LEAST_TIME_TO_ORDER = dt.timedelta(hours=1)


def load(now: dt.datetime | None = None, folder: Path = DATA, market_file: Path = MARKET) -> Market:
    """Make what is missing of the demo, as of the aware time `now`, and return the market.

    The market comes from `market_file`, its producers from the files of `folder`.

    Safe to run again, on the same data or weeks later. The market, the producers and their sheets follow the files;
    days, listings and passwords, once made, belong to whoever uses the demo and stay as they are.

    Someone who starts the demo on a Friday must be able to order too. When no day is open for another hour, the orders
    of the next day that is not open yet are opened now instead of on its Monday; its cutoff stays.

    The verbs called here look at the clock themselves: give `now` only where the clock agrees with it.
    Raises DemoDataError when the files are wrong, before anything is written.
    """
    now = now or timezone.now()
    catalogue = read_catalogue(folder)
    market = _save_market(market_file)
    users = _save_users([MANAGER, ADMINISTRATOR, *(demo.member for demo in catalogue)])
    market.managers.add(users[MANAGER.email])
    User.objects.filter(pk=users[ADMINISTRATOR.email].pk).update(is_staff=True, is_superuser=True)
    producers = [_save_producer(market, demo, users[demo.member.email]) for demo in catalogue]
    sheets = [_save_sheets(producer, demo) for producer, demo in zip(producers, catalogue, strict=True)]
    generate_days(market.pk, today=now.astimezone(market.zone).date())
    _open_a_day(market, now)
    for day in MarketDay.objects.filter(market=market, closes_at__gt=now, cancelled_at=None):
        for producer, demo, its_sheets in zip(producers, catalogue, sheets, strict=True):
            if not demo.is_absent(day.date):
                _offer(producer, day, demo.products, its_sheets)
    return market


def _save_market(file: Path) -> Market:
    """It takes cards where the settings hold keys under the name of its till; elsewhere it has none."""
    values = tomllib.loads(file.read_text(encoding="utf-8"))
    values["till"] = values["till"] if till_named(values["till"]) else ""
    market, _made = Market.objects.update_or_create(slug=values["slug"], defaults=values)
    market.refresh_from_db()
    return market


def _save_users(people: Iterable[Person]) -> dict[str, User]:
    """The users of these people, by e-mail address; those who exist keep their password."""
    by_email = {person.email: person for person in people}
    known = set(User.objects.filter(username__in=by_email).values_list("username", flat=True))
    missing = [person for email, person in by_email.items() if email not in known]
    if missing:
        # Hashing is slow on purpose: once for all of them, since they share one published password.
        password = make_password(PASSWORD)
        User.objects.bulk_create(_user(person, password) for person in missing)
    return {user.username: user for user in User.objects.filter(username__in=by_email)}


def _user(person: Person, password: str) -> User:
    return User(
        username=person.email,
        email=person.email,
        first_name=person.first_name,
        last_name=person.last_name,
        password=password,
    )


def _save_producer(market: Market, demo: DemoProducer, member: User) -> Producer:
    partner, _made = Partner.objects.update_or_create(code=demo.slug, defaults={"name": demo.name})
    partner.users.add(member)
    producer, _made = Producer.objects.update_or_create(slug=demo.slug, defaults={**demo.fields, "partner": partner})
    Stall.objects.get_or_create(market=market, partner=partner, defaults={"number": demo.stall})
    return producer


def _save_sheets(producer: Producer, demo: DemoProducer) -> dict[str, ProductSheet]:
    """The sheets of this producer, by title; only what differs from the file is written."""
    sheets = {sheet.title: sheet for sheet in ProductSheet.objects.of(producer).with_related()}
    for product in demo.products:
        sheet = sheets.get(product.title)
        if sheet is None or _differs(sheet, product):
            key = sheet.pk if sheet else None
            saved = save_sheet(key, producer=producer, title=product.title, kind=product.kind, **product.fields)
            sheets[product.title] = saved
    return sheets


def _differs(sheet: ProductSheet, product: DemoProduct) -> bool:
    values: dict[str, Any] = {name: getattr(sheet, name) for name in product.fields}
    return sheet.kind is not product.kind or values != product.fields


def _open_a_day(market: Market, now: dt.datetime) -> None:
    days = MarketDay.objects.filter(market=market).taking_place()
    if days.open(now).filter(closes_at__gt=now + LEAST_TIME_TO_ORDER).exists():
        return
    if day := days.filter(opens_at__gt=now).order_by("opens_at").first():
        MarketDay.objects.filter(pk=day.pk).update(opens_at=now, catalogue_version=F("catalogue_version") + 1)


def _offer(
    producer: Producer, day: MarketDay, products: Iterable[DemoProduct], sheets: dict[str, ProductSheet]
) -> None:
    """Put the goods of the season on sale, at the usual price and quantity; what is listed already stays."""
    listed = set(Listing.objects.filter(day=day, producer=producer).values_list("sheet_id", flat=True))
    in_season = [(product, sheets[product.title]) for product in products if product.in_season(day.date.month)]
    rows = [
        OfferRow(sheet.pk, on=True, price_cents=product.price_cents, quantity=product.quantity)
        for product, sheet in in_season
        if sheet.pk not in listed and not sheet.archived
    ]
    if rows:
        save_offer(day.pk, producer=producer, rows=rows)
