"""A passkey in a real browser: Chromium makes it with a virtual key, and signs in with it."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator

from tests.accounts.browsers import with_password
from tests.axe import DESK, PHONE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_a_passkey_is_made_and_signs_in(visit, site, grower, asked, viewport):
    page = visit(viewport)
    with_password(page, site, grower)
    page.wait_for_url("**/securite/**")
    page.locator("a[href='/securite/cle/']").click()
    page.locator("[data-passkey=create] button").click()
    page.wait_for_url("**/securite/codes-de-secours/")
    assert page.locator(".codes li").count() == 10
    page.locator("a.btn--big").click()
    page.wait_for_url("**/producteur/")

    page.locator("form[action='/deconnexion/'] button").click()
    with_password(page, site, grower)
    page.wait_for_url("**/connexion/second-facteur/")
    page.locator("[data-passkey=get] button").click()
    page.wait_for_url("**/producteur/")
    assert Authenticator.objects.get(type="webauthn").last_used_at


def test_a_key_that_refuses_is_said(visit, site, grower, asked):
    """The same key a second time: the browser refuses."""
    page = visit(PHONE)
    with_password(page, site, grower)
    page.goto(f"{site}/securite/cle/")
    page.locator("[data-passkey=create] button").click()
    page.wait_for_url("**/securite/codes-de-secours/")
    page.goto(f"{site}/securite/cle/")
    page.locator("[data-passkey=create] button").click()

    page.locator("[data-failed]").wait_for()
    assert Authenticator.objects.filter(type="webauthn").count() == 1


def test_a_passkey_is_taken_away_after_the_password(visit, site, grower, asked):
    page = visit(DESK)
    with_password(page, site, grower)
    page.goto(f"{site}/securite/cle/")
    page.locator("[data-passkey=create] button").click()
    page.wait_for_url("**/securite/codes-de-secours/")
    page.goto(f"{site}/securite/")
    page.locator("a[href$='/retirer/']").click()
    page.locator("main form button").click()
    page.wait_for_url("**/securite/")

    assert not Authenticator.objects.exists()
    page.goto(f"{site}/producteur/")
    assert "/securite/" in page.url
