"""Stripe takes a request and gives no answer in time: it is carried out late, and done once all the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone

from marche.payments.models import Account, Instruction, PaymentAttempt, StripeEvent
from orders.models import Pickup
from tests.faults.people import Town, attempt_of
from tests.faults.so_far import collected, paid, passed_on, taken

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
State = PaymentAttempt.State


def waiting(town: Town) -> Pickup:
    resident = town.resident()
    resident.orders()
    return resident.pickup()


# What is asked of Stripe: where that goes, what was before, and what asks for it.
INSTRUCTIONS: dict[str, tuple[str, Callable[[Town], Pickup], Callable[[Town, Pickup], None]]] = {
    "expire": ("/expire$", waiting, Town.cancels),
    "void": ("/cancel$", paid, Town.cancels),
    "capture": ("/capture$", paid, Town.prepares),
    "refund": ("/refunds$", taken, Town.cancels),
    "transfer": ("/transfers$", collected, lambda town, _pickup: town.pays_producers()),
    "reversal": ("/reversals$", passed_on, lambda town, pickup: town.strikes(pickup, town.honey)),
}


@pytest.mark.parametrize("kind", INSTRUCTIONS)
def test_what_is_asked_of_stripe_is_done_once(town: Town, kind: str) -> None:
    path, before, ask = INSTRUCTIONS[kind]
    stage, pickup = town.stage, before(town)
    stage.fake.fault("hang", path, "POST")
    ask(town, pickup)
    stage.hanging()
    asked = Instruction.objects.filter(kind=kind)
    stage.wait_for(lambda: asked.exclude(error="").exists(), "the worker to give up for now")
    assert set(asked.exclude(error="").values_list("state", "tries")) == {("waiting", 1)}
    stage.let_go()
    stage.settle()

    assert set(asked.values_list("state", "error")) == {("done", "")}
    assert asked.count() == (2 if kind == "transfer" else 1)


def test_a_page_that_opens_late_is_the_page_that_is_paid(town: Town) -> None:
    stage, resident = town.stage, town.resident()
    stage.fake.fault("hang", "/sessions$", "POST")
    assert resident.presses(302).location == resident.ours
    assert attempt_of(resident.pickup()).state == State.NEW
    stage.hanging()
    stage.let_go()

    page = resident.tries_again()
    assert attempt_of(resident.pickup()).session_id == page.rpartition("/")[2]
    resident.comes_back(resident.pays(page))
    assert attempt_of(resident.pickup()).state == State.AUTHORISED
    assert len(stage.fake.state()["sessions"]) == 1


def test_who_comes_back_while_stripe_does_not_answer_has_paid_nonetheless(town: Town) -> None:
    stage, resident = town.stage, town.resident()
    stage.fake.hold()
    back = resident.pays(resident.orders())
    stage.fake.fault("hang", "/sessions/", "GET")
    resident.comes_back(back)
    assert resident.pickup().is_pending
    stage.let_go()
    stage.fake.release()
    stage.settle()

    assert not resident.pickup().is_pending
    assert attempt_of(resident.pickup()).state == State.AUTHORISED


def test_a_sweep_does_not_wait_for_a_silent_stripe_again_and_again(town: Town) -> None:
    """One call with its retries is what it costs: other tasks have their turn."""
    stage = town.stage
    residents = [town.resident() for _resident in range(3)]
    for resident in residents:
        resident.orders()
    town.cancels(town.paid())
    stage.settle()
    time_is_over()
    stage.fake.fault("hang", times=100)
    for silent in (1, 2):
        stage.sweep()
        assert PaymentAttempt.objects.exclude(problem="").count() == silent
    stage.let_go()
    for _minute in range(3):  # what Stripe was still busy with is asked about again
        stage.sweep()

    assert {resident.pickup().is_cancelled for resident in residents} == {True}


def time_is_over() -> None:
    PaymentAttempt.objects.waiting().update(expires_at=timezone.now() - dt.timedelta(seconds=1))


def test_an_account_that_can_not_be_read_is_read_again(town: Town) -> None:
    stage, account = town.stage, Account.objects.get(producer=town.honey.producer)
    stage.rest()
    stage.fake.fault("hang", "/accounts/", "GET", times=3)
    stage.fake.restrict(account.stripe_id)
    event = StripeEvent.objects.filter(handled_at=None, tries=1)
    stage.hanging()
    stage.wait_for(lambda: event.exists() and not stage.busy, "the worker to give up for now")
    stage.let_go()
    stage.settle()

    account.refresh_from_db()
    assert not account.can_be_paid
