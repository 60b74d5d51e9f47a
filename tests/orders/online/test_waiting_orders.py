"""An order that waits for its card is seen where its resident looks, and can be paid or given up from there."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from dev.fakestripe import FakeStripe
from marche.common.actors import Actor
from marche.markets.models import Market, MarketDay
from marche.outbox.models import Message
from marche.outbox.rendering import render
from orders.actions.cancel_order import cancel_order
from orders.actions.pay_at_stall import pay_at_stall
from orders.models import DayBasket, Pickup
from orders.presenters.card import card_of
from producers.models import Listing
from tests import cast
from tests.orders.online.by_card import OrderByCard, strike

pytestmark = pytest.mark.usefixtures("fresh_cache")

WAITS = "An order waits for your payment until 10:45"
PAGES = ["home", "market", "day", "basket", "producer", "product"]


@pytest.fixture
def waiting(chicken: Listing, by_card: OrderByCard) -> Pickup:
    """Léa's, placed at ten o'clock."""
    return by_card({chicken: 1})


@pytest.fixture
def lea(client: Client, waiting: Pickup) -> Client:
    """With the cookie of the basket that became the order; she reads English."""
    client.cookies["basket"] = DayBasket.objects.get(pk=waiting.basket_id).visitor
    client.cookies["language"] = "en"
    return client


def address(page: str, day: MarketDay, listing: Listing) -> str:
    return {
        "home": reverse("home"),
        "market": day.market.get_absolute_url(),
        "day": day.get_absolute_url(),
        "basket": reverse("basket"),
        "producer": listing.producer.get_absolute_url(),
        "product": listing.get_absolute_url(),
    }[page]


@pytest.mark.parametrize("where", PAGES)
def test_pages_say_that_an_order_waits_and_until_when(
    lea: Client, waiting: Pickup, chicken: Listing, day: MarketDay, where: str
) -> None:
    shown = lea.get(address(where, day, chicken)).content.decode()

    assert WAITS in shown
    for action in ("payment-pay", "payment-at-stall", "ticket-cancel"):
        assert f'action="{reverse(action, args=[waiting.display_code])}"' in shown


@pytest.mark.parametrize("where", PAGES)
def test_to_anybody_else_nothing_is_said_of_it_and_no_cookie_is_set(
    waiting: Pickup, chicken: Listing, day: MarketDay, where: str
) -> None:
    for cookies in ({}, {"language": "en"}, {"basket": "of-another-visitor"}):
        other = Client()
        for name, value in cookies.items():
            other.cookies[name] = value
        answer = other.get(address(where, day, chicken))
        assert waiting.display_code not in answer.content.decode()
        assert not answer.cookies


def test_where_a_second_order_would_be_placed_it_is_said_too(lea: Client, waiting: Pickup, chicken: Listing) -> None:
    basket = cast.basket_of({chicken: 1}, visitor=lea.cookies["basket"].value)
    for name in ("contact", "verify"):
        assert WAITS in lea.get(reverse(name, args=[basket.pk])).content.decode()


def test_a_visitor_without_cookies_asks_nothing_of_the_database_for_it(waiting: Pickup, day: MarketDay) -> None:
    Client().get(day.get_absolute_url())
    with CaptureQueriesContext(connection) as asked:
        Client().get(day.get_absolute_url())

    assert len(asked) == 1


def read_card(pickup: Pickup) -> list[str]:
    found = card_of(pickup)
    assert found
    with translation.override("en"):
        return found.sentences


def test_what_was_taken_off_meanwhile_is_counted_no_more(
    client: Client, chicken: Listing, carrots: Listing, by_card: OrderByCard
) -> None:
    pickup = by_card({chicken: 1, carrots: 2})
    client.cookies["basket"] = DayBasket.objects.get(pk=pickup.basket_id).visitor
    client.cookies["language"] = "en"
    assert "€22.95" in client.get(reverse("home")).content.decode()

    strike(pickup, carrots)

    assert "€19.20: everything in it is reserved" in client.get(reverse("home")).content.decode()
    assert "€21.60 at most are to be paid by card before 10:45." in read_card(pickup)
    page = client.get(reverse("payment", args=[pickup.display_code])).content.decode()
    assert "<b>€21.60</b> at most are reserved" in page


def test_paying_from_there_leads_to_stripe(lea: Client, waiting: Pickup, stripe: FakeStripe) -> None:
    answer = lea.post(reverse("payment-pay", args=[waiting.display_code]))

    assert answer.status_code == 303
    assert answer["Location"] == stripe.state()["sessions"][0]["url"]


def test_the_stalls_are_chosen_from_there(lea: Client, waiting: Pickup) -> None:
    lea.post(reverse("payment-at-stall", args=[waiting.display_code]))

    waiting.refresh_from_db()
    assert not waiting.is_pending
    assert WAITS not in lea.get(reverse("home")).content.decode()


def test_an_order_that_is_given_up_is_spoken_of_no_more(lea: Client, waiting: Pickup, chicken: Listing) -> None:
    lea.post(reverse("ticket-cancel", args=[waiting.display_code]))

    chicken.refresh_from_db()
    assert chicken.reserved == 0
    assert WAITS not in lea.get(reverse("home")).content.decode()


def test_an_order_that_is_paid_is_spoken_of_no_more(client: Client, chicken: Listing, paid: OrderByCard) -> None:
    pickup = paid({chicken: 1})
    client.cookies["basket"] = DayBasket.objects.get(pk=pickup.basket_id).visitor

    assert pickup.display_code not in client.get(reverse("home")).content.decode()


def test_whoever_is_signed_in_sees_it_on_another_device(waiting: Pickup) -> None:
    lea = Client()
    user = cast.member(waiting.email)
    EmailAddress.objects.create(user=user, email=waiting.email, verified=True, primary=True)
    lea.force_login(user)
    assert waiting.display_code in lea.get(reverse("home")).content.decode()

    stranger = Client()
    stranger.force_login(cast.member("ines@example.org"))
    assert waiting.display_code not in stranger.get(reverse("home")).content.decode()


def test_an_address_that_is_not_proven_shows_nobodys_order(waiting: Pickup) -> None:
    claims = Client()
    claims.force_login(cast.member(waiting.email))

    assert waiting.display_code not in claims.get(reverse("home")).content.decode()


def test_once_its_time_is_over_one_waits_for_the_payment_service(
    lea: Client, waiting: Pickup, clock: time_machine.Traveller
) -> None:
    clock.shift(dt.timedelta(minutes=46))
    shown = lea.get(reverse("home")).content.decode()

    assert "An order waits for the answer of the payment service" in shown
    assert reverse("payment", args=[waiting.display_code]) in shown
    assert reverse("payment-pay", args=[waiting.display_code]) not in shown


def test_once_its_time_is_over_the_page_of_the_payment_says_so_too(
    lea: Client, waiting: Pickup, clock: time_machine.Traveller
) -> None:
    clock.shift(dt.timedelta(minutes=46))
    shown = lea.get(reverse("payment", args=[waiting.display_code])).content.decode()

    assert "Your order waits for the answer of the payment service" in shown
    assert "The time to pay by card ended at <b>10:45</b>." in shown
    assert "Everything is reserved for you" not in shown
    assert reverse("payment-pay", args=[waiting.display_code]) not in shown


def test_an_estimate_is_called_one(lea: Client) -> None:
    assert "about €19.20: everything in it is reserved for you" in lea.get(reverse("home")).content.decode()


class TestTheMail:
    def test_leaves_with_the_order_and_says_until_when(self, waiting: Pickup) -> None:
        message = Message.objects.get(kind="order-awaits-payment", subject_id=waiting.pk)
        said = render(message)

        assert "14 h" not in said.subject
        assert f"La commande n° {waiting.number} attend votre paiement jusqu’à 10 h 45" in said.subject
        assert reverse("payment", args=[waiting.display_code]) in said.body
        assert not Message.objects.filter(kind="order-confirmation").exists()

    def test_is_answered_to_its_market(self, waiting: Pickup) -> None:
        Market.objects.update(contact_email="halles@example.org")
        cast.beauvais(slug="marissel", contact_email="marissel@example.org")

        assert render(Message.objects.get(kind="order-awaits-payment")).reply_to == ["halles@example.org"]

    def test_does_not_leave_for_who_gave_no_address(self, chicken: Listing, by_card: OrderByCard) -> None:
        by_card({chicken: 1}, **cast.ODETTE)

        assert not Message.objects.exists()

    def test_does_not_leave_for_what_is_paid_at_the_stalls(self, chicken: Listing) -> None:
        cast.placed_order({chicken: 1})

        assert set(Message.objects.values_list("kind", flat=True)) == {"order-confirmation"}

    @pytest.mark.parametrize("becomes", ["cancelled", "at the stalls"])
    def test_that_leaves_late_asks_for_no_payment(self, waiting: Pickup, becomes: str) -> None:
        if becomes == "cancelled":
            cancel_order(waiting.pk, reason="Changed her mind", by=Actor.resident())
        else:
            pay_at_stall(waiting.pk)
        said = render(Message.objects.get(kind="order-awaits-payment"))

        assert "jusqu’à" not in said.subject + str(said.body)
        assert waiting.get_absolute_url() in said.body
