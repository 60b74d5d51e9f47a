"""Whoever was erased does not come back with a backup."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from marche.common.actors import Actor
from marche.common.refusals import Refused
from marche.payments.hold import resume
from orders.actions.cancel_order import cancel_order
from orders.actions.erase_resident import erase_resident
from orders.actions.replay_erasures import replay_erasures
from orders.models import Pickup
from orders.tasks import replay_erasures as task
from producers.models import Listing
from tests import cast
from tests.orders.online.restore.backups import back_up, restore
from tests.orders.resident.account.people import account_of, ordered_by

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def log(settings: Settings, tmp_path: Path) -> Path:
    settings.ERASURES_LOG = tmp_path / "journal" / "erasures.log"
    return tmp_path / "journal" / "erasures.log"


@pytest.fixture
def lea() -> User:
    return account_of("lea@example.org")


@pytest.fixture
def pickup(lea: User, carrots: Listing) -> Pickup:
    """Léa's order; Odette's stands beside it."""
    resume()
    cast.placed_order({carrots: 1}, **cast.ODETTE)
    return ordered_by(lea, cast.basket_of({carrots: 1}))


def erase(pickup: Pickup, lea: User) -> None:
    cancel_order(pickup.pk, reason="Je ne peux pas venir", by=Actor.resident())
    assert erase_resident(lea.pk)


def names() -> list[str]:
    return list(Pickup.objects.order_by("pk").values_list("name", flat=True))


def test_a_restored_database_erases_them_again_by_itself(pickup: Pickup, lea: User, tmp_path: Path) -> None:
    """Although the order, that was cancelled since, is open again."""
    dump = back_up(tmp_path)
    erase(pickup, lea)
    restore(dump)
    assert names() == ["Odette Caron", "Léa Dumont"]

    task()
    assert names()[0] == "Odette Caron"
    assert "Léa" not in names()[1]
    assert not User.objects.filter(email="lea@example.org").exists()
    assert not Pickup.objects.filter(email="lea@example.org").exists()
    assert replay_erasures() == (0, 0), "doing it again finds nobody"


def test_an_order_whose_account_came_after_the_backup_is_erased(carrots: Listing, tmp_path: Path) -> None:
    pickup = cast.placed_order({carrots: 1})
    dump = back_up(tmp_path)
    lea = account_of("lea@example.org")
    erase(pickup, lea)
    restore(dump)

    assert replay_erasures(dry_run=True) == (0, 1)
    assert names() == ["Léa Dumont"]
    assert replay_erasures() == (0, 1)
    assert "Léa" not in names()[0]


def test_who_has_the_key_of_somebody_erased_is_another_person(pickup: Pickup, lea: User) -> None:
    key, joined = lea.pk, lea.date_joined
    erase(pickup, lea)
    User.objects.create(
        pk=key, username="odette", email="odette@example.org", date_joined=joined + dt.timedelta(seconds=1)
    )

    assert replay_erasures() == (0, 0)
    assert User.objects.filter(pk=key).exists()


def test_the_file_names_nobody(pickup: Pickup, lea: User, log: Path) -> None:
    erase(pickup, lea)

    text = log.read_text()
    for word in ("Léa", "lea@example.org", pickup.order.number, pickup.code):
        assert word not in text
    assert log.stat().st_mode & 0o077 == 0


def test_a_line_that_was_cut_off_is_left_out(pickup: Pickup, lea: User, log: Path) -> None:
    erase(pickup, lea)
    with log.open("a") as file:
        file.write('{"at": "2026-11-2')

    assert replay_erasures() == (0, 0)


def test_nobody_is_erased_whom_the_file_would_not_remember(pickup: Pickup, lea: User, settings: Settings) -> None:
    settings.ERASURES_LOG = "/proc/nowhere/erasures.log"

    with pytest.raises(Refused) as refused:
        erase(pickup, lea)
    assert refused.value.problems[0].code == "not-remembered"
    assert "Léa Dumont" in names()


def test_without_a_file_nobody_was_erased(pickup: Pickup) -> None:
    assert replay_erasures() == (0, 0)
