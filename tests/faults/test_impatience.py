"""Two tabs, two clicks, a change of mind: nobody is charged twice, and nothing is held for nobody."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from marche.payments.models import Instruction, PaymentAttempt
from orders.models import Pickup
from tests.faults.people import ACCEPTED, Resident, Town, attempt_of
from tests.faults.stage import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
PAGE_SECONDS = 46 * 60


def time_is_over(resident: Resident) -> None:
    """For us; Stripe's own clock runs a little later."""
    PaymentAttempt.objects.filter(order=resident.pickup().pk).update(
        expires_at=timezone.now() - dt.timedelta(seconds=1)
    )


def test_two_clicks_on_the_button_make_one_order_and_one_page(town: Town) -> None:
    resident = town.resident()
    at_once(*[lambda: resident.presses(303, 302)] * 2)

    assert Pickup.objects.count() == 1
    resident.comes_back(resident.pays(resident.tries_again()))
    assert len(town.stage.fake.state()["sessions"]) == 1
    assert attempt_of(resident.pickup()).state == "authorised"


def test_two_tabs_pay_the_same_order_once(town: Town) -> None:
    resident = town.resident()
    first = resident.orders()
    second = resident.tries_again()
    assert first == second
    statuses = at_once(*[lambda: resident.there.post(f"{first}/pay", {"card": ACCEPTED}, "pays", 303, 410).status] * 2)
    town.stage.settle()

    assert sorted(statuses) == [303, 410]
    assert len(town.stage.fake.state()["charges"]) == 1


def test_who_cancels_in_one_tab_and_pays_in_the_other_gets_the_money_freed(town: Town) -> None:
    stage, resident = town.stage, town.resident()
    page = resident.orders()
    stage.fake.fault("hang", "/expire$", "POST")
    resident.cancels()
    stage.hanging()
    resident.comes_back(resident.pays(page))
    stage.let_go()
    stage.settle()

    assert resident.pickup().is_cancelled
    assert attempt_of(resident.pickup()).state == "voided"
    assert stage.fake.state()["balances"]["platform"]["captured"] == 0


def test_who_cancels_while_the_page_is_being_opened_can_not_pay_on_it(town: Town) -> None:
    stage, resident = town.stage, town.resident()
    stage.fake.fault("hang", "/sessions$", "POST", committed=True)

    def cancel() -> None:
        stage.hanging()
        town.cancels(resident.pickup())
        stage.let_go()

    at_once(lambda: resident.presses(302, 303), cancel)
    stage.settle()

    assert resident.pickup().is_cancelled
    assert [row["status"] for row in stage.fake.state()["sessions"]] == ["expired"]


def test_who_cancels_and_pays_on_a_page_of_which_we_had_no_answer_gets_the_money_freed(town: Town) -> None:
    stage, resident = town.stage, town.resident()
    stage.fake.fault("reset", "/sessions$", "POST")
    resident.presses(302)
    resident.cancels()
    [session] = stage.fake.state()["sessions"]
    stage.fake.pay(session["id"])
    stage.settle()

    assert attempt_of(resident.pickup()).state == "voided"


def test_who_pays_in_the_moment_in_which_the_page_is_closed_has_paid(town: Town) -> None:
    stage, resident = town.stage, town.resident()
    page = resident.orders()
    stage.rest()
    time_is_over(resident)
    stage.fake.fault("hang", "/expire$", "POST")
    stage.fire("marche.payments.tasks.sweep")
    stage.hanging()
    back = resident.pays(page)
    stage.let_go()
    resident.comes_back(back)
    stage.settle()

    assert not resident.pickup().is_pending
    assert not resident.pickup().is_cancelled
    assert attempt_of(resident.pickup()).state == "authorised"


def test_a_page_that_stripe_has_closed_by_itself_frees_the_goods(town: Town) -> None:
    stage, resident = town.stage, town.resident()
    resident.orders()
    stage.fake.advance(PAGE_SECONDS)
    stage.settle()

    assert resident.pickup().is_cancelled
    assert attempt_of(resident.pickup()).state == "expired"


def test_who_was_not_in_time_while_stripe_is_silent_keeps_the_goods(town: Town) -> None:
    stage, resident = town.stage, town.resident()
    page = resident.orders()
    stage.rest()
    time_is_over(resident)
    stage.fake.fault("error", "/sessions/", times=100, status=503)
    stage.sweep()
    assert resident.pickup().is_pending
    town.chicken.refresh_from_db()
    assert town.chicken.reserved == 1
    stage.fake.clear_faults()
    stage.sweep()

    assert resident.pickup().is_cancelled
    assert resident.there.post(f"{page}/pay", {"card": ACCEPTED}, "pays", 410).status == 410


def test_what_is_cancelled_while_the_money_is_being_taken_is_refunded_whole(town: Town) -> None:
    stage, pickup = town.stage, town.paid()
    stage.fake.fault("hang", "/capture$", "POST", committed=True, seconds=0.5)
    town.prepares(pickup)
    stage.hanging()
    town.cancels(pickup)
    stage.settle()

    balances = stage.fake.state()["balances"]["platform"]
    assert balances["captured"] == balances["refunded"] == 1800 + 850


def test_an_authorisation_that_ends_before_anything_was_taken_is_paid_at_the_stalls(town: Town) -> None:
    stage, pickup = town.stage, town.paid()
    stage.fake.advance(8 * 24 * 3600)
    stage.settle()

    assert attempt_of(pickup).state == "voided"
    assert not pickup.parts.filter(online=True).exists()
    assert not Instruction.objects.exists()
