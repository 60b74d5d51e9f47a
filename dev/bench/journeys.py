"""One order from an empty basket to its confirmation, as a browser goes there: ours, and that of a stock Oscar.

Every page is looked at; redirects are followed, as browsers do. Ours puts goods into the basket as the stepper does it
(JSON, no page after it) unless `script` is off.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dev.rehearsal.client import JSON, Browser, SiteError
from dev.rehearsal.pages import Form, Page

LINES = 6
Journey = Callable[[Browser, int], None]


def our_journey(day_path: str, listings: Sequence[int], *, script: bool = True) -> Journey:
    """From the home page to the ticket, with six goods of this day that differ from person to person."""

    def go(browser: Browser, number: int) -> None:
        browser.get("/", "home")
        browser.get(day_path, "day")
        fill_ours(browser, _some(listings, number), script=script)
        contact = browser.follow(browser.get("/commande/", "contact", 302), "contact")
        form = _form_with(contact, "slot")
        slots = form.choices["slot"]
        typed = {"name": f"Léa {number}", "email": f"lea.{number}@example.org", "slot": slots[number % len(slots)]}
        verify = browser.follow(browser.send(form, "contact", **typed), "verification")
        ticket = browser.follow(browser.send(_form_with(verify, "shown"), "place"), "ticket")
        _must(ticket, b"ticket__no")

    return go


def fill_ours(browser: Browser, listings: Sequence[int], *, script: bool = True) -> None:
    for listing in listings:
        if script:
            browser.post(f"/panier/{listing}/", {"q": "1"}, "add to basket", 200, accept=JSON)
        else:
            browser.follow(browser.post(f"/panier/{listing}/", {"q": "1"}, "add to basket"), "day")


def oscar_journey(products: Sequence[str]) -> Journey:
    """From the home page to “thank you”, as a guest, with six of these products."""

    def go(browser: Browser, number: int) -> None:
        browser.follow(browser.get("/", "home", 302), "home")
        fill_oscar(browser, _some(products, number))
        basket = browser.get("/basket/", "basket")
        _must(basket, b'class="basket-items"', LINES)
        to_address(browser, number)
        address = _form_with(browser.get(browser.here, "address"), "line1")
        where = {"first_name": "Léa", "last_name": str(number), "line1": "1 rue du Marché", "line4": "Beauvais"}
        page = browser.follow(browser.send(address, "address", **where, postcode="60000"), "method, payment")
        _must(page, b"view_preview")
        preview = browser.get("/checkout/preview/", "preview")
        thanks = browser.follow(browser.send(_form_with(preview, "action"), "place"), "thank you")
        if not thanks.path.endswith("/thank-you/"):
            raise SiteError(f"no order: {thanks.path}")

    return go


def fill_oscar(browser: Browser, products: Sequence[str]) -> None:
    for product in products:
        form = next(form for form in browser.get(product, "product").forms if "/basket/add/" in form.action)
        browser.follow(browser.send(form, "add to basket", quantity="1"), "product")


def to_address(browser: Browser, number: int) -> None:
    """As a guest, to the page that asks where to deliver."""
    guest = _form_with(browser.get("/checkout/", "guest"), "username")
    typed = {"username": f"lea.{number}@example.org", "options": "anonymous"}
    browser.follow(browser.send(guest, "guest", **typed), "address")


def _some(goods: Sequence[int] | Sequence[str], number: int) -> list[Any]:
    """Six that lie apart, others for each person, the same in each run."""
    return [goods[(number * 7 + line * 17) % len(goods)] for line in range(LINES)]


def _form_with(page: Page, field: str) -> Form:
    for form in page.forms:
        if field in form.fields or field in form.choices:
            return form
    raise SiteError(f"{page.path}: no form that asks for {field}: {page.heading}")


def _must(page: Page, marker: bytes, least: int = 1) -> None:
    if page.content.count(marker) < least:
        raise SiteError(f"{page.path}: {marker!r} is missing")


def journey_of(said: Mapping[str, Any]) -> Journey:
    """As it is told in JSON to another process."""
    if "products" in said:
        return oscar_journey(said["products"])
    return our_journey(said["day"], said["listings"], script=said.get("script", True))
