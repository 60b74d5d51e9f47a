"""Two tabs, and the way back: none overwrites what the other took."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from orders.models import DayBasket
from tests.axe import DESK, PHONE
from tests.journeys.city import City
from tests.journeys.fingers import REFUSED, held, number, open_basket, open_day, row, saved, tap

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]


def other_tab(page: Page, city: City) -> Page:
    second = page.context.new_page()
    open_day(second, city)
    return second


def test_an_older_tab_does_not_overwrite_what_a_newer_one_took(beauvais: City, visit):
    older = visit(DESK)
    open_day(older, beauvais)
    newer = other_tab(older, beauvais)
    tap(newer, "Carottes", times=5)
    saved(newer, "9,38\xa0€")

    tap(older, "Carottes", every=600)

    expect(row(older, "Carottes").locator(REFUSED)).to_contain_text("2,5\xa0kg")
    expect(number(older, "Carottes")).to_have_value("5")
    assert held() == {"Carottes": 5}
    tap(older, "Carottes")
    saved(older, "11,25\xa0€")
    assert held() == {"Carottes": 6}


def test_an_older_tab_does_not_fill_a_new_basket_after_the_order(beauvais: City, visit):
    older = visit(DESK)
    open_day(older, beauvais)
    tap(older, "Carottes", times=3)
    saved(older, "5,63\xa0€")
    DayBasket.objects.update(open=False)

    tap(older, "Carottes", every=600)

    expect(number(older, "Carottes")).to_have_value("0")
    assert held() == {}


def test_back_from_the_basket_the_day_shows_what_the_basket_holds(beauvais: City, visit):
    page = visit(PHONE)
    open_day(page, beauvais)
    tap(page, "Carottes")
    open_basket(page)
    tap(page, "Carottes", times=2)
    expect(row(page, "Carottes").locator(".line__sum")).to_have_text("5,63\xa0€")
    page.go_back()

    expect(number(page, "Carottes")).to_have_value("3")
    tap(page, "Carottes")
    saved(page, "7,50\xa0€")
    assert held() == {"Carottes": 4}


def test_a_tab_that_one_comes_back_to_asks_what_the_basket_holds(beauvais: City, visit):
    older = visit(DESK)
    open_day(older, beauvais)
    newer = other_tab(older, beauvais)
    tap(newer, "Carottes", times=2)
    saved(newer, "3,75\xa0€")
    older.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect(number(older, "Carottes")).to_have_value("2")
    saved(older, "3,75\xa0€")
