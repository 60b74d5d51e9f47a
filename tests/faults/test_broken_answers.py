"""The connection breaks after Stripe has done what was asked, or Stripe fails once: each call, on the whole way."""

from __future__ import annotations

import pytest

from marche.payments.models import Instruction
from tests.faults.people import Town, attempt_of
from tests.faults.whole_way import the_whole_way

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
CALLS = ("/sessions/cs_", "/capture$", "/refunds$", "/transfers$", "/reversals$", "/cancel$", "/expire$")


def break_each(town: Town, kind: str, times: int = 1) -> None:
    for path in CALLS:
        town.stage.fake.fault(kind, path, times=times)


def assert_the_whole_way_was_gone(town: Town) -> None:
    """With both producers paid once, and one refund."""
    kinds = Instruction.objects.filter(state="done").values_list("kind", flat=True)
    assert sorted(kinds) == ["capture", "refund", "reversal", "transfer", "transfer"]


@pytest.mark.parametrize("kind", ["reset", "error"])
def test_each_call_fails_once_and_all_is_done_once(town: Town, kind: str) -> None:
    break_each(town, kind)
    the_whole_way(town)

    assert_the_whole_way_was_gone(town)


def test_stripe_fails_for_as_long_as_the_library_tries_and_all_is_done_once(town: Town) -> None:
    pickup = town.paid()
    town.stage.fake.fault("error", "/capture$", times=3, status=503)
    town.prepares(pickup)
    town.stage.settle()

    [capture] = Instruction.objects.filter(kind="capture")
    assert (capture.state, capture.tries) == ("done", 2)


def test_an_order_is_given_up_while_its_page_is_closed_by_a_broken_connection(town: Town) -> None:
    break_each(town, "reset")
    resident = town.resident()
    resident.orders()
    resident.cancels()
    paid = town.paid()
    town.cancels(paid)
    town.stage.settle()

    assert attempt_of(resident.pickup()).state == "expired"
    assert attempt_of(paid).state == "voided"


@pytest.mark.parametrize("kind", ["reset", "error"])
def test_a_page_that_was_not_opened_is_opened_again(town: Town, kind: str) -> None:
    town.stage.fake.fault(kind, "/sessions$", "POST")
    resident = town.resident()
    assert resident.presses(302).location == resident.ours

    resident.comes_back(resident.pays(resident.tries_again()))
    assert attempt_of(resident.pickup()).state == "authorised"
    assert len(town.stage.fake.state()["sessions"]) == 1
