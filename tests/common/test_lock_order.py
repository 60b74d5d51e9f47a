"""The order of locks is one table, and the watch over the tests sees who goes back in it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import F

from marche.common.lock_order import LOCK_ORDER
from marche.markets.locks import lock_day, lock_slots
from marche.markets.models import MarketDay
from tests import cast
from tests.house.tree import text_of
from tests.locks import LockWatch

pytestmark = pytest.mark.django_db


OUT_OF_ORDER = ["markets_slot is locked after markets_marketday"]


@pytest.fixture(autouse=True)
def _rows_are_locked_in_one_order() -> None:
    """Here they are not, on purpose."""


@pytest.fixture
def day() -> MarketDay:
    return cast.saturday(cast.beauvais())


def faults_of(deed: Callable[[], object]) -> list[str]:
    faults: list[str] = []
    with connection.execute_wrapper(LockWatch(faults)), transaction.atomic():
        deed()
    return faults


def raise_version(day: MarketDay) -> int:
    return MarketDay.objects.filter(pk=day.pk).update(catalogue_version=F("catalogue_version") + 1)


def test_the_order_may_be_followed(day: MarketDay) -> None:
    assert faults_of(lambda: (lock_slots(day.pk), lock_day(day.pk), raise_version(day))) == []


def test_a_lock_before_its_turn_is_a_fault(day: MarketDay) -> None:
    assert faults_of(lambda: (lock_day(day.pk), lock_slots(day.pk))) == OUT_OF_ORDER


def test_an_update_locks_as_well(day: MarketDay) -> None:
    assert faults_of(lambda: (raise_version(day), lock_slots(day.pk))) == OUT_OF_ORDER


def test_another_transaction_begins_anew(day: MarketDay) -> None:
    faults: list[str] = []
    with connection.execute_wrapper(LockWatch(faults)):
        with transaction.atomic():
            lock_day(day.pk)
        with transaction.atomic():
            lock_slots(day.pk)
    assert faults == []


def test_what_is_ordered_are_tables() -> None:
    assert set(LOCK_ORDER) <= {model._meta.db_table for model in apps.get_models()}


def test_the_documents_tell_the_same_order() -> None:
    page = text_of("docs/architecture.md")
    steps = re.findall(r"^\d+\. .*$", page[page.index("## Locks") : page.index("## Placing")], re.MULTILINE)
    assert re.findall(r"`(\w+)`", " ".join(steps)) == list(LOCK_ORDER)
