"""Exactly once: worker, broker and database are killed at chosen points, and the mails that arrive are counted.

The points are chosen from outside: a lock on the table stops a worker before its claim, a mail server that is slow to
say hello after it, one that locks the row before it says "250" before the mark. A mail may arrive twice only when its
worker dies, or loses the database, between the mail server's "250" and the mark; then both copies carry the same
Message-ID.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import environ
import pytest
from celery import current_app
from django.db import connection
from pytest_django import DjangoDbBlocker

from dev import VAR
from dev.postgres import Postgres, account, reachable
from dev.template import throwaway
from dev.valkey import Valkey
from marche.markets.models import MarketDay
from marche.outbox.models import Message
from orders.actions.close_day import close_day
from orders.models import Summary
from tests.outbox.post_office import PostOffice
from tests.races.city import City, Gate, services

pytestmark = pytest.mark.race


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[Postgres, Valkey]]:
    """Of our own, because these tests kill them."""
    folder = Path(tempfile.mkdtemp(dir=VAR))
    folder.chmod(0o755)  # PostgreSQL's account must be able to come there
    with services(folder) as running:
        yield running
    shutil.rmtree(reachable(folder / "postgres", account()))
    shutil.rmtree(folder)


@pytest.fixture
def city(
    servers: tuple[Postgres, Valkey],
    django_db_blocker: DjangoDbBlocker,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Iterator[City]:
    """A fresh database, an empty broker, and this process looking at both."""
    postgres, valkey = servers
    valkey.kill()
    valkey.start()
    monkeypatch.setattr(current_app.conf, "broker_url", valkey.url())
    office = PostOffice()
    office.controller.start()
    with ExitStack() as on_exit:
        on_exit.callback(office.controller.stop)
        on_exit.enter_context(django_db_blocker.unblock())
        url = on_exit.enter_context(throwaway(postgres.url()))
        elsewhere = {name: connection.settings_dict[name] for name in ("HOST", "PORT", "USER", "PASSWORD", "NAME")}
        connection.close()
        connection.settings_dict.update(environ.Env.db_url_config(url))
        on_exit.callback(connection.settings_dict.update, elsewhere)
        on_exit.callback(connection.close)
        city = City(postgres, valkey, office, url, tmp_path)
        on_exit.callback(city.stop_workers)
        yield city


@pytest.fixture
def day(city: City) -> MarketDay:
    return city.day_past_its_cutoff()


@pytest.fixture
def told(day: MarketDay) -> MarketDay:
    """The day is closed, and two mails wait."""
    close_day(day.pk)
    assert Message.objects.due().count() == 2
    return day


def assert_each_mail_came_once(city: City) -> None:
    assert sorted(city.office.recipients) == ["ferme-du-ru@example.org", "le-rucher@example.org"]
    assert sorted(city.office.copies.values()) == [1, 1]


def assert_one_mail_came_twice_under_one_id(city: City) -> None:
    assert set(city.office.recipients) == {"ferme-du-ru@example.org", "le-rucher@example.org"}
    assert sorted(city.office.copies.values()) == [1, 2]


@pytest.mark.usefixtures("told")
def test_nothing_is_killed_and_each_mail_comes_once(city: City) -> None:
    city.worker()
    city.deliver()

    assert_each_mail_came_once(city)
    assert set(Message.objects.values_list("attempts", flat=True)) == {1}


@pytest.mark.usefixtures("told")
def test_a_worker_killed_before_the_claim_changes_nothing(city: City) -> None:
    with city.locked("LOCK TABLE outbox_message"):
        worker = city.worker()
        city.wait_until_blocked()
        worker.kill()
    city.worker()
    city.deliver()

    assert_each_mail_came_once(city)
    assert set(Message.objects.values_list("attempts", flat=True)) == {1}


@pytest.mark.usefixtures("told")
def test_what_a_worker_killed_after_the_claim_held_goes_when_its_lease_ends(city: City) -> None:
    city.office.before_hello = gate = Gate()
    worker = city.worker()
    gate.wait()
    worker.kill()
    gate.open()
    assert sorted(Message.objects.values_list("attempts", flat=True)) == [0, 1]
    city.worker()
    city.deliver()

    assert_each_mail_came_once(city)


@pytest.mark.usefixtures("told")
def test_a_worker_killed_before_it_hears_that_the_mail_was_taken_sends_it_again_under_the_same_id(city: City) -> None:
    city.office.before_answering = gate = Gate()
    worker = city.worker()
    gate.wait()
    worker.kill()
    gate.open()
    city.worker()
    city.deliver()

    assert_one_mail_came_twice_under_one_id(city)


@pytest.mark.usefixtures("told")
def test_a_worker_killed_before_the_mark_sends_the_mail_again_under_the_same_id(city: City) -> None:
    city.office.before_answering = gate = Gate()
    worker = city.worker()
    gate.wait()
    with city.locked("SELECT 1 FROM outbox_message FOR UPDATE"):
        gate.open()
        city.wait_until_blocked()
        worker.kill()
        city.cut_off_blocked()
    city.worker()
    city.deliver()

    assert_one_mail_came_twice_under_one_id(city)


@pytest.mark.usefixtures("told")
def test_a_worker_killed_after_the_mark_changes_nothing(city: City) -> None:
    worker = city.worker()
    city.deliver()
    worker.kill()
    city.worker()
    city.fire("marche.outbox.tasks.sweep")
    city.deliver()

    assert_each_mail_came_once(city)


def test_without_a_broker_the_day_closes_and_its_mails_go_when_it_is_back(city: City, day: MarketDay) -> None:
    city.worker()
    city.valkey.kill()
    close_day(day.pk)
    assert Message.objects.due().count() == 2
    city.valkey.start()
    city.deliver()

    assert_each_mail_came_once(city)


@pytest.mark.usefixtures("told")
def test_a_broker_killed_while_a_mail_goes_changes_nothing(city: City) -> None:
    city.office.before_answering = gate = Gate()
    city.worker()
    gate.wait()
    city.valkey.kill()
    gate.open()
    city.valkey.start()
    city.deliver()

    assert_each_mail_came_once(city)


@pytest.mark.usefixtures("told")
def test_a_database_killed_before_the_claim_loses_nothing(city: City) -> None:
    with city.locked("LOCK TABLE outbox_message"):
        city.worker()
        city.wait_until_blocked()
        city.crash_database()
    city.postgres.start()
    city.deliver()

    assert_each_mail_came_once(city)


@pytest.mark.usefixtures("told")
def test_a_database_killed_before_the_mark_has_the_mail_sent_again_under_the_same_id(city: City) -> None:
    city.office.before_answering = gate = Gate()
    city.worker()
    gate.wait()
    city.crash_database()
    gate.open()
    city.postgres.start()
    city.deliver()

    assert_one_mail_came_twice_under_one_id(city)


def assert_closed_once(city: City, day: MarketDay) -> None:
    """Every producer has exactly one summary, and its mail came once."""
    city.fire("orders.tasks.close_due_days")
    city.wait_for(lambda: MarketDay.objects.filter(pk=day.pk, closed_at__isnull=False).exists())
    city.deliver()
    summaries = Summary.objects.order_by("producer__slug").values_list("producer__slug", "revision")
    assert list(summaries) == [("ferme-du-ru", 1), ("le-rucher", 1)]
    assert_each_mail_came_once(city)


def test_a_worker_killed_in_the_middle_of_closing_leaves_nothing_half_done(city: City, day: MarketDay) -> None:
    with city.locked("LOCK TABLE outbox_message"):  # the summaries are written, their messages are not
        worker = city.worker()
        city.fire("orders.tasks.close_due_days")
        city.wait_until_blocked()
        worker.kill()
        city.cut_off_blocked()
    assert not Summary.objects.exists()
    city.worker()

    assert_closed_once(city, day)


def test_a_database_killed_in_the_middle_of_closing_leaves_nothing_half_done(city: City, day: MarketDay) -> None:
    with city.locked("LOCK TABLE outbox_message"):
        city.worker()
        city.fire("orders.tasks.close_due_days")
        city.wait_until_blocked()
        city.crash_database()
    city.postgres.start()
    assert not Summary.objects.exists()

    assert_closed_once(city, day)


def test_two_workers_that_close_the_same_day_tell_each_producer_once(city: City, day: MarketDay) -> None:
    with city.locked("SELECT 1 FROM markets_marketday FOR UPDATE"):
        for _number in range(2):
            city.worker()
            city.fire("orders.tasks.close_due_days")
        city.wait_until_blocked(2)

    assert_closed_once(city, day)
