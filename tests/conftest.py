"""What every test may use: a migrated database of its own worker, and a browser that speaks French."""

import os
import tempfile
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.test import TransactionTestCase
from django.utils import timezone, translation
from playwright.sync_api import Playwright, expect
from pytest_django import Settings
from pytest_django.plugin import DjangoDbBlocker

from dev.browser import launch_options
from dev.fakestripe import API_KEY, SECRET, FakeStripe
from dev.template import throwaway
from marche.payments.cache_keys import CAUGHT_UP, KEY_STATE, cache_key
from marche.payments.tills import Till
from tests import cast
from tests.locks import watch_locks
from tests.migrated import MigratedRows
from tests.selection import mark_by_need, quick
from tests.static_files import read_static_files_once
from tests.stripe import CONNECT_SECRET, TILL

# Real hashing is slow on purpose; these passwords guard nothing.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

_journal = tempfile.TemporaryDirectory()  # it goes with the process
settings.ERASURES_LOG = Path(_journal.name) / "erasures.log"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--fast", action="store_true", help="no browser, no processes, no races, one case of each test")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        mark_by_need(item)
    if config.getoption("fast"):
        items[:], left = quick(items)
        config.hook.pytest_deselected(items=left)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[MigratedRows]:
    """A copy of the migrated template for this worker, in place of pytest-django's own migration of 20 s."""
    with django_db_blocker.unblock(), throwaway(os.environ["DATABASE_URL"]) as url:
        name = url.rpartition("/")[2]
        settings.DATABASES["default"]["NAME"] = connections["default"].settings_dict["NAME"] = name
        migrated = MigratedRows()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: migrated.restore())
            yield migrated
        connections.close_all()


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_read_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        read_static_files_once(patch)
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], playwright: Playwright) -> dict[str, Any]:
    """Playwright's own Chromium, else the system's; without any, the test fails with one sentence."""
    expect.set_options(timeout=15_000)  # milliseconds: for a page on a machine that has other work
    try:
        return {**browser_type_launch_args, **launch_options(playwright)}
    except LookupError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "fr-FR", "timezone_id": "Europe/Paris"}


@pytest.fixture
def fresh_cache() -> None:
    """Nothing of another test is kept: a piece of a page, a count of attempts."""
    cache.clear()


@pytest.fixture(autouse=True)
def _the_sites_own_clock_and_language() -> Iterator[None]:
    """A view leaves the clock of its market and the language of its reader behind: the next test goes by neither."""
    yield
    timezone.deactivate()
    translation.deactivate()


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Tuesday, while orders for Saturday are open; a test moves on."""
    with time_machine.travel(cast.OPEN_TIME, tick=False) as traveller:
        yield traveller


@pytest.fixture
def tuesday(clock: time_machine.Traveller) -> None:
    """Orders for Saturday are open."""


@pytest.fixture
def stripe(settings: Settings) -> Iterator[FakeStripe]:
    """Events wait until the test takes them: `fake.take()`, or `deliver(fake)`."""
    with FakeStripe(connect_secret=CONNECT_SECRET) as fake:
        settings.STRIPE_API = fake.url
        settings.STRIPE_SECRET_KEYS = {TILL: API_KEY}
        settings.STRIPE_WEBHOOK_SECRETS = {TILL: SECRET}
        settings.STRIPE_CONNECT_SECRETS = {TILL: CONNECT_SECRET}
        settings.STRIPE_PAGES = [fake.url]
        policy = deepcopy(settings.CONTENT_SECURITY_POLICY)
        policy["DIRECTIVES"]["form-action"].append(fake.url)
        settings.CONTENT_SECURITY_POLICY = policy
        for what in (CAUGHT_UP, KEY_STATE):  # an earlier test may have had the same port
            cache.delete(cache_key(what, Till(TILL, API_KEY)))
        yield fake


@pytest.fixture(autouse=True)
def _rows_are_locked_in_one_order() -> Iterator[None]:
    """Whatever a test is about: see marche/common/lock_order.py."""
    for faults in watch_locks():
        yield
        assert faults == []
