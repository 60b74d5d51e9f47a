"""The journeys' browser is found, and stands in France."""

from types import SimpleNamespace

import pytest
from playwright.sync_api import Page

from dev import browser


@pytest.mark.journey
def test_the_browser_speaks_french_and_keeps_paris_time(page: Page) -> None:
    page.goto("data:text/html,<h1>Bonjour</h1>")
    assert page.inner_text("h1") == "Bonjour"
    assert page.evaluate("navigator.language") == "fr-FR"
    assert page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone") == "Europe/Paris"


def test_without_any_browser_one_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "system_chromium", lambda: None)
    playwright = SimpleNamespace(chromium=SimpleNamespace(executable_path="/nowhere/chromium"))
    with pytest.raises(LookupError, match="No browser: the journeys need"):
        browser.launch_options(playwright)  # type: ignore[arg-type]  # only its path is read
