"""A resident pays on Stripe's page and comes back, changes its mind, or closes the tab."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dev.fakestripe import FakeStripe
from marche.markets.models import Market
from marche.payments.actions.open_account import open_account
from marche.payments.actions.refresh_account import refresh_account
from orders.models import DayBasket, Pickup
from producers.models import Listing, Producer
from tests import cast
from tests.axe import DESK, PHONE, faults
from tests.journeys.city import City
from tests.orders.manager.people import claire
from tests.orders.online.by_card import attempt_of
from tests.stripe import TILL

pytestmark = pytest.mark.journey

Visit = Callable[..., Page]


@pytest.fixture
def city(beauvais: City, stripe: FakeStripe) -> City:
    """The farm can be paid by card, the beekeeper can't."""
    Market.objects.update(till=TILL)
    account = open_account(Producer.objects.get(slug="ferme-du-ru").pk, till_name=TILL)
    stripe.activate(account.stripe_id)
    refresh_account(account.pk)
    return beauvais


def check_order(city: City, page: Page) -> DayBasket:
    """A chicken and a jar of honey, up to the last page before the order."""
    basket = cast.basket_of(
        {Listing.objects.get(unit="weighed"): 1, Listing.objects.get(producer__slug="le-rucher"): 1}
    )
    page.context.add_cookies([{"name": "basket", "value": basket.visitor, "url": city.url}])
    page.goto(f"{city.url}/commande/{basket.pk}/verification/")
    return basket


def order_by_card(city: City, page: Page) -> Pickup:
    """Until the page of Stripe is open."""
    check_order(city, page)
    page.locator("input[name=pay][value=card]").check()
    page.locator("form.split__side button").click()
    page.wait_for_url(re.compile(r"/c/pay/"))
    return Pickup.objects.get()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_resident_pays_and_gets_the_ticket(city: City, visit: Visit, scripts: bool) -> None:
    page = visit(PHONE, java_script_enabled=scripts)
    pickup = order_by_card(city, page)
    page.locator("form[action$='/pay'] button").first.click()
    page.wait_for_url(f"{city.url}{pickup.get_absolute_url()}")

    expect(page.locator(".ticket__no")).to_contain_text(str(pickup.number))
    pickup.refresh_from_db()
    assert not pickup.is_pending


def test_a_resident_comes_back_and_pays_at_the_stalls(city: City, visit: Visit, stripe: FakeStripe) -> None:
    page = visit(PHONE)
    pickup = order_by_card(city, page)
    page.goto(f"{city.url}{pickup.get_absolute_url()}")
    page.locator("form[action$='/sur-place/'] button").click()
    page.wait_for_url(f"{city.url}{pickup.get_absolute_url()}")

    assert stripe.state()["sessions"][0]["status"] == "expired"
    assert not Pickup.objects.get().parts.filter(online=True).exists()


def test_two_tabs_pay_one_order_once(city: City, visit: Visit, stripe: FakeStripe) -> None:
    page = visit(PHONE)
    pickup = order_by_card(city, page)
    other = page.context.new_page()
    other.goto(f"{city.url}{pickup.get_absolute_url()}")
    other.locator("form[action$='/payer/'] button").click()
    other.wait_for_url(re.compile(r"/c/pay/"))
    assert other.url == page.url
    page.locator("form[action$='/pay'] button").first.click()
    page.wait_for_url(f"{city.url}{pickup.get_absolute_url()}")
    other.reload()

    assert len(stripe.state()["payment_intents"]) == 1


def test_the_pages_of_paying_are_accessible(city: City, visit: Visit, stripe: FakeStripe, settings: Any) -> None:
    page = visit(DESK)
    check_order(city, page)
    found = faults(page)
    pickup = order_by_card(city, page)
    page.goto(f"{city.url}{pickup.get_absolute_url()}")
    found += faults(page)
    stripe.pay(attempt_of(pickup).session_id)
    page.goto(f"{city.url}/billet/{pickup.display_code}/paiement/")
    found += faults(page)
    manager = visit(DESK)
    user = claire(city.day.market)
    user.set_password("a long password")
    user.save()
    city.sign_in(manager, user)
    for path in ("paiements/", f"{city.day.date}/", f"{city.day.date}/commandes/{pickup.number}/"):
        manager.goto(f"{city.url}/gestion/{city.day.market.slug}/{path}")
        found += faults(manager)

    assert found == []
