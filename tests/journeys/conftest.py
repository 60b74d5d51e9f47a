"""A city on its Tuesday, served for real, and people with a browser each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from playwright.sync_api import Browser, BrowserContext, Page

from dev.demo.load import load
from marche.markets.models import MarketDay
from tests import cast
from tests.journeys.city import PASSWORD, City
from tests.migrated import MigratedRows, RowsOnce

pytestmark = pytest.mark.journey


@pytest.fixture(autouse=True)
def _fresh_cache(fresh_cache: None) -> None:
    """No attempt to sign in of another test is counted: all of them are made on the same Tuesday."""


@pytest.fixture
def tuesday() -> Iterator[None]:
    with time_machine.travel(cast.OPEN_TIME, tick=True):
        yield


@pytest.fixture
def beauvais(tuesday: None, live_server: Any, settings: Any) -> City:
    """Two stalls and three products: enough to walk through."""
    settings.SITE_URL = live_server.url
    market = cast.beauvais()
    day = cast.saturday(market)
    farm, rucher = cast.ferme_du_ru(market), cast.le_rucher(market)
    cast.listing(cast.carrots(farm), day, price_cents=375, quantity=10)
    cast.listing(cast.chicken(farm), day, price_cents=980, quantity=4)
    cast.listing(cast.honey(rucher), day, price_cents=850, quantity=3)
    return City(live_server.url, day)


@pytest.fixture(scope="session")
def demo(django_db_setup: MigratedRows) -> RowsOnce:
    """The demo as of the Tuesday; everybody has the same password."""

    def made() -> None:
        load()
        for user in User.objects.all():
            user.set_password(PASSWORD)
            user.save()

    return RowsOnce(django_db_setup, made)


@pytest.fixture
def full_market(tuesday: None, live_server: Any, settings: Any, demo: RowsOnce) -> City:
    """The demo market, with all its goods."""
    settings.SITE_URL = live_server.url
    demo.here()
    return City(live_server.url, MarketDay.objects.get(date=cast.SATURDAY))


@pytest.fixture
def visit(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Callable[..., Page]]:
    """Open a new browser: `visit(PHONE, java_script_enabled=False)`. A script's fault fails the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_browser(viewport: dict[str, int], **options: Any) -> Page:
        context = browser.new_context(**{**browser_context_args, "viewport": viewport, **options})
        context.set_default_timeout(15_000)  # milliseconds
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
        return page

    yield open_browser
    for context in contexts:
        context.close()
    assert not faults
