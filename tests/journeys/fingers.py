"""Fingers on − and + and in the fields of numbers, as the journeys use them."""

from __future__ import annotations

from django.conf import settings
from playwright.sync_api import Locator, Page, expect

from marche.shop.oscar import BasketLine
from orders.models import DayBasket
from tests.journeys.city import City

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
    """What was sent on leaving a page arrives, a moment later, and the browser learns which basket is its own."""
    for _try in range(50):
        if held() == expected and has_basket(page):
            return
        page.wait_for_timeout(100)
    assert held() == expected


def has_basket(page: Page) -> bool:
    return any(cookie.get("name") == settings.BASKET_COOKIE_NAME for cookie in page.context.cookies())


def open_day(page: Page, city: City) -> None:
    page.goto(f"{city.url}{city.day.get_absolute_url()}")


def open_basket(page: Page) -> None:
    """By the link in the head of the page, at once."""
    page.get_by_role("link", name="Panier").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre panier")


def saved(page: Page, total: str) -> None:
    """The head of the page says what the basket comes to, as the site has answered."""
    expect(page.locator("[data-basket-total]").first).to_have_text(total)
