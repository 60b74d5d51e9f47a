"""The cast: invented people, farms and goods that every test can name. Each call changes one thing at most."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User

from marche.markets.actions.generate_days import generate_days
from marche.markets.models import Market, MarketDay, Stall, Weekday
from marche.shop.oscar import Basket, Partner
from orders.actions.place_order import place_order
from orders.actions.set_quantity import write_lines
from orders.models import DayBasket, Pickup, ProducerOrder
from orders.presenters.basket import Item, contents_of
from orders.presenters.seen import Shown
from producers.actions.save_sheet import save_sheet
from producers.kinds import Drawing, GoodsKind
from producers.models import Listing, Producer, ProductSheet
from producers.units import Unit

PARIS = ZoneInfo("Europe/Paris")
OPEN_TIME = dt.datetime(2026, 11, 24, 10, 0, tzinfo=PARIS)  # the Tuesday: orders for Saturday the 28th are open
SATURDAY = dt.date(2026, 11, 28)
CUTOFF = dt.datetime(2026, 11, 26, 12, 0, tzinfo=PARIS)
AFTER_CUTOFF = CUTOFF + dt.timedelta(minutes=5)
SEVEN = dt.datetime(2026, 11, 28, 7, 0, tzinfo=PARIS)  # on the market day, an hour before it begins
NINE = dt.datetime(2026, 11, 28, 9, 0, tzinfo=PARIS)  # while the market is on
NOON = dt.datetime(2026, 11, 28, 12, 0, tzinfo=PARIS)  # the market ends: cards are charged
SUNDAY = dt.datetime(2026, 11, 29, 9, 0, tzinfo=PARIS)


def beauvais(**changes: Any) -> Market:
    """Saturdays 8 to 12, slots of 30 minutes for 15 people, ordered from Monday 9:00 to Thursday 12:00, cap 350.

    One week is made ahead: four times as many days would be a third of what most tests wait for.
    """
    values: dict[str, Any] = {
        "name": "Marché de Beauvais",
        "slug": "beauvais",
        "place": "place des Halles",
        "postcode": "60000",
        "town": "Beauvais",
        "insee_code": "60057",
        "weekday": Weekday.SATURDAY,
        "starts": dt.time(8),
        "ends": dt.time(12),
        "opens_weekday": Weekday.MONDAY,
        "opens_time": dt.time(9),
        "closes_weekday": Weekday.THURSDAY,
        "closes_time": dt.time(12),
        "weeks_ahead": 1,
        "desk_phone": "+33353010203",
    }
    return Market.objects.create(**values | changes)


def saturday(market: Market, date: dt.date = SATURDAY, **changes: Any) -> MarketDay:
    """The market day of `date`, with its slots; the weeks that follow only where a market says `weeks_ahead`."""
    generate_days(market.pk, today=date)
    day = MarketDay.objects.get(market=market, date=date)
    for name, value in changes.items():
        setattr(day, name, value)
    if changes:
        day.save(update_fields=list(changes))
    return day


def next_saturday(day: MarketDay) -> MarketDay:
    """The market day a week later, with its slots."""
    return saturday(day.market, day.date + dt.timedelta(weeks=1))


def member(email: str, **changes: Any) -> User:
    """A person who can sign in with the password "a long password"."""
    return User.objects.create_user(email, email, "a long password", **changes)


def producer(name: str, slug: str, number: int, market: Market | None = None, **changes: Any) -> Producer:
    partner = Partner.objects.create(name=name)
    values: dict[str, Any] = {"siret": "73282932000074", "postcode": "60000", "town": "Beauvais"}
    values |= {"email": f"{slug}@example.org", "street": "1 rue du Ru"} | changes
    made = Producer.objects.create(partner=partner, slug=slug, **values)
    if market:
        Stall.objects.create(market=market, partner=partner, number=number)
    partner.users.add(member(f"{slug}-member@example.org"))
    return made


def ferme_du_ru(market: Market | None = None, **changes: Any) -> Producer:
    """A market gardener, stall 1."""
    return producer("La Ferme du Ru", "ferme-du-ru", 1, market, **changes)


def le_rucher(market: Market | None = None, **changes: Any) -> Producer:
    """A beekeeper without VAT (franchise en base), stall 2."""
    return producer("Le Rucher d’Hodenc", "le-rucher", 2, market, **{"vat_franchise": True} | changes)


def carrots(seller: Producer, **changes: Any) -> ProductSheet:
    """By steps of 500 g."""
    values: dict[str, Any] = {
        "title": "Carottes",
        "kind": GoodsKind.FRUIT_VEGETABLES,
        "unit": Unit.WEIGHT,
        "step_grams": 500,
        "origin": "Oise, France",
        "species": "other",
        "no_allergens": True,
        "drawing": Drawing.ROOTS,
    }
    return save_sheet(None, producer=seller, **values | changes)


def honey(seller: Producer, **changes: Any) -> ProductSheet:
    """A jar of 500 g."""
    values: dict[str, Any] = {
        "title": "Miel d’acacia",
        "kind": GoodsKind.HONEY,
        "unit": Unit.PACK,
        "net_grams": 500,
        "honey_countries": "France",
        "no_allergens": True,
        "drawing": Drawing.HONEY,
    }
    return save_sheet(None, producer=seller, **values | changes)


def chicken(seller: Producer, **changes: Any) -> ProductSheet:
    """Weighed: about 1.6 kg, 1.4 to 1.8."""
    values: dict[str, Any] = {
        "title": "Poulet fermier",
        "kind": GoodsKind.POULTRY,
        "unit": Unit.WEIGHED,
        "min_grams": 1400,
        "expected_grams": 1600,
        "max_grams": 1800,
        "raised_in": "France",
        "slaughtered_in": "France",
        "no_allergens": True,
        "drawing": Drawing.POULTRY,
    }
    return save_sheet(None, producer=seller, **values | changes)


def listing(sheet: ProductSheet, day: MarketDay, price_cents: int = 220, quantity: int = 10, **changes: Any) -> Listing:
    """An offer on sale on the day."""
    values: dict[str, Any] = {"producer": sheet.producer, "price_cents": price_cents, "quantity": quantity}
    return Listing.objects.create(day=day, sheet=sheet, **sheet.unit_values(), **values | changes)


LEA = {"name": "Léa Dumont", "email": "lea@example.org", "phone": "", "shortage": "replace", "note": ""}
ODETTE = {
    "name": "Odette Caron",
    "email": "",
    "phone": "+33353010102",
    "shortage": "call",
    "note": "Au rez-de-chaussée",
}


def basket_of(items: dict[Listing, int], **changes: Any) -> DayBasket:
    """A basket ready to be ordered: Léa's, in the first slot of the day. Quantities are put in unchecked."""
    day = next(iter(items)).day
    values: dict[str, Any] = {"slot": day.slots.first(), **LEA} | changes
    basket = DayBasket.objects.create(basket=Basket.objects.create(), day=day, **values)
    for item, quantity in items.items():
        write_lines(basket, [Item(item, quantity)])
    return basket


def shown(basket: DayBasket) -> Shown:
    """What the page above the button shows of this basket now."""
    return Shown.of(basket, contents_of(basket).items)


def button(basket: DayBasket) -> dict[str, str]:
    """The field of the form whose button orders this basket, as its page carries it now."""
    return {"shown": shown(basket).write()}


def order(basket: DayBasket, **changes: Any) -> Pickup:
    """Place the order of a basket as its page would: as it is shown now."""
    values: dict[str, Any] = {"shown": shown(basket), "terms_version": "2026-11"}
    return place_order(basket.pk, **values | changes)


def placed_order(items: dict[Listing, int], **changes: Any) -> Pickup:
    """An order of these quantities, placed by Léa unless said otherwise."""
    return order(basket_of(items, **changes))


def farm_part(pickup: Pickup) -> ProducerOrder:
    """What the Ferme du Ru prepares of an order."""
    return pickup.parts.get(producer__slug="ferme-du-ru")
