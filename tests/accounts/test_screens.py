"""Every screen of the doors: accessible at every width, without a script that the policy refuses."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.accounts.browsers import with_password
from tests.accounts.doors import LEA, shown_now
from tests.axe import SMALL, faults

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]


def press(page: Page, field: str = "", typed: str = "") -> None:
    """Fill in a field, and press the first button of the page."""
    if field:
        page.locator(field).fill(typed)
    page.locator("main form .btn").first.click()


def test_the_residents_screens(visit, site):
    page = visit(SMALL)
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


def test_the_screens_of_staff(visit, site, grower, asked):
    page = visit(SMALL)
    with_password(page, site, grower)
    page.wait_for_url("**/securite/**")
    found = faults(page)
    for path in ("connexion/confirmation/", "securite/cle/", "securite/application/"):
        page.goto(f"{site}/{path}")
        found += faults(page)
    press(page, "#id_code", shown_now(page.locator(".key").inner_text().replace(" ", "")))
    page.wait_for_url("**/codes-de-secours/")
    found += faults(page)
    page.goto(f"{site}/securite/cle/")
    page.locator("[data-passkey=create] button").click()
    page.wait_for_url("**/securite/")
    key = page.locator(".factors a[href*='/cle/'][href$='/retirer/']").get_attribute("href") or ""
    again = [f"/connexion/confirmation/{way}" for way in ("code/", "cle/")]
    for path in ("/securite/", "/securite/application/retirer/", "/securite/codes-de-secours/nouveaux/", key, *again):
        page.goto(site + path)
        assert page.url == site + path
        found += faults(page)
    page.locator("form[action='/deconnexion/'] button").click()
    with_password(page, site, grower)
    page.wait_for_url("**/second-facteur/")
    press(page, "#id_code", "12")

    assert [*found, *faults(page)] == []
