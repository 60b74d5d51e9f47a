"""A resident who ordered as a guest: the code of a mail opens the account, where the order is and can be repeated."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from orders.models import Pickup
from producers.models import Listing
from tests import cast
from tests.accounts.doors import code_in_the_mail
from tests.axe import PHONE
from tests.journeys.city import City
from tests.journeys.week import NEXT_TUESDAY

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]

with_and_without = pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without"])


@pytest.fixture
def order(beauvais: City) -> Pickup:
    """Léa ordered as a guest: three steps of carrots, a jar of honey."""
    carrots, _chicken, honey = Listing.objects.order_by("pk")
    return cast.placed_order({carrots: 3, honey: 1})


def sign_in(city: City, page: Page) -> None:
    """By the link at the foot of the page, and the code of the mail."""
    page.goto(city.url)
    page.get_by_role("link", name="Mes commandes").click()
    page.get_by_role("textbox", name="Votre adresse e-mail").fill(cast.LEA["email"])
    page.get_by_role("button", name="Recevoir le code").click()
    page.get_by_role("textbox", name="Le code reçu par e-mail").fill(code_in_the_mail())
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url("**/mon-compte/")


def order_as_guest(city: City, page: Page) -> None:
    """Three steps of carrots, without a word about an account."""
    page.goto(city.url + city.day.get_absolute_url())
    carrots = page.locator("li.prod", has_text="Carottes")
    carrots.get_by_role("spinbutton").fill("3")
    carrots.get_by_role("spinbutton").press("Enter")
    expect(page.locator("[data-basket-total]").first).to_contain_text("5,63")
    page.goto(f"{city.url}/commande/")
    page.locator("input[name=slot]").first.check()
    page.get_by_role("textbox", name="Nom").fill(cast.LEA["name"])
    page.locator("#id_email").fill(cast.LEA["email"])
    page.get_by_role("button", name="Vérifier ma commande").click()
    page.get_by_role("button", name="Commande avec obligation de paiement").click()
    page.wait_for_url("**/billet/**")


@with_and_without
def test_what_a_guest_ordered_is_in_the_account(beauvais: City, visit: Callable[..., Page], scripts):
    page = visit(PHONE, java_script_enabled=scripts)
    order_as_guest(beauvais, page)
    sign_in(beauvais, page)
    coming = page.locator("section[aria-labelledby=coming] article")
    expect(coming).to_have_count(1)
    expect(coming).to_contain_text("5,63 €")
    expect(coming.locator("li")).to_have_text(["Étal 1 : La Ferme du Ru · À payer à l’étal"])
    coming.get_by_role("link", name="Voir le billet").click()

    pickup = Pickup.objects.get()
    expect(page.locator(".ticket__code")).to_contain_text(pickup.short_code)
    assert pickup.order.user.email == cast.LEA["email"]


@with_and_without
def test_the_same_again_says_what_is_no_longer_offered(
    beauvais: City, order: Pickup, visit: Callable[..., Page], scripts
):
    carrots = Listing.objects.get(sheet__product__title="Carottes")
    next_saturday = cast.saturday(beauvais.day.market, cast.SATURDAY + dt.timedelta(weeks=1))
    cast.listing(carrots.sheet, next_saturday, price_cents=375, quantity=2)
    with time_machine.travel(NEXT_TUESDAY, tick=True):
        page = visit(PHONE, java_script_enabled=scripts)
        sign_in(beauvais, page)
        past = page.locator("section[aria-labelledby=past] article")
        past.get_by_role("button", name="Commander la même chose").click()
        page.wait_for_url("**/panier/")

        expect(page.locator(".flash .note--success")).to_contain_text("1 produit")
        expect(page.locator(".flash .note--warning")).to_have_count(2)
        expect(page.locator(".flash")).to_contain_text("Miel d’acacia")
        expect(page.locator("li.line")).to_have_count(1)
        expect(page.locator("li.line .line__name")).to_have_text("Carottes")
        expect(page.locator("li.line").get_by_role("spinbutton")).to_have_value("2")


@with_and_without
def test_nothing_is_erased_while_an_order_is_to_be_collected(
    beauvais: City, order: Pickup, visit: Callable[..., Page], scripts
):
    page = visit(PHONE, java_script_enabled=scripts)
    sign_in(beauvais, page)
    page.get_by_role("link", name="Mes données").first.click()
    page.locator("#id_word").fill("effacer")
    page.get_by_role("button", name="Effacer mes données").click()
    expect(page.locator("#errors")).to_contain_text("samedi 28 novembre")
    order.refresh_from_db()
    assert (order.name, order.email) == (cast.LEA["name"], cast.LEA["email"])

    page.goto(order.url)
    page.locator("summary", has_text="Annuler").click()
    page.get_by_role("button", name="Annuler ma commande").click()
    page.goto(f"{beauvais.url}/mon-compte/mes-donnees/")
    page.locator("#id_word").fill("effacer")
    page.get_by_role("button", name="Effacer mes données").click()
    expect(page.locator(".flash .note--success")).to_be_visible()
    order.refresh_from_db()
    assert (order.email, order.phone) == ("", "")
    assert not User.objects.filter(email=cast.LEA["email"]).exists()
