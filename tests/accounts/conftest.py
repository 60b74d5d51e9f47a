"""Residents and staff at their doors. No attempt of another test is counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django import Settings

from tests import cast
from tests.accounts.browsers import browsers


@pytest.fixture(autouse=True)
def _fresh_cache(fresh_cache: None) -> None:
    """No attempt of another test is counted."""


@pytest.fixture
def tuesday() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(cast.OPEN_TIME, tick=False) as clock:
        yield clock


@pytest.fixture
def client() -> Client:
    """A browser that reads English, the language of the source."""
    browser = Client()
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return browser


@pytest.fixture
def asked(settings: Settings) -> None:
    """As in production: staff need a second factor."""
    settings.STAFF_SECOND_FACTOR = True


@pytest.fixture
def grower() -> User:
    """A member of La Ferme du Ru."""
    return cast.ferme_du_ru(cast.beauvais()).partner.users.get()


@pytest.fixture
def visit(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Callable[[dict[str, int]], Page]]:
    with browsers(browser, browser_context_args) as open_page:
        yield open_page


@pytest.fixture
def site(live_server: Any, settings: Settings) -> str:
    """Passkeys need a name: a number is none."""
    settings.SITE_URL = f"http://localhost:{live_server.thread.port}"
    return settings.SITE_URL
