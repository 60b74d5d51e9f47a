"""Processes die in the worst moment: what was begun is ended once by who comes after them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from marche.payments.models import Instruction
from orders.models import Pickup
from tests.faults.people import Town, attempt_of
from tests.faults.test_no_answer import collected, paid, passed_on, taken

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]

CALLS: dict[str, tuple[str, Callable[[Town], Pickup], Callable[[Town, Pickup], None]]] = {
    "capture": ("/capture$", paid, Town.prepares),
    "void": ("/cancel$", paid, Town.cancels),
    "refund": ("/refunds$", taken, Town.cancels),
    "transfer": ("/transfers$", collected, lambda town, _pickup: town.pays_producers()),
    "reversal": ("/reversals$", passed_on, lambda town, pickup: town.strikes(pickup, town.honey)),
}


@pytest.mark.parametrize("kind", CALLS)
def test_a_worker_is_killed_after_stripe_has_done_it_and_before_it_is_written_down(town: Town, kind: str) -> None:
    path, before, ask = CALLS[kind]
    stage, pickup = town.stage, before(town)
    stage.fake.fault("hang", path, "POST", committed=True)
    ask(town, pickup)
    stage.hanging()
    stage.kill_worker()
    asked = Instruction.objects.filter(kind=kind)
    assert set(asked.values_list("state", flat=True)) == {"waiting"}
    done_there = requests(town, path)
    stage.let_go()
    stage.start()
    stage.settle()

    assert set(asked.values_list("state", flat=True)) == {"done"}
    # Who came after looked first: for what was done already it did not ask again.
    assert requests(town, path) - done_there == (1 if kind == "transfer" else 0)


def test_without_a_broker_residents_pay_and_all_is_done_when_it_is_back(town: Town) -> None:
    stage = town.stage
    stage.rest()
    stage.valkey.kill()
    resident = town.resident()
    resident.comes_back(resident.pays(resident.orders()))
    assert attempt_of(resident.pickup).state == "authorised"
    assert stage.fake.settle()
    assert {line["status"] for line in stage.fake.deliveries()} == {200}
    town.prepares(resident.pickup)
    assert Instruction.objects.get().state == "waiting"
    stage.valkey.start()
    stage.settle()

    assert attempt_of(resident.pickup).captured_cents == 1800 + 850


def requests(town: Town, path: str) -> int:
    """How many things of this kind were done at Stripe: of each there is an event."""
    return sum(1 for _event in town.stage.fake.state()["events"] if _event["type"] == DONE[path])


DONE = {
    "/capture$": "charge.captured",
    "/cancel$": "payment_intent.canceled",
    "/refunds$": "refund.created",
    "/transfers$": "transfer.created",
    "/reversals$": "transfer.reversed",
}
