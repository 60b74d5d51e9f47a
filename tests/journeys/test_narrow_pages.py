"""A telephone of 390 px shows the fullest pages of producers and managers whole: nothing cut off, nothing squeezed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import time_machine
from django.contrib.auth.models import User
from playwright.sync_api import Page

from marche.common.actors import Actor
from marche.markets.models import MarketDay
from orders.actions.strike_lines import strike_lines
from orders.models import Pickup, ProducerOrder, StrikeReason, Summary
from producers.models import Producer
from tests import cast
from tests.journeys.city import City
from tests.journeys.week import close

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]

TELEPHONE = {"width": 390, "height": 844}
BEYOND_THE_PAGE = "document.documentElement.scrollWidth - innerWidth"
CUT_OFF = "elements => elements.filter(one => one.scrollWidth > one.clientWidth).map(one => one.innerText)"
WIDTHS = "elements => elements.map(one => one.getBoundingClientRect().width)"


@pytest.fixture
def crowded(beauvais: City) -> Pickup:
    """Order 123, by card: many heavy pieces of a long name, with a line that a manager took off."""
    farm = Producer.objects.get(slug="ferme-du-ru")
    goods = {
        cast.listing(cast.chicken(farm, title="Topinambours violets"), beauvais.day, price_cents=1280, quantity=40): 38,
        cast.listing(cast.carrots(farm, title="Pommes de terre à chair ferme"), beauvais.day, quantity=40): 17,
    }
    pickup = cast.placed_order(goods, name="Capucine Vandenbroucke", phone="+33353010102")
    Pickup.objects.filter(pk=pickup.pk).update(number=123)
    part = pickup.parts.get()
    struck = [part.details.get(title="Pommes de terre à chair ferme").pk]
    manager = User.objects.get(email="claire@example.org")
    strike_lines(part.pk, lines=struck, why=StrikeReason.COMPLAINT, reason="Abîmées", by=Actor.manager(manager))
    ProducerOrder.objects.update(online=True)
    close(beauvais.day)
    return pickup


@pytest.fixture(autouse=True)
def _manager(beauvais: City) -> None:
    beauvais.day.market.managers.add(cast.member("claire@example.org"))


def open_page(city: City, page: Page, who: str, address: str) -> Page:
    city.sign_in(page, User.objects.get(email=who))
    page.goto(city.url + address)
    return page


def test_a_summary_stays_within_the_page(beauvais: City, crowded: Pickup, visit: Callable[..., Page]):
    page = visit(TELEPHONE)
    page.goto(beauvais.url + Summary.objects.get().get_absolute_url())

    assert page.evaluate(BEYOND_THE_PAGE) <= 0


def test_a_manager_s_order_shows_its_amounts(beauvais: City, crowded: Pickup, visit: Callable[..., Page]):
    address = f"/gestion/{beauvais.day.market.slug}/{beauvais.day.date}/commandes/123/"
    page = open_page(beauvais, visit(TELEPHONE), "claire@example.org", address)

    assert page.locator(".card--flush").evaluate_all(CUT_OFF) == []


class TestTheStall:
    @pytest.fixture
    def page(self, beauvais: City, crowded: Pickup, visit: Callable[..., Page]) -> Page:
        with time_machine.travel(cast.NINE, tick=True):
            return open_page(beauvais, visit(TELEPHONE), "ferme-du-ru-member@example.org", stall(beauvais.day))

    def test_what_an_order_holds_has_room_beside_how_it_is_paid(self, page: Page):
        assert min(page.locator(".stall__what").evaluate_all(WIDTHS)) > 200

    def test_a_number_of_three_digits_is_whole(self, page: Page):
        page.locator(".stall__order a").click()

        assert page.locator(".stall__big").evaluate_all(CUT_OFF) == []


def stall(day: MarketDay) -> str:
    return f"/producteur/ferme-du-ru/{day.market.slug}/{day.date}/etal/"
