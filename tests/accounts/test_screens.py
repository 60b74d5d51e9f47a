"""Every screen of the doors: accessible, within 320 px, without a script that the policy refuses."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.accounts.browsers import DESK, SMALL, with_password
from tests.accounts.doors import LEA, shown_now

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]

sizes = pytest.mark.parametrize("viewport", [SMALL, DESK], ids=["320 px", "1280 px"])


def faults(page: Page) -> list[str]:
    """What axe finds on the page that is open, and whether it must be scrolled sideways."""
    found = [f"{page.url}: {fault['id']}" for fault in Axe().run(page).response["violations"]]
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [*found, f"{page.url}: scrolls sideways"] if wide else found


def press(page: Page, field: str = "", typed: str = "") -> None:
    """Fill in a field, and press the first button of the page."""
    if field:
        page.locator(field).fill(typed)
    page.locator("main form .btn").first.click()


@sizes
def test_the_residents_screens(visit, site, viewport):
    page = visit(viewport)
    page.goto(f"{site}/mon-compte/connexion/")
    found = faults(page)
    for typed in ("lea", LEA):
        press(page, "#id_email", typed)
        found += faults(page)
    for _try in range(5):
        press(page, "#id_code", "12")
        found += faults(page)
    for _time in range(5):
        page.goto(f"{site}/mon-compte/connexion/")
        press(page, "#id_email", LEA)
    found += faults(page)  # too many attempts

    assert found == []


@sizes
def test_the_screens_of_staff(visit, site, grower, asked, viewport):
    page = visit(viewport)
    with_password(page, site, grower)
    page.wait_for_url("**/securite/**")
    found = faults(page)
    page.goto(f"{site}/securite/cle/")
    found += faults(page)
    page.goto(f"{site}/securite/application/")
    found += faults(page)
    press(page, "#id_code", shown_now(page.locator(".key").inner_text().replace(" ", "")))
    page.wait_for_url("**/codes-de-secours/")
    found += faults(page)
    for path in ("", "application/retirer/", "codes-de-secours/nouveaux/"):
        page.goto(f"{site}/securite/{path}")
        found += faults(page)
    page.locator("form[action='/deconnexion/'] button").click()
    with_password(page, site, grower)
    page.wait_for_url("**/second-facteur/")
    press(page, "#id_code", "12")

    assert [*found, *faults(page)] == []
