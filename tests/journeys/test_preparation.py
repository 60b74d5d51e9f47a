"""A producer with cold hands: one order after the other is weighed and set aside, and the stall knows its price."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from orders.models import Pickup
from producers.models import Listing
from tests import cast
from tests.axe import PHONE, faults
from tests.journeys.city import City

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]


@pytest.fixture
def orders(beauvais: City) -> Iterator[list[Pickup]]:
    """Léa's chicken and carrots, Odette's carrots, on the morning of the market."""
    carrots, chicken, _honey = Listing.objects.order_by("pk")
    placed = [cast.placed_order({carrots: 3, chicken: 1}), cast.placed_order({carrots: 1}, **cast.ODETTE)]
    with time_machine.travel(cast.SEVEN, tick=True):
        yield placed


@pytest.fixture
def bench(beauvais: City, orders: list[Pickup], visit: Callable[..., Page]) -> Callable[..., Page]:
    """The farm's phone, signed in, at its preparation."""

    def opened(**options: bool) -> Page:
        page = visit(PHONE, **options)
        beauvais.sign_in(page, User.objects.get(email="ferme-du-ru-member@example.org"))
        page.goto(f"{beauvais.url}/producteur/")
        page.locator("a[href$='/preparation/']").click()
        return page

    return opened


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without"])
def test_an_order_is_weighed_without_what_there_was_not_and_the_stall_asks_its_price(bench, orders, scripts):
    page = bench(java_script_enabled=scripts)
    page.locator(".bench__order a").first.click()
    page.locator("input[name^=grams_]").fill("1,62")
    expect(page.locator(".bench__why").first).to_be_hidden()
    page.locator(".bench__line .choice").first.click()
    page.locator(".bench__why select").first.select_option("quality")
    page.locator(".bench > .btn").click()
    expect(page.locator(".stall__big")).to_have_text("2")  # the next one

    page.goto(page.url.replace("/preparation/2/", "/etal/1/"))
    expect(page.locator("#id_amount")).to_have_value("15,88")
    expect(page.locator(".stall__form .choice")).to_have_count(1)


def test_what_needs_no_weighing_is_ready_at_once(bench, orders):
    page = bench()
    page.locator(".stall__sum form button").click()

    expect(page.locator(".stall__done b")).to_have_text("1")
    assert orders[1].parts.get().prepared_at


def test_a_weight_that_cannot_be_true_is_said_accessibly(bench):
    page = bench()
    page.locator(".bench__order a").first.click()
    page.locator("input[name^=grams_]").fill("9 kg")
    page.locator(".bench > .btn").click()
    page.locator("#errors").wait_for()

    assert faults(page) == []
    expect(page.locator("input[name^=grams_]")).to_have_value("9 kg")
