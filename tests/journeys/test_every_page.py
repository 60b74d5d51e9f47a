"""Every page of every role: accessible, light, within 320 px, and free of cookies where it promises so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from django.contrib.auth.models import User
from playwright.sync_api import Page, Response
from pytest_django import Settings

from marche.views import PAGES
from orders.models import Pickup, Summary
from producers.models import Listing, Producer
from tests import cast
from tests.axe import DESK, PHONE, faults
from tests.journeys.city import City
from tests.journeys.week import Week, account_of, close, whole_week

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
        "/connexion/compte-ferme/",
        "/mon-compte/connexion/",
        *(f"/informations/{slug}/" for slug in PAGES),
    ]


def pages_of_producers(city: City) -> list[str]:
    producer = Producer.objects.order_by("pk")[0]
    root = f"/producteur/{producer.slug}"
    return [
        "/producteur/",
        f"{root}/{city.day.market.slug}/{city.day.date}/",
        f"{root}/{city.day.market.slug}/{city.day.date}/etal/",
        f"{root}/produits/",
        f"{root}/produits/nouveau/",
        f"{root}/produits/{producer.sheets.all()[0].pk}/",
        "/gestion/",  # 403
    ]


def pages_of_managers(city: City) -> list[str]:
    listing = Listing.objects.filter(day=city.day, quantity__gt=5)[0]
    pickup = Pickup.objects.first() or cast.placed_order({listing: 1})
    market = city.day.market.slug
    day = f"/gestion/{market}/{city.day.date}/"
    return [
        "/gestion/",
        day,
        f"{day}commandes/{pickup.number}/",
        f"{day}bilan/",
        f"/gestion/{market}/{cast.SATURDAY.replace(month=12, day=12)}/bilan/",  # nothing yet
        f"/gestion/{market}/reglages/",
    ]


def sign_in_as(role: str, city: City, page: Page) -> list[str]:
    """Sign in for this role, and return its pages."""
    if role == "producer":
        city.sign_in(page, Producer.objects.order_by("pk")[0].partner.users.all()[0])
        return pages_of_producers(city)
    if role == "manager":
        city.sign_in(page, User.objects.get(managed_markets=city.day.market))
        return pages_of_managers(city)
    return pages_of_residents(city)


def faults_of(page: Page, *urls: str) -> list[str]:
    """What is wrong with these pages."""
    found = []
    for url in urls:
        page.goto(url)
        found += faults(page)
    return found


@pytest.mark.parametrize("role", ["resident", "producer", "manager"])
def test_axe_finds_nothing_on_any_page(full_market: City, visit: Callable[..., Page], role):
    page = visit(PHONE)
    addresses = sign_in_as(role, full_market, page)

    assert faults_of(page, *(full_market.url + address for address in addresses)) == []


def pages_of_the_week(role: str, week: Week) -> dict[dt.datetime, list[str]]:
    """The pages of this role that change on the market day and after it."""
    day = f"{week.day.market.slug}/{week.day.date}/"
    if role == "resident":
        account = ["/mon-compte/", week.lea.get_absolute_url()]
        return {
            cast.NINE: [*account, week.nour.get_absolute_url()],
            cast.SUNDAY: [*account, "/mon-compte/mes-donnees/"],
        }
    if role == "producer":
        stall = f"/producteur/{week.first_stall.slug}/{day}etal/"
        orders = [week.paul, week.odette, week.lea, week.nour]  # to hand over, to pay, done, cancelled
        lists = ["", "?liste=a-payer", "?liste=remises", "?liste=toutes", "?q=zzzzzz"]
        pages = [*lists, *(f"{order.number}/" for order in orders)]
        bench = stall.replace("/etal/", "/preparation/")
        benches = [bench, *(f"{bench}{order.number}/" for order in (week.paul, week.nour))]
        return {cast.NINE: [*benches, *(stall + page for page in pages)], cast.SUNDAY: ["/producteur/"]}
    root = f"/gestion/{day}"
    report = f"{root}bilan/?tri=produits.-montant"
    return {
        cast.NINE: [root, f"{root}?etat=en-partie", f"{root}commandes/{week.lea.number}/", report],
        cast.SUNDAY: ["/gestion/", root, report],
    }


@pytest.mark.parametrize("role", ["resident", "producer", "manager"])
def test_axe_finds_nothing_on_the_market_day_and_after_it(full_market: City, visit: Callable[..., Page], role):
    week = whole_week(full_market.day)
    people = {
        "resident": User.objects.get(email=cast.LEA["email"]),
        "producer": week.first_stall.partner.users.all()[0],
        "manager": User.objects.get(managed_markets=week.day.market),
    }
    found = []
    for when, addresses in pages_of_the_week(role, week).items():
        page = visit(PHONE)
        with time_machine.travel(when, tick=True):
            full_market.sign_in(page, people[role])
            found += faults_of(page, *(full_market.url + address for address in addresses))

    assert found == []


def test_axe_finds_nothing_on_a_form_that_was_refused_at_the_stall(full_market: City, visit: Callable[..., Page]):
    week = whole_week(full_market.day)
    stall = f"/producteur/{week.first_stall.slug}/{week.day.market.slug}/{week.day.date}/etal/"
    page = visit(PHONE)
    with time_machine.travel(cast.NINE, tick=True):
        full_market.sign_in(page, week.first_stall.partner.users.all()[0])
        page.goto(f"{full_market.url}{stall}{week.paul.number}/")
        page.locator("#id_amount").fill("beaucoup")
        page.locator("button[value=cash]").first.click()
        page.locator("#errors").wait_for()
        found = faults(page)

    assert found == []


def test_axe_finds_nothing_on_the_pages_of_an_account_without_orders(full_market: City, visit: Callable[..., Page]):
    page = visit(PHONE)
    full_market.sign_in(page, account_of(cast.LEA["email"]))
    found = faults_of(page, f"{full_market.url}/mon-compte/", f"{full_market.url}/mon-compte/mes-donnees/")
    page.locator("#id_word").fill("non")
    page.locator("main form .btn--danger").click()
    page.locator("#errors").wait_for()

    assert [*found, *faults(page)] == []


def test_axe_finds_nothing_on_the_pages_that_refuse(full_market: City, visit: Callable[..., Page], settings: Settings):
    """A form whose token is gone; too many codes for one address; a form that is far too large; maintenance."""
    page = visit(PHONE)
    found: list[str] = []
    answers: list[int] = []
    page.on("response", lambda answer: answers.append(answer.status) if answer.status >= 400 else None)

    def ask_for_a_code() -> None:
        page.goto(f"{full_market.url}/mon-compte/connexion/")
        page.locator("#id_email").fill("lea@example.org")

    ask_for_a_code()
    page.context.clear_cookies()
    page.locator("main form .btn").click()
    page.locator(".lost").wait_for()
    found += faults(page)
    for _time in range(6):
        ask_for_a_code()
        page.locator("main form .btn").click()
    found += faults(page)
    page.goto(f"{full_market.url}/connexion/")
    page.locator("#id_username").fill("lea@example.org")
    page.locator("#id_password").fill("a password")
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10  # bytes
    page.locator("main form .btn").click()
    found += faults(page)
    settings.MAINTENANCE = True
    found += faults_of(page, f"{full_market.url}/panier/")

    assert (found, answers) == ([], [403, 429, 400, 503])


def test_axe_finds_nothing_on_the_way_to_an_order(full_market: City, visit: Callable[..., Page]):
    page = visit(PHONE)
    page.goto(full_market.url + full_market.day.get_absolute_url())
    page.locator("li.prod form.step button[value='1']").first.click()
    page.locator("[data-basket-total]", has_text="€").first.wait_for()
    page.goto(f"{full_market.url}/commande/")
    contact = page.url
    page.locator("main form button.btn--big").click()

    assert [*faults(page), *faults_of(page, contact, f"{full_market.url}/panier/")] == []


def test_axe_finds_nothing_on_a_summary_opened_from_its_mail(full_market: City, visit: Callable[..., Page]):
    listing = Listing.objects.filter(day=full_market.day, quantity__gt=5)[0]
    cast.placed_order({listing: 1})
    close(full_market.day)

    assert faults_of(visit(PHONE), full_market.url + Summary.objects.get().get_absolute_url()) == []


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
