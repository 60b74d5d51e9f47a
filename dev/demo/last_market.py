"""Last week’s market, played through the verbs: who tries the demo finds a stall to tick and a report to read."""

from __future__ import annotations

import datetime as dt
from random import Random

import time_machine
from django.utils import timezone

from dev.demo.logins import RESIDENT_EMAIL
from marche.common.actors import Actor
from marche.markets.actions.generate_days import generate_days
from marche.markets.models import Market, MarketDay, Slot
from marche.shop.oscar import Basket
from orders.actions.close_day import close_day
from orders.actions.hand_over import hand_over
from orders.actions.place_order import place_order
from orders.actions.set_quantity import set_quantity
from orders.models import DayBasket, Pickup, ProducerOrder, Shortage
from orders.presenters.basket import contents_of
from orders.presenters.paying import Payment
from orders.presenters.seen import Shown
from producers.models import Listing

# Who ordered, and in which hour after the opening; nobody but the first gave an e-mail address.
RESIDENTS = {
    "Odette Caron": 1, "Karim Benali": 1, "Inès Royer": 2, "Marcel Petit": 2, "Ana Silva": 3, "Théo Vasseur": 5,
    "Mireille Haddad": 7, "Noël Lefèvre": 9, "Fatoumata Traoré": 24, "Hugues Lenoir": 25, "Solène Queval": 26,
    "Yvonne Dupuis": 28, "Raphaël Wójcik": 30, "Djamila Ferreira": 49, "Étienne Boulanger": 50, "Capucine Müller": 52,
    "Gaël Carpentier": 54, "Aïcha Leclercq": 70, "Loïc Saint-Just": 72, "Hélène Delattre": 74,
}  # fmt: skip
LINES = 5
DID_NOT_COME = ("Hugues Lenoir", "Étienne Boulanger")
PHONE = "+33353010102"


def play_last_market(market: Market) -> None:
    """Orders, summaries, what was handed over and paid on the last day before now. Once: never beside other orders.

    A day that fell on a public holiday is left out. Every verb is called at the time at which it would have been.
    """
    if Pickup.objects.filter(day__market=market).exists():
        return
    dice = Random(2020)
    day = _last_day(market)
    if day.holiday_decision == MarketDay.HolidayDecision.PENDING:
        return
    goods = _offer(day)
    slots = list(day.slots.all())
    for number, (name, hours) in enumerate(RESIDENTS.items()):
        with time_machine.travel(day.opens_at + dt.timedelta(hours=hours), tick=False):
            _order(day, slots[number * 3 % len(slots)], name, dice.sample(goods, LINES), dice)
    with time_machine.travel(day.closes_at + dt.timedelta(minutes=1), tick=False):
        close_day(day.pk)
    for pickup in day.pickups.exclude(name__in=DID_NOT_COME).select_related("slot"):
        with time_machine.travel(pickup.slot.starts_at + dt.timedelta(minutes=dice.randrange(25)), tick=False):
            for part in pickup.parts.select_related("producer__partner"):
                _collect(part, dice)


def _last_day(market: Market) -> MarketDay:
    """The last day of the market that is over, made if need be."""
    today = timezone.now().astimezone(market.zone).date()
    generate_days(market.pk, today=today - dt.timedelta(days=7))
    return MarketDay.objects.filter(market=market, ends_at__lt=timezone.now()).latest("date")


def _offer(day: MarketDay) -> list[Listing]:
    """What is offered on the market's next day was offered then too."""
    following = MarketDay.objects.filter(market=day.market, listings__isnull=False).earliest("date")
    listings = list(Listing.objects.filter(day=following, quantity__gte=len(RESIDENTS)))
    for listing in listings:
        listing.pk, listing.day, listing.reserved, listing._state.adding = None, day, 0, True
    return Listing.objects.bulk_create(listings)


def _order(day: MarketDay, slot: Slot, name: str, goods: list[Listing], dice: Random) -> None:
    basket = DayBasket.objects.create(basket=Basket.objects.create(), day=day, slot=slot, name=name)
    for listing in goods:
        set_quantity(listing.pk, visitor=basket.visitor, quantity=dice.randint(1, 2))
    first = name == next(iter(RESIDENTS))
    contact = {"email": RESIDENT_EMAIL} if first else {"phone": PHONE}
    DayBasket.objects.filter(pk=basket.pk).update(shortage=Shortage.LEAVE_OUT, **contact)
    place_order(basket.pk, shown=Shown.of(basket, contents_of(basket).items), terms_version="demo")


def _collect(part: ProducerOrder, dice: Random) -> None:
    """Handed over, and paid by one of the means that the stall takes; one part in ten is to be paid later."""
    member = part.producer.partner.users.first()
    assert member  # noqa: S101  (each demo producer has one)
    payment = Payment(dice.choice(part.producer.takes), part.total_cents) if dice.random() > 0.1 else None
    hand_over(part.pk, payment=payment, by=Actor.producer(member))
