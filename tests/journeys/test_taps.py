"""Taps on − and + and typed numbers: none is lost, however fast they come and wherever one goes next."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from oscar.core.loading import get_model
from playwright.sync_api import Locator, Page, Route, expect

from orders.models import DayBasket
from producers.models import Listing
from tests.axe import DESK, PHONE
from tests.journeys.conftest import City

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]

BasketLine = get_model("basket", "Line")
INTERVALS = (50, 150, 400)  # milliseconds between two taps
THUMB = {"has_touch": True, "is_mobile": True}
REFUSED = ".step__said"


def row(page: Page, product: str) -> Locator:
    return page.locator("li.prod, li.line", has_text=product)


def number(page: Page, product: str) -> Locator:
    return row(page, product).get_by_role("spinbutton")


def tap(page: Page, product: str, *, times: int = 1, every: int = 50, sign: str = "Plus", thumb: bool = False) -> None:
    """Tap the same spot of the screen again and again, as a finger does: whatever lies there is hit."""
    button = row(page, product).get_by_role("button", name=sign)
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box
    spot = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    for _tap in range(times):
        if thumb:
            page.touchscreen.tap(*spot)
        else:
            page.mouse.click(*spot)
        page.wait_for_timeout(every)


def places(page: Page) -> list[list[float]]:
    """Where every − and + lies on the page, however far it is scrolled."""
    places: list[list[float]] = page.locator(".step button").evaluate_all(
        """buttons => buttons.map(b => b.getBoundingClientRect()).filter(r => r.width)
            .map(r => [r.x + scrollX, r.y + scrollY, r.width, r.height])"""
    )
    return places


def held() -> dict[str, int]:
    """What the open baskets hold: of one visitor, for there is one here."""
    assert DayBasket.objects.filter(open=True).values("visitor").distinct().count() <= 1
    lines = BasketLine.objects.filter(basket__of_day__open=True)
    return dict(lines.values_list("product__title", "quantity"))


def until(page: Page, expected: dict[str, int]) -> None:
    """What was sent on leaving a page arrives, a moment later."""
    for _try in range(50):
        if held() == expected:
            return
        page.wait_for_timeout(100)
    assert held() == expected


def open_day(page: Page, city: City) -> None:
    page.goto(f"{city.url}{city.day.get_absolute_url()}")


def open_basket(page: Page) -> None:
    """By the link in the head of the page, at once."""
    page.get_by_role("link", name="Panier").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre panier")


def saved(page: Page, total: str) -> None:
    """The head of the page says what the basket comes to, as the site has answered."""
    expect(page.locator("[data-basket-total]").first).to_have_text(total)


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
    assert held() == {"Carottes": 2}
