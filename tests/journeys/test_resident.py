"""A resident's way, from the home page to the ticket in five screens, with and without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from orders.models import Pickup
from tests.axe import DESK, PHONE
from tests.journeys.city import City

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]

everywhere = pytest.mark.parametrize(
    ("viewport", "scripts"),
    [(PHONE, False), (PHONE, True), (DESK, False), (DESK, True)],
    ids=["phone without JavaScript", "phone", "desk without JavaScript", "desk"],
)


def take(page: Page, product: str, quantity: int) -> None:
    """Type a quantity on the product's row and send it with Enter; the total in the head says that it has arrived."""
    total = page.locator("[data-basket-total]").first
    before = total.text_content() or ""
    row = page.locator("li.prod", has_text=product)
    row.get_by_role("spinbutton").fill(str(quantity))
    row.get_by_role("spinbutton").press("Enter")
    expect(page.locator("li.prod.is-in", has_text=product)).to_be_visible()
    expect(total).not_to_have_text(before)


def to_the_verification(page: Page, city: City) -> None:
    page.goto(city.url)
    page.get_by_role("link", name="Voir les étals").first.click()
    take(page, "Carottes", 3)
    take(page, "Poulet fermier", 1)
    page.get_by_role("link", name="Panier").first.click()
    page.get_by_role("link", name="Choisir mon créneau").click()
    page.locator("input[name=slot]").nth(2).check()
    page.get_by_role("textbox", name="Nom").fill("Odette Caron")
    page.get_by_role("textbox", name="Téléphone").fill("03 53 01 01 02")
    page.get_by_role("button", name="Vérifier ma commande").click()


@everywhere
def test_from_the_home_page_to_the_ticket(beauvais: City, visit, viewport, scripts):
    page = visit(viewport, java_script_enabled=scripts)
    to_the_verification(page, beauvais)
    expect(page.locator("body")).to_contain_text("La Ferme du Ru")
    page.get_by_role("button", name="Commande avec obligation de paiement").click()

    expect(page.locator(".ticket__no")).to_contain_text("1")
    pickup = Pickup.objects.get()
    assert (pickup.total_cents, pickup.max_cents) == (563 + 1568, 563 + 1764)
    expect(page.locator(".ticket__code")).to_contain_text(pickup.short_code)


def test_the_ticket_cancels_the_order(beauvais: City, visit):
    page = visit(PHONE, java_script_enabled=False)
    to_the_verification(page, beauvais)
    page.get_by_role("button", name="Commande avec obligation de paiement").click()
    page.get_by_text("Annuler cette commande").click()
    page.get_by_role("button", name="Annuler ma commande").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("annulée")
    assert Pickup.objects.get().is_cancelled


def test_what_ran_out_is_said_and_the_rest_is_ordered(beauvais: City, visit):
    page = visit(PHONE, java_script_enabled=False)
    to_the_verification(page, beauvais)
    beauvais.day.listings.filter(sheet__product__title="Carottes").update(quantity=2)
    page.get_by_role("button", name="Commande avec obligation de paiement").click()
    expect(page.get_by_role("alert")).to_contain_text("Carottes")
    page.get_by_role("button", name="Prendre ce qui reste").click()
    page.goto(f"{beauvais.url}/commande/")
    page.get_by_role("button", name="Vérifier ma commande").click()
    page.get_by_role("button", name="Commande avec obligation de paiement").click()

    expect(page.locator(".ticket__no")).to_contain_text("1")
    assert Pickup.objects.get().total_cents == 375 + 1568


def test_what_is_missing_on_the_form_is_one_click_away(beauvais: City, visit):
    page = visit(PHONE)
    page.goto(f"{beauvais.url}{beauvais.day.get_absolute_url()}")
    take(page, "Miel", 1)
    page.goto(f"{beauvais.url}/commande/")
    page.get_by_role("textbox", name="Nom").fill("Odette Caron")
    page.get_by_role("button", name="Vérifier ma commande").click()
    page.get_by_role("alert").get_by_role("link").last.click()

    expect(page.locator("#id_email")).to_be_focused()
    expect(page.get_by_role("textbox", name="Nom")).to_have_value("Odette Caron")


def test_a_search_is_forgiving(beauvais: City, visit):
    page = visit(PHONE, java_script_enabled=False)
    page.goto(f"{beauvais.url}{beauvais.day.get_absolute_url()}")
    page.get_by_role("searchbox").fill("les carotes")
    page.get_by_role("searchbox").press("Enter")

    expect(page.locator("li.prod")).to_have_count(1)
    expect(page.locator("li.prod")).to_contain_text("Carottes")
