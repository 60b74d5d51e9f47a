"""What is due is sent once, what fails is told in plain words, and nothing stands in the way of the rest."""

from __future__ import annotations

import datetime as dt
import logging
import threading

import pytest
import time_machine
from django.db import connections
from django.utils import timezone
from pytest_django import Settings

from dev.processes import free_port
from marche.outbox.actions.relay import claim, relay
from marche.outbox.failures import BACKOFF, MAX_ATTEMPTS
from marche.outbox.models import Message
from marche.outbox.registry import Content
from marche.outbox.tasks import send, sweep
from tests.outbox.letters import LEA, ODETTE, make_due, only_message, write
from tests.outbox.post_office import PostOffice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("letters")]


def test_a_message_is_sent_and_marked(post_office: PostOffice) -> None:
    write()

    assert relay() == 1
    assert post_office.recipients == [LEA]
    message = only_message()
    assert message.state == Message.State.SENT
    assert message.sent_at is not None
    assert message.attempts == 1


def test_a_message_that_was_sent_is_not_sent_again(post_office: PostOffice) -> None:
    write()
    relay()
    make_due()
    relay()

    assert post_office.recipients == [LEA]


def test_a_whole_batch_goes_through_one_connection(post_office: PostOffice) -> None:
    for number in range(5):
        write(subject_id=number)

    assert relay() == 5
    assert post_office.sessions == 1


def test_a_server_that_drops_the_connection_after_each_mail_gets_them_all(post_office: PostOffice) -> None:
    post_office.mails_per_session = 1
    for number in range(3):
        write(subject_id=number)

    assert relay() == 3
    assert len(post_office.accepted) == 3


def test_what_is_not_due_yet_waits(post_office: PostOffice) -> None:
    write()
    Message.objects.update(due_at=timezone.now() + dt.timedelta(seconds=30))

    assert relay() == 0


def test_what_another_worker_has_claimed_waits_for_the_end_of_its_lease(
    post_office: PostOffice, settings: Settings
) -> None:
    write()
    claim()
    assert relay() == 0

    with time_machine.travel(timezone.now() + dt.timedelta(seconds=settings.OUTBOX_LEASE_SECONDS + 1)):
        assert relay() == 1


def test_one_message_can_be_sent_before_its_turn(post_office: PostOffice) -> None:
    write(LEA)
    send(write(ODETTE).pk)

    assert post_office.recipients == [ODETTE]


def test_the_sweep_sends_all_that_is_due(post_office: PostOffice) -> None:
    write(LEA)
    write(ODETTE)
    sweep()

    assert post_office.recipients == [LEA, ODETTE]


def test_an_address_that_does_not_exist_fails_for_good_and_the_next_one_goes(post_office: PostOffice) -> None:
    post_office.replies[LEA] = f"550 5.1.1 <{LEA}> no such mailbox"
    write(LEA)
    write(ODETTE)
    relay()

    assert post_office.recipients == [ODETTE]
    failed = Message.objects.get(recipient=LEA)
    assert failed.state == Message.State.FAILED
    assert "550 5.1.1" in failed.error
    assert LEA not in failed.error


def test_a_mail_that_the_server_does_not_want_fails_for_good(post_office: PostOffice) -> None:
    post_office.data_replies[LEA] = "554 5.7.1 spam"
    write()
    relay()

    assert only_message().state == Message.State.FAILED


def test_a_mailbox_that_is_busy_is_tried_again_a_minute_later(post_office: PostOffice) -> None:
    post_office.replies[LEA] = "450 4.2.1 greylisted"
    write()
    with time_machine.travel(timezone.now(), tick=False):
        relay()
        message = only_message()
        assert message.state == Message.State.WAITING
        assert message.due_at == timezone.now() + BACKOFF[0]
    assert "450 4.2.1" in message.error


def test_a_busy_mailbox_is_given_up_after_a_day_of_trying(post_office: PostOffice) -> None:
    post_office.replies[LEA] = "450 4.2.1 greylisted"
    write()
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert only_message().state == Message.State.WAITING, attempt
        make_due()
        relay()

    assert only_message().state == Message.State.FAILED
    assert dt.timedelta(hours=20) < sum(BACKOFF, dt.timedelta()) < dt.timedelta(hours=24)


def test_an_error_is_forgotten_when_the_message_goes_after_all(post_office: PostOffice) -> None:
    post_office.replies[LEA] = "450 4.2.1 greylisted"
    write()
    relay()
    post_office.replies.clear()
    make_due()
    relay()

    assert only_message().state == Message.State.SENT
    assert only_message().error == ""


def test_while_the_mail_server_is_down_messages_wait_untouched(post_office: PostOffice, settings: Settings) -> None:
    for number in range(3):
        write(subject_id=number)
    settings.EMAIL_PORT = free_port()
    assert relay() == 0
    assert sorted(Message.objects.values_list("attempts", flat=True)) == [0, 0, 1]

    settings.EMAIL_PORT = post_office.port
    make_due()
    assert relay() == 3


@pytest.mark.parametrize("kind", ["unheard-of"])
def test_a_kind_that_nobody_registered_fails_and_the_next_one_goes(post_office: PostOffice, kind: str) -> None:
    write(LEA, kind=kind)
    write(ODETTE)
    relay()

    assert post_office.recipients == [ODETTE]
    assert Message.objects.get(recipient=LEA).state == Message.State.FAILED


def test_a_template_that_breaks_fails_and_tells_no_secret(
    post_office: PostOffice, content: Content, caplog: pytest.LogCaptureFixture
) -> None:
    content.context["explode"] = f"{LEA}.html"
    write()
    with caplog.at_level(logging.INFO):
        relay()

    assert only_message().state == Message.State.FAILED
    assert "TemplateDoesNotExist" in only_message().error
    assert "TemplateDoesNotExist" in caplog.text
    assert LEA not in caplog.text + only_message().error


def test_a_message_to_nobody_fails(post_office: PostOffice) -> None:
    write("")
    relay()

    assert only_message().state == Message.State.FAILED


def test_a_message_that_kills_its_workers_is_given_up(post_office: PostOffice) -> None:
    write()
    for _attempt in range(MAX_ATTEMPTS):
        claim()
        make_due()
    relay()

    assert only_message().state == Message.State.FAILED
    assert post_office.accepted == []


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_comes_too_late_does_not_overwrite_what_its_successor_wrote(post_office: PostOffice) -> None:
    def taken_over() -> None:
        Message.objects.update(attempts=2, error="the other one")
        connections.close_all()

    post_office.before_answering = taken_over
    write()
    relay()

    assert only_message().state == Message.State.WAITING
    assert only_message().error == "the other one"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_workers_share_what_is_due_and_send_nothing_twice(post_office: PostOffice) -> None:
    both = threading.Barrier(2, timeout=30)  # each worker holds a mail before either may go on
    met = threading.Event()

    def meet() -> None:
        if not met.is_set():
            both.wait()
            met.set()

    def work() -> None:
        relay()
        connections.close_all()

    post_office.before_answering = meet
    for number in range(20):
        write(subject_id=number)
    workers = [threading.Thread(target=work) for _number in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(post_office.copies.values()) == [1] * 20
    assert post_office.sessions == 2
