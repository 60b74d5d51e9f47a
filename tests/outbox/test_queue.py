"""A message is written with the fact it tells, once, whatever the broker does."""

from __future__ import annotations

import json
import logging
import socket
import time
from collections.abc import Iterator

import pytest
import redis
from celery import current_app
from django.db import transaction
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from dev.processes import free_port
from marche.outbox.actions.queue import queue, queue_many
from marche.outbox.models import Message
from tests.outbox.letters import LEA, ODETTE, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def broker() -> Iterator[redis.Redis]:
    """The broker of these tests, empty."""
    with redis.Redis.from_url(current_app.conf.broker_url) as client:
        client.delete("celery")
        yield client
        client.delete("celery")


@pytest.fixture
def deaf_broker(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A broker that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setattr(current_app.conf, "broker_url", f"redis://127.0.0.1:{server.getsockname()[1]}/0")
        yield


def tasks(broker: redis.Redis) -> list[str]:
    return [json.loads(message)["headers"]["task"] for message in broker.lrange("celery", 0, -1)]


def test_a_fact_told_twice_is_one_message() -> None:
    assert write() == write()

    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    "difference", [{"subject_id": 2}, {"recipient": ODETTE}, {"revision": 2}, {"kind": "another"}], ids=str
)
def test_another_fact_person_or_revision_is_another_message(difference: dict[str, object]) -> None:
    write()
    write(**difference)  # type: ignore[arg-type]

    assert Message.objects.count() == 2


def test_telling_again_what_was_sent_does_not_send_it_again() -> None:
    Message.objects.filter(pk=write().pk).update(state=Message.State.SENT)

    assert write().pk == Message.objects.get(state=Message.State.SENT).pk
    assert not Message.objects.due().exists()


def test_a_message_costs_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        queue("letter", 1, LEA)


def test_many_messages_cost_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        queue_many(Message(kind="letter", subject_id=number, recipient=LEA) for number in range(300))

    assert Message.objects.count() == 300


def test_many_messages_may_hold_one_that_was_queued_before() -> None:
    write()
    queue_many(Message(kind="letter", subject_id=number, recipient=LEA) for number in (1, 1, 2))

    assert Message.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_can_be_queued() -> None:
    with pytest.raises(RuntimeError):
        queue("letter", 1, LEA)
    with pytest.raises(RuntimeError):
        queue_many([Message(kind="letter", subject_id=1, recipient=LEA)])


@pytest.mark.django_db(transaction=True)
def test_what_did_not_happen_is_not_told(broker: redis.Redis) -> None:
    with transaction.atomic():
        queue("letter", 1, LEA)
        transaction.set_rollback(True)

    assert not Message.objects.exists()
    assert tasks(broker) == []


def test_a_commit_hurries_the_message(
    broker: redis.Redis, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        write()

    assert tasks(broker) == ["marche.outbox.tasks.send"]


def test_hundreds_of_messages_are_hurried_by_one_task(
    broker: redis.Redis, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        queue_many(Message(kind="letter", subject_id=number, recipient=LEA) for number in range(300))

    assert tasks(broker) == ["marche.outbox.tasks.sweep"]


def test_without_a_broker_the_message_waits_for_the_sweep(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    monkeypatch.setattr(current_app.conf, "broker_url", f"redis://127.0.0.1:{free_port()}/0")
    with caplog.at_level(logging.WARNING), django_capture_on_commit_callbacks(execute=True):
        write()

    assert Message.objects.due().count() == 1
    assert "the next sweep does it" in caplog.text


@pytest.mark.usefixtures("deaf_broker")
def test_a_broker_that_hangs_holds_nobody_for_long(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    started = time.monotonic()
    with django_capture_on_commit_callbacks(execute=True):
        write()

    assert time.monotonic() - started < 3
