"""Every mail that can be sent has a receiver, templates, and a word for managers; a resident's is that person's."""

from __future__ import annotations

import pytest
from django.utils import timezone

from dev import ROOT
from marche.accounts.actions.send_code import KIND as SIGN_IN_CODE
from marche.outbox import registry
from marche.outbox.models import Message
from marche.outbox.registry import MailKind, Receiver
from orders.mail_kinds import CALLED_PRODUCERS, CALLED_RESIDENTS, CANCELLATIONS, ORDER_KINDS, Mail
from orders.owned import messages_to
from producers.models import Listing
from tests import cast

EMAILS = ROOT / "templates/emails"
KINDS = registry.kinds()


def names(receiver: Receiver) -> set[str]:
    return {kind.name for kind in KINDS if kind.receiver == receiver}


def test_every_kind_about_orders_and_days_can_be_sent():
    assert {kind.name for kind in KINDS} == {*Mail, SIGN_IN_CODE}


def test_every_kind_has_its_folder_of_templates_and_no_folder_is_left_over():
    assert {path.name for path in EMAILS.iterdir() if path.is_dir()} == {kind.name for kind in KINDS}


def test_what_is_written_to_a_resident_is_known_as_personal():
    """Erasure, export, the order's page and a corrected address go by ORDER_KINDS; codes are looked for by address."""
    assert names(Receiver.RESIDENT) == {*ORDER_KINDS, SIGN_IN_CODE}


def test_who_is_called_is_who_would_have_been_written_to():
    assert set(CALLED_RESIDENTS) <= names(Receiver.RESIDENT)
    assert set(CALLED_PRODUCERS) <= names(Receiver.PRODUCER)
    assert set(CANCELLATIONS) <= {*CALLED_RESIDENTS, *CALLED_PRODUCERS}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [pytest.param(kind, id=kind.name) for kind in KINDS])
def test_an_export_contains_the_mails_to_the_person_and_no_others(kind: MailKind, carrots: Listing):
    placed = cast.placed_order({carrots: 1}, email="lea@example.org")
    message = Message.objects.create(
        kind=kind.name, subject_id=placed.pk, recipient=placed.email, revision=99, due_at=timezone.now()
    )

    theirs = messages_to([placed.pk], {placed.email})
    assert (message in theirs) == (kind.receiver == Receiver.RESIDENT)
