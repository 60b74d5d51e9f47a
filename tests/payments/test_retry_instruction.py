"""A manager has something asked again that Stripe refused."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User

from marche.common.actors import Actor
from marche.payments.actions.retry_instruction import retry_instruction
from marche.payments.actions.transfer_due import transfer_due
from marche.payments.models import Instruction, PaymentAttempt
from orders.models import Pickup, ProducerOrder
from tests import cast
from tests.payments import rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def lea() -> Pickup:
    """Two jars, 17.00 €."""
    market = cast.beauvais(till="beauvais")
    seller = cast.le_rucher(market)
    rows.account(seller)
    return cast.placed_order({cast.listing(cast.honey(seller), cast.saturday(market), price_cents=850): 2})


@pytest.fixture
def denis() -> User:
    """A manager."""
    return cast.member("denis@example.org")


def refuse(attempt: PaymentAttempt, cents: int, kind: str) -> Instruction:
    return rows.moved({attempt.shares.get(): cents}, kind, state="refused", reason="Miel cassé")


def waiting(attempt: PaymentAttempt) -> list[tuple[str, int, str]]:
    found = attempt.instructions.filter(state="waiting")
    return [(instruction.kind, instruction.cents, instruction.reason) for instruction in found]


def test_what_is_owed_now_is_asked_under_a_new_key(lea, denis):
    attempt = rows.captured(lea)
    refused = refuse(attempt, -300, "refund")
    lea.parts.get().details.update(struck="quality")

    assert retry_instruction(refused.pk, by=Actor.manager(denis))
    assert waiting(attempt) == [("refund", 1700, "Miel cassé")]
    assert attempt.instructions.get(state="waiting").key != refused.key


def test_who_did_it_stands_in_the_history_of_the_instruction(lea, denis):
    refused = refuse(rows.captured(lea), -300, "refund")

    retry_instruction(refused.pk, by=Actor.manager(denis))

    entry = LogEntry.objects.get()
    assert (entry.user, entry.get_edited_object()) == (denis, refused)


def test_when_nothing_is_owed_any_more_nothing_is_asked(lea, denis):
    attempt = rows.captured(lea)
    refused = refuse(attempt, -300, "refund")

    assert retry_instruction(refused.pk, by=Actor.manager(denis))
    assert waiting(attempt) == []
    assert attempt.instructions.get(pk=refused.pk).state == Instruction.State.DROPPED


@pytest.mark.parametrize("state", ["waiting", "done", "dropped"])
def test_what_was_not_refused_stays_as_it_is(lea, denis, state):
    attempt = rows.captured(lea)
    instruction = rows.moved({attempt.shares.get(): -300}, "refund", state=state)

    assert not retry_instruction(instruction.pk, by=Actor.manager(denis))
    assert attempt.instructions.get(pk=instruction.pk).state == state


def test_a_refused_transfer_is_written_again_by_its_task(lea, denis, clock, django_capture_on_commit_callbacks):
    attempt = rows.captured(lea, earned=True, fee_cents=0)
    PaymentAttempt.objects.update(fee_cents=51)
    ProducerOrder.objects.update(handed_over_at=attempt.made_at)
    refused = refuse(attempt, 1700, "transfer")
    clock.move_to(cast.SUNDAY)
    assert transfer_due("beauvais") == 0

    with django_capture_on_commit_callbacks() as callbacks:
        assert retry_instruction(refused.pk, by=Actor.manager(denis))
    assert any(getattr(callback, "args", ()) == ("marche.payments.tasks.transfer_due",) for callback in callbacks)
    assert transfer_due("beauvais") == 1
    assert waiting(attempt) == [("transfer", 1700, "")]
