"""People at the doors with a real browser, which has a passkey of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.models import User
from playwright.sync_api import Browser, BrowserContext, Page

from tests.accounts.doors import PASSWORD

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@contextmanager
def browsers(browser: Browser, options: dict[str, Any]) -> Iterator[Callable[[dict[str, int]], Page]]:
    """Open pages of a size. A script’s fault, or what the content security policy refuses, fails the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(viewport: dict[str, int]) -> Page:
        context = browser.new_context(**{**options, "viewport": viewport})
        context.set_default_timeout(15_000)  # milliseconds
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
        tools = context.new_cdp_session(page)
        tools.send("WebAuthn.enable")
        tools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not faults


def with_password(page: Page, site: str, person: User) -> None:
    page.goto(f"{site}/connexion/?next=/producteur/")
    page.locator("#id_username").fill(person.email)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("main form button").first.click()
