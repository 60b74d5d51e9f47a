"""Without network, or with a site that is slow: no tap is lost and no number jumps back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.axe import PHONE
from tests.journeys.city import City
from tests.journeys.fingers import REFUSED, held, number, open_basket, open_day, row, saved, tap

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]


def dead_line(page: Page) -> Callable[[], None]:
    """No number gets through; the answer brings the network back."""
    page.route("**/panier/*/", lambda route: route.abort())
    return lambda: page.unroute("**/panier/*/")


def test_without_network_the_number_stays_and_is_sent_later(beauvais: City, visit):
    page = visit(PHONE)
    open_day(page, beauvais)
    back = dead_line(page)
    tap(page, "Carottes", times=3)

    expect(row(page, "Carottes").locator(REFUSED)).to_contain_text("n’est pas enregistré")
    expect(number(page, "Carottes")).to_have_value("3")
    assert held() == {}
    back()
    page.get_by_role("button", name="Réessayer").click()
    saved(page, "5,63\xa0€")
    expect(page.locator(REFUSED)).to_have_count(0)
    assert held() == {"Carottes": 3}


def test_without_network_a_link_waits_until_one_has_read_that_nothing_is_saved(beauvais: City, visit):
    page = visit(PHONE)
    open_day(page, beauvais)
    dead_line(page)
    tap(page, "Carottes", every=0)
    page.get_by_role("link", name="Panier").first.click()

    expect(page.locator(REFUSED)).to_contain_text("n’est pas enregistré")
    expect(number(page, "Carottes")).to_have_value("1")
    open_basket(page)


def test_an_answer_that_was_lost_on_its_way_does_not_undo_the_next_tap(beauvais: City, visit):
    """The site took the number, and the browser never heard of it."""
    page = visit(PHONE)
    open_day(page, beauvais)

    def swallow(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/panier/*/", swallow, times=1)
    tap(page, "Carottes", times=2)
    expect(page.locator(REFUSED)).to_contain_text("n’est pas enregistré")
    tap(page, "Carottes")

    saved(page, "5,63\xa0€")
    assert held() == {"Carottes": 3}


def test_taps_while_the_site_is_slow_never_make_the_number_jump_back(beauvais: City, visit):
    page = visit(PHONE)
    open_day(page, beauvais)
    shown: list[str] = []
    page.expose_function("shown", lambda number: shown.append(number))
    number(page, "Carottes").evaluate(
        "field => { let last; setInterval(() => { if (field.value !== last) window.shown(last = field.value) }, 5) }"
    )

    def late(route: Route) -> None:
        page.wait_for_timeout(350)
        route.continue_()

    page.route("**/panier/*/", late)
    tap(page, "Carottes", times=6, every=150)

    saved(page, "11,25\xa0€")
    assert shown == sorted(shown)
    assert held() == {"Carottes": 6}
