"""Who does what: a resident with a browser, the producers, the manager; and time, which passes when one says so."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.contrib.auth.models import User
from django.utils import timezone

from dev.fakestripe import FakeStripe
from dev.rehearsal.client import Browser, Stopwatch
from dev.rehearsal.pages import Page
from dev.till import TILL
from marche.common.actors import Actor
from marche.markets.models import MarketDay
from marche.payments.actions.capture_due import capture_due
from marche.payments.actions.open_account import open_account
from marche.payments.actions.refresh_account import refresh_account
from marche.payments.actions.transfer_due import transfer_due
from marche.payments.models import PaymentAttempt
from orders.actions.cancel_order import cancel_order
from orders.actions.hand_over import hand_over
from orders.actions.prepare_part import prepare_part
from orders.actions.strike_lines import strike_lines
from orders.models import Pickup, StrikeReason
from producers.models import Listing
from tests import cast
from tests.faults.stage import Stage

ACCEPTED = "4242424242424242"
HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)


@dataclass
class Town:
    """A market whose orders are open: chicken of the farm at 21.60 € at most, honey of the beekeeper at 8.50 €."""

    stage: Stage
    day: MarketDay
    chicken: Listing
    honey: Listing
    manager: User

    @classmethod
    def open(cls, stage: Stage) -> Town:
        market = cast.beauvais(till=TILL)
        day, now = cast.saturday(market), timezone.now()
        times = {"opens_at": now - 24 * HOUR, "starts_at": now + 24 * HOUR, "ends_at": now + 48 * HOUR}
        MarketDay.objects.update(closes_at=now + HOUR, **times)
        day.refresh_from_db()
        farm, rucher = cast.ferme_du_ru(market), cast.le_rucher(market)
        for producer in (farm, rucher):
            account = open_account(producer.pk, till_name=TILL)
            stage.fake.activate(account.stripe_id)
            refresh_account(account.pk)
        chicken = cast.listing(cast.chicken(farm), day, price_cents=1200, quantity=10)
        honey = cast.listing(cast.honey(rucher), day, price_cents=850, quantity=10)
        return cls(stage, day, chicken, honey, cast.member("claire@example.org"))

    # Time

    def cutoff(self) -> None:
        MarketDay.objects.update(closes_at=timezone.now() - MINUTE)

    def market(self) -> None:
        now = timezone.now()
        MarketDay.objects.update(closes_at=now - 2 * HOUR, starts_at=now - HOUR)

    def market_ends(self) -> None:
        """Nothing can be corrected any more: the cards are charged."""
        self.market()
        self.evening()
        capture_due()

    def evening(self) -> None:
        MarketDay.objects.update(ends_at=timezone.now() - MINUTE)

    # People

    def resident(self, items: Mapping[Listing, int] | None = None) -> Resident:
        return Resident(self, dict(items or {self.chicken: 1, self.honey: 1}))

    def paid(self, items: Mapping[Listing, int] | None = None) -> Pickup:
        """An order for which the card holds the money."""
        resident = self.resident(items)
        resident.comes_back(resident.pays(resident.orders()))
        self.stage.settle()
        return resident.pickup()

    def prepares(self, pickup: Pickup, grams: int = 1500) -> None:
        """All of it, and it is time to take the money: with 1500 g the chicken costs 18.00 €."""
        self.cutoff()
        for part in pickup.parts.all():
            weighed = {line.pk: grams for line in part.details.filter(listing=self.chicken)}
            prepare_part(part.pk, grams=weighed, struck={}, by=Actor.producer(self.manager))
        self.market_ends()

    def hands_over(self, pickup: Pickup) -> None:
        self.market()
        for part in pickup.parts.all():
            hand_over(part.pk, by=Actor.producer(self.manager))

    def pays_producers(self) -> None:
        self.evening()
        transfer_due(TILL)

    def strikes(self, pickup: Pickup, listing: Listing) -> None:
        part = pickup.parts.get(producer=listing.producer)
        lines = list(part.details.values_list("pk", flat=True))
        strike_lines(
            part.pk, lines=lines, why=StrikeReason.COMPLAINT, reason="It was bruised", by=Actor.manager(self.manager)
        )

    def cancels(self, pickup: Pickup) -> None:
        cancel_order(pickup.pk, reason="A storm", by=Actor.manager(self.manager))


class Resident:
    """A browser at ours, and one at Stripe's."""

    def __init__(self, town: Town, items: dict[Listing, int]) -> None:
        basket = cast.basket_of(items)
        self.basket_id = basket.pk
        self.site = _browser(town.stage.site)
        self.site.cookies["basket"] = basket.visitor
        self.there = _browser(town.stage.fake.url)

    def pickup(self) -> Pickup:
        """The order, as it stands now."""
        return Pickup.objects.get(basket=self.basket_id)

    @property
    def ours(self) -> str:
        """The page of the payment."""
        return f"/billet/{self.pickup().display_code}/paiement/"

    def orders(self) -> str:
        """Presses the button; the path of Stripe's page."""
        return _path(self.presses().location)

    def presses(self, *expected: int) -> Page:
        page = self.site.get(f"/commande/{self.basket_id}/verification/", "verify")
        form = page.form("/confirmer/")
        assert form, page.sentences
        return self.site.send(form, "order", *(expected or (303,)), pay="card")

    def tries_again(self) -> str:
        """From the page of an order that waits to be paid, as another tab may; the path of Stripe's page."""
        form = self.site.get(self.ours, "ours").form("/payer/")
        assert form
        return _path(self.site.send(form, "pay", 303).location)

    def pays(self, page: str) -> str:
        """On Stripe's page; where it leads back to."""
        return self.there.post(f"{page}/pay", {"card": ACCEPTED}, "pays", 303).location

    def pays_and_closes(self, page: str) -> None:
        """Nothing brings this resident back."""
        self.there.post(f"{page}/pay-and-close", {"card": ACCEPTED}, "pays", 200)

    def comes_back(self, location: str) -> Page:
        """Through the page of the payment, to wherever that leads."""
        return self.site.follow(self.site.get(_path(location), "back", 200, 302), "ticket")

    def cancels(self) -> Page:
        form = self.site.get(self.ours, "ours").form("/annuler/")
        assert form
        return self.site.send(form, "cancels")


def attempt_of(pickup: Pickup) -> PaymentAttempt:
    """The last attempt to pay an order."""
    return PaymentAttempt.objects.filter(order=pickup.pk).latest("pk")


def session_of(fake: FakeStripe, pickup: Pickup) -> str:
    """The only session of an order at Stripe, whether we know of it or not."""
    [session] = [row for row in fake.state()["sessions"] if row["client_reference_id"] == pickup.order.number]
    return str(session["id"])


def _browser(site: str) -> Browser:
    return Browser(site, Stopwatch(), threading.Event())


def _path(address: str) -> str:
    """Path and query of an address."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
