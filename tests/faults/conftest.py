"""A town on a stage of real processes, and a Stripe of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from celery import current_app
from django.core.cache import cache
from pytest_django import DjangoDbBlocker, Settings

from dev.fakestripe import API_KEY, SECRET
from dev.till import TILL
from dev.valkey import Valkey
from tests.faults.audit import audit
from tests.faults.people import Town
from tests.faults.stage import CONNECT_SECRET, TIMEOUT_SECONDS, Stage


@pytest.fixture(scope="package")
def processes(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Stage]:
    """Started once: gunicorn and a worker, upon the database of this test run."""
    folder = tmp_path_factory.mktemp("stage")
    stage = Stage(folder, Valkey(folder / "valkey"))
    stage.valkey.start()
    try:
        stage.start()
        yield stage
    finally:
        stage.stop()
        stage.valkey.stop()


@pytest.fixture
def stage(
    processes: Stage, transactional_db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Stage]:
    """All of them running, this process among them as beat would be, and nothing remembered of another test."""
    stage = processes
    monkeypatch.setattr(current_app.conf, "broker_url", stage.valkey.url(0))
    with stage.open_stripe() as fake:
        settings.SITE_URL = stage.site
        settings.STRIPE_API, settings.STRIPE_TIMEOUT = fake.url, TIMEOUT_SECONDS
        settings.STRIPE_SECRET_KEYS, settings.STRIPE_WEBHOOK_SECRETS = {TILL: API_KEY}, {TILL: SECRET}
        settings.STRIPE_CONNECT_SECRETS = {TILL: CONNECT_SECRET}
        cache.clear()
        stage.start()
        yield stage
        fake.clear_faults()
        fake.release()
        stage.rest()


@pytest.fixture
def town(stage: Stage) -> Iterator[Town]:
    """After each test of a town: everything comes to rest, and the books are audited."""
    town = Town.open(stage)
    yield town
    stage.settle()
    audit(stage.fake)
