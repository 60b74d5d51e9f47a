"""A manager, or an administrator, has a failed message sent again."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from marche.outbox.actions.relay import relay
from marche.outbox.actions.retry import retry
from marche.outbox.models import Message
from tests.outbox.letters import LEA, write
from tests.outbox.post_office import PostOffice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("letters")]


@pytest.fixture
def failed(post_office: PostOffice) -> Message:
    """Refused once; the mailbox is there by now."""
    post_office.replies[LEA] = "550 5.1.1 unknown"
    message = write()
    relay()
    post_office.replies.clear()
    return message


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("admin@example.org", "admin@example.org", "a long password"))
    return client


def test_a_failed_message_is_sent_again(failed: Message, post_office: PostOffice) -> None:
    assert retry(failed.pk)
    relay()

    failed.refresh_from_db()
    assert failed.state == Message.State.SENT
    assert failed.error == ""


def test_what_was_sent_is_never_sent_again(failed: Message, post_office: PostOffice) -> None:
    retry(failed.pk)
    relay()

    assert not retry(failed.pk)
    assert relay() == 0
    assert post_office.recipients == [LEA]


def test_an_administrator_sends_failed_messages_again_from_the_list(failed: Message, administrator: Client) -> None:
    answer = administrator.post(
        reverse("admin:outbox_message_changelist"), {"action": "send_again", "_selected_action": [failed.pk]}
    )

    assert answer.status_code == 302
    failed.refresh_from_db()
    assert failed.state == Message.State.WAITING


def test_nobody_writes_a_message_by_hand(failed: Message, administrator: Client) -> None:
    assert administrator.get(reverse("admin:outbox_message_changelist")).status_code == 200
    assert administrator.get(reverse("admin:outbox_message_add")).status_code == 403
    page = reverse("admin:outbox_message_change", args=[failed.pk])
    assert administrator.get(page).status_code == 200
    assert administrator.post(page, {"recipient": "x@example.org"}).status_code == 403
    assert administrator.post(reverse("admin:outbox_message_delete", args=[failed.pk])).status_code == 403
