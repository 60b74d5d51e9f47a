"""A number typed is saved, and what can't be had is told beside it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from producers.models import Listing
from tests.axe import PHONE
from tests.journeys.city import City
from tests.journeys.fingers import REFUSED, held, number, open_basket, open_day, row, saved, tap, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]


def test_a_number_typed_and_a_link_followed(beauvais: City, visit):
    page = visit(PHONE)
    open_day(page, beauvais)
    number(page, "Carottes").fill("4")
    open_basket(page)

    expect(number(page, "Carottes")).to_have_value("4")


def test_a_number_typed_in_the_basket_and_a_link_followed(beauvais: City, visit):
    page = visit(PHONE)
    open_day(page, beauvais)
    tap(page, "Carottes")
    open_basket(page)
    number(page, "Carottes").fill("4")
    page.get_by_role("link", name="Choisir mon créneau").click()

    expect(page.get_by_role("textbox", name="Nom")).to_be_visible()
    assert held() == {"Carottes": 4}


def test_a_number_typed_in_the_basket_and_gone_without_a_link(beauvais: City, visit):
    page = visit(PHONE)
    open_day(page, beauvais)
    tap(page, "Carottes")
    open_basket(page)
    number(page, "Carottes").fill("4")
    page.goto(beauvais.url)

    until(page, {"Carottes": 4})


def test_more_than_is_left_is_kept_in_the_field_beside_what_can_be_had(beauvais: City, visit):
    page = visit(PHONE)
    open_day(page, beauvais)
    number(page, "Miel").fill("7")
    number(page, "Miel").press("Enter")

    expect(row(page, "Miel").locator(REFUSED)).to_contain_text("il n’en reste que 3")
    expect(number(page, "Miel")).to_have_value("7")
    assert held() == {}
    page.get_by_role("button", name="Prendre 3").click()
    saved(page, "25,50\xa0€")
    expect(number(page, "Miel")).to_have_value("3")
    assert held() == {"Miel d’acacia": 3}


def test_a_tap_beyond_what_is_left_says_so_and_changes_nothing(beauvais: City, visit):
    page = visit(PHONE)
    open_day(page, beauvais)
    tap(page, "Miel", times=4, every=400)

    expect(row(page, "Miel").locator(REFUSED)).to_contain_text("il n’en reste que 3")
    expect(number(page, "Miel")).to_have_value("3")
    assert held() == {"Miel d’acacia": 3}


def test_one_tap_beyond_the_most_says_so(beauvais: City, visit):
    Listing.objects.update(quantity=500)
    page = visit(PHONE)
    open_day(page, beauvais)
    number(page, "Carottes").fill("99")
    number(page, "Carottes").press("Enter")
    saved(page, "185,63\xa0€")
    tap(page, "Carottes", every=600)

    expect(row(page, "Carottes").locator(REFUSED)).to_contain_text("99")
    expect(number(page, "Carottes")).to_have_value("99")
    assert held() == {"Carottes": 99}


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without"])
def test_with_more_in_the_basket_than_is_left_minus_goes_down(beauvais: City, visit, scripts):
    page = visit(PHONE, java_script_enabled=scripts)
    open_day(page, beauvais)
    number(page, "Carottes").fill("6")
    number(page, "Carottes").press("Enter")
    saved(page, "11,25\xa0€")
    Listing.objects.filter(sheet__product__title="Carottes").update(quantity=4)
    beauvais.day.catalogue_version += 1
    beauvais.day.save()
    open_day(page, beauvais)
    row(page, "Carottes").get_by_role("button", name="Moins").click()

    expect(page.locator("[data-basket-total]").first).to_have_text("9,38\xa0€")
    assert held() == {"Carottes": 5}


@pytest.mark.parametrize("typed", ["1.5", "", "-3"])
def test_what_is_no_number_is_told_and_the_number_comes_back(beauvais: City, visit, typed):
    page = visit(PHONE)
    open_day(page, beauvais)
    tap(page, "Carottes", times=2)
    saved(page, "3,75\xa0€")
    number(page, "Carottes").press("Control+a")
    number(page, "Carottes").press("Delete")
    number(page, "Carottes").press_sequentially(typed)
    number(page, "Carottes").press("Enter")

    expect(row(page, "Carottes").locator(REFUSED)).to_contain_text("nombre entier")
    expect(number(page, "Carottes")).to_have_value("2")
