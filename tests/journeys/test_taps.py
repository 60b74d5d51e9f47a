"""Taps on − and + count, however fast they come and wherever one goes next."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from producers.models import Listing
from tests.axe import DESK, PHONE
from tests.journeys.city import City
from tests.journeys.fingers import INTERVALS, THUMB, held, number, open_basket, open_day, places, row, saved, tap, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]


@pytest.mark.parametrize(
    ("every", "viewport", "thumb"), [(50, PHONE, True), (150, PHONE, True), (400, PHONE, True), (150, DESK, False)]
)
def test_every_tap_counts_and_nothing_moves_under_the_finger(beauvais: City, visit, every, viewport, thumb):
    page = visit(viewport, **(THUMB if thumb else {}))
    open_day(page, beauvais)
    before = places(page)

    tap(page, "Carottes", times=5, every=every, thumb=thumb)

    expect(number(page, "Carottes")).to_have_value("5", timeout=100)  # at the tap, whatever the site does meanwhile
    saved(page, "9,38\xa0€")
    assert places(page) == before
    assert held() == {"Carottes": 5}


def test_taps_on_minus_count_as_well(beauvais: City, visit):
    page = visit(PHONE, **THUMB)
    open_day(page, beauvais)
    tap(page, "Carottes", times=5, thumb=True)
    tap(page, "Carottes", times=3, sign="Moins", thumb=True)

    saved(page, "3,75\xa0€")
    assert held() == {"Carottes": 2}


def test_two_taps_and_the_basket_at_once(beauvais: City, visit):
    page = visit(PHONE, **THUMB)
    open_day(page, beauvais)
    tap(page, "Carottes", times=2, every=0, thumb=True)
    open_basket(page)

    expect(number(page, "Carottes")).to_have_value("2")


def test_two_products_tapped_before_there_is_a_basket_share_one(beauvais: City, visit):
    page = visit(DESK)
    open_day(page, beauvais)
    tap(page, "Carottes", every=0)
    tap(page, "Miel", every=0)
    open_basket(page)

    expect(page.locator("li.line")).to_have_count(2)
    assert held() == {"Carottes": 1, "Miel d’acacia": 1}


@pytest.mark.parametrize("where", ["about:blank", "/", "back"])
def test_two_taps_and_gone_without_a_link(beauvais: City, visit, where):
    page = visit(DESK)
    page.goto(beauvais.url)
    open_day(page, beauvais)
    tap(page, "Carottes", times=2, every=0)
    if where == "back":
        page.go_back()
    else:
        page.goto(f"{beauvais.url}/" if where == "/" else where)

    until(page, {"Carottes": 2})
    page.goto(f"{beauvais.url}/panier/")
    expect(number(page, "Carottes")).to_have_value("2")


@pytest.mark.parametrize("every", INTERVALS)
def test_taps_in_the_basket_change_its_sums_and_nothing_moves(beauvais: City, visit, every):
    page = visit(PHONE, **THUMB)
    open_day(page, beauvais)
    tap(page, "Carottes", thumb=True)
    tap(page, "Miel", thumb=True)
    open_basket(page)
    before = places(page)
    tap(page, "Carottes", times=3, every=every, thumb=True)

    expect(row(page, "Carottes").locator(".line__sum")).to_have_text("7,50\xa0€")
    expect(page.locator(".total--big")).to_contain_text("16,00\xa0€")
    assert places(page) == before
    assert held() == {"Carottes": 4, "Miel d’acacia": 1}


def test_what_is_taken_out_of_the_basket_by_a_slip_is_put_back_by_the_next_tap(beauvais: City, visit):
    page = visit(PHONE)
    open_day(page, beauvais)
    tap(page, "Carottes")
    open_basket(page)
    tap(page, "Carottes", sign="Moins", every=600)
    assert held() == {}
    tap(page, "Carottes")

    saved(page, "1,88\xa0€")
    expect(row(page, "Carottes").locator(".line__sum")).to_have_text("1,88\xa0€")
    assert held() == {"Carottes": 1}


@pytest.mark.parametrize("address", ["?etal=1", "?genre=fruit-vegetables", "?q=carottes", "/producteurs/ferme-du-ru/"])
def test_taps_count_wherever_goods_are_listed(beauvais: City, visit, address):
    page = visit(PHONE, **THUMB)
    page.goto(f"{beauvais.url}{address if address[0] == '/' else beauvais.day.get_absolute_url() + address}")
    before = places(page)
    tap(page, "Carottes", times=3, every=150, thumb=True)

    saved(page, "5,63\xa0€")
    assert places(page) == before
    assert held() == {"Carottes": 3}


def product_page(page: Page, city: City) -> Locator:
    """The page of the carrots, and its own field."""
    page.goto(f"{city.url}{Listing.objects.get(sheet__product__title='Carottes').get_absolute_url()}")
    return page.locator("form.put").get_by_role("spinbutton")


def test_taps_count_on_a_products_own_page(beauvais: City, visit):
    page = visit(PHONE, **THUMB)
    field = product_page(page, beauvais)
    before = places(page)
    plus = page.locator("form.put").get_by_role("button", name="Plus")
    for _tap in range(2):
        plus.tap()

    expect(field).to_have_value("3")
    saved(page, "5,63\xa0€")
    assert places(page) == before
    assert held() == {"Carottes": 3}


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without"])
@pytest.mark.parametrize(("typed", "then"), [(None, 1), ("3", 3)])
def test_the_button_of_a_products_page_puts_it_in(beauvais: City, visit, scripts, typed, then):
    page = visit(PHONE, java_script_enabled=scripts)
    field = product_page(page, beauvais)
    if typed:
        field.fill(typed)
    page.get_by_role("button", name="Mettre dans le panier").click()

    expect(page.locator(".flash")).to_contain_text("dans votre panier")
    expect(field).to_have_value(str(then))
    assert held() == {"Carottes": then}
