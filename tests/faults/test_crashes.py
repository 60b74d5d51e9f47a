"""Processes die in the worst moment: what was begun is ended once by who comes after them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dev.rehearsal.client import SiteError
from marche.payments.models import Instruction
from orders.models import Pickup
from tests.faults.people import Resident, Town, attempt_of
from tests.faults.so_far import collected, paid, passed_on, taken
from tests.faults.stage import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]

KEYS_KEPT = 24 * 3600  # seconds for which Stripe knows an idempotency key
CALLS: dict[str, tuple[str, Callable[[Town], Pickup], Callable[[Town, Pickup], None]]] = {
    "capture": ("/capture$", paid, Town.prepares),
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
    done_there = done(town, path)
    stage.let_go()
    stage.fake.advance(KEYS_KEPT)  # another time, that is, with the same key, would be done again
    stage.start()
    stage.settle()

    assert set(asked.values_list("state", flat=True)) == {"done"}
    assert done(town, path) - done_there == (1 if kind == "transfer" else 0)  # the other producer's


def test_a_web_process_is_killed_while_stripe_opens_the_page(town: Town) -> None:
    stage, resident = town.stage, town.resident()
    stage.fake.fault("hang", "/sessions$", "POST", committed=True)

    def kill() -> None:
        stage.hanging()
        stage.kill_web_workers()

    [broken, _killed] = at_once(lambda: cut_off(resident), kill)
    assert broken
    assert resident.pickup().is_pending
    stage.let_go()

    resident.comes_back(resident.pays(resident.tries_again()))
    assert attempt_of(resident.pickup()).state == "authorised"
    assert len(stage.fake.state()["sessions"]) == 1


def cut_off(resident: Resident) -> bool:
    """Whether the answer never came."""
    try:
        resident.presses()
    except SiteError:
        return True
    return False


def test_without_a_broker_residents_pay_and_all_is_done_when_it_is_back(town: Town) -> None:
    stage = town.stage
    stage.rest()
    stage.valkey.kill()
    resident = town.resident()
    resident.comes_back(resident.pays(resident.orders()))
    assert attempt_of(resident.pickup()).state == "authorised"
    assert stage.fake.settle()
    assert {line["status"] for line in stage.fake.deliveries()} == {200}
    town.prepares(resident.pickup())
    assert Instruction.objects.get().state == "waiting"
    stage.valkey.start()
    stage.settle()

    assert attempt_of(resident.pickup()).captured_cents == 1800 + 850


def done(town: Town, path: str) -> int:
    """How many things of this kind were done at Stripe: of each there is an event."""
    return sum(event["type"] == DONE[path] for event in town.stage.fake.state()["events"])


DONE = {
    "/capture$": "charge.captured",
    "/refunds$": "refund.created",
    "/transfers$": "transfer.created",
    "/reversals$": "transfer.reversed",
}
