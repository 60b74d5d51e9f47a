"""Every page of every role: accessible, light, within 320 px, and free of cookies where it promises so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, Response

from marche.views import PAGES
from orders.actions.close_day import close_day
from orders.models import Pickup, Summary
from producers.models import Listing, Producer
from tests import cast
from tests.journeys.conftest import DESK, PHONE, SMALL, TABLET, City

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]

BUDGET_BYTES, BUDGET_REQUESTS, BUDGET_SCRIPT_BYTES = 250_000, 15, 10_000


def pages_of_residents(city: City) -> list[str]:
    """With something in the basket, and an order placed."""
    listing = Listing.objects.filter(day=city.day, quantity__gt=5)[0]
    pickup = Pickup.objects.first() or cast.placed_order({listing: 1})
    day = city.day.get_absolute_url()
    return [
        "/",
        f"/marches/{city.day.market.slug}/",
        day,
        f"{day}?etal=1",
        f"{day}?q=pommes",
        f"{day}?q=zzzzzz",
        listing.get_absolute_url(),
        listing.producer.get_absolute_url(),
        "/panier/",
        pickup.get_absolute_url(),
        "/billet/AAAA-AAAA-AAAA/",
        "/nulle-part/",
        "/connexion/",
        *(f"/informations/{slug}/" for slug in PAGES),
    ]


def pages_of_producers(city: City) -> list[str]:
    producer = Producer.objects.order_by("pk")[0]
    root = f"/producteur/{producer.slug}"
    return [
        "/producteur/",
        f"{root}/{city.day.market.slug}/{city.day.date}/",
        f"{root}/produits/",
        f"{root}/produits/nouveau/",
        f"{root}/produits/{producer.sheets.all()[0].pk}/",
    ]


def pages_of_managers(city: City) -> list[str]:
    listing = Listing.objects.filter(day=city.day, quantity__gt=5)[0]
    pickup = Pickup.objects.first() or cast.placed_order({listing: 1})
    market = city.day.market.slug
    day = f"/gestion/{market}/{city.day.date}/"
    return ["/gestion/", day, f"{day}commandes/{pickup.number}/", f"/gestion/{market}/reglages/"]


def sign_in_as(role: str, city: City, page: Page) -> list[str]:
    """Sign in for this role, and return its pages."""
    if role == "producer":
        city.sign_in(page, Producer.objects.order_by("pk")[0].partner.users.all()[0])
        return pages_of_producers(city)
    if role == "manager":
        city.sign_in(page, User.objects.get(managed_markets=city.day.market))
        return pages_of_managers(city)
    return pages_of_residents(city)


def faults(page: Page, url: str) -> list[str]:
    """What axe finds on a page, and whether it must be scrolled sideways."""
    page.goto(url)
    found = [
        f"{url}: {fault['id']} {node['target']}"
        for fault in Axe().run(page).response["violations"]
        for node in fault["nodes"]
    ]
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [*found, f"{url}: scrolls sideways"] if wide else found


@pytest.mark.parametrize("viewport", [SMALL, TABLET, DESK], ids=["320 px", "768 px", "1280 px"])
@pytest.mark.parametrize("role", ["resident", "producer", "manager"])
def test_axe_finds_nothing_on_any_page(full_market: City, visit: Callable[..., Page], role, viewport):
    page = visit(viewport)
    addresses = sign_in_as(role, full_market, page)

    assert [fault for address in addresses for fault in faults(page, full_market.url + address)] == []


def test_axe_finds_nothing_on_the_way_to_an_order(full_market: City, visit: Callable[..., Page]):
    page = visit(PHONE)
    page.goto(full_market.url + full_market.day.get_absolute_url())
    page.locator("li.prod form.step button[value='1']").first.click()
    page.locator("li.prod.is-in").first.wait_for()
    page.goto(f"{full_market.url}/commande/")
    contact = page.url
    page.locator("main form button.btn--big").click()
    found = [
        f"{fault['id']} {node['target']}" for fault in Axe().run(page).response["violations"] for node in fault["nodes"]
    ]

    assert [*found, *faults(page, contact), *faults(page, f"{full_market.url}/panier/")] == []


def test_axe_finds_nothing_on_a_summary_opened_from_its_mail(full_market: City, visit: Callable[..., Page]):
    listing = Listing.objects.filter(day=full_market.day, quantity__gt=5)[0]
    cast.placed_order({listing: 1})
    full_market.day.closes_at = timezone.now()
    full_market.day.save()
    close_day(full_market.day.pk)

    assert faults(visit(PHONE), full_market.url + Summary.objects.get().get_absolute_url()) == []


@pytest.mark.parametrize("name", ["home", "day"])
def test_home_and_catalogue_stay_within_their_weight(full_market: City, visit: Callable[..., Page], name):
    page = visit(PHONE)
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    path = "/" if name == "home" else full_market.day.get_absolute_url()
    page.goto(full_market.url + path, wait_until="networkidle")

    weights = {answer.url: len(answer.body()) for answer in answers}
    scripts = sum(weight for url, weight in weights.items() if url.endswith(".js"))
    assert len(weights) <= BUDGET_REQUESTS
    assert sum(weights.values()) <= BUDGET_BYTES
    assert scripts <= BUDGET_SCRIPT_BYTES
    assert all(url.startswith(full_market.url) for url in weights)


def test_looking_around_sets_no_cookie(full_market: City, visit: Callable[..., Page]):
    page = visit(PHONE)
    for path in ("/", full_market.day.get_absolute_url(), Producer.objects.all()[0].get_absolute_url()):
        page.goto(full_market.url + path)

    assert page.context.cookies() == []


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_the_origin_is_written_as_large_as_the_price(full_market: City, visit: Callable[..., Page], viewport):
    """Décret 2010-109."""
    page = visit(viewport)
    page.goto(full_market.url + full_market.day.get_absolute_url())
    sizes = page.evaluate(
        """[...document.querySelectorAll("li.prod")].filter(row => row.querySelector(".prod__origin")).map(row => [
            getComputedStyle(row.querySelector(".prod__price b")).fontSize,
            getComputedStyle(row.querySelector(".prod__origin")).fontSize])"""
    )

    assert len(sizes) > 20
    assert {price == origin for price, origin in sizes} == {True}
