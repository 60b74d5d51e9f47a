"""Somebody has its data erased while an order of the same account is being placed, in another tab.

Either the order is there and nothing is erased, or the account is gone and the order is a guest's, with its contact.
"""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import IntegrityError

from dev.processes import wait_until
from marche.common.actors import Actor
from marche.common.refusals import Refused
from orders.actions import erase_resident as erasing
from orders.actions import place_order as placing
from orders.actions.cancel_order import cancel_order
from orders.actions.close_day import close_day
from orders.actions.erase_resident import erase_resident
from orders.actions.join_orders import join_orders
from orders.models import DayBasket, Pickup, Summary
from producers.models import Listing
from tests import cast
from tests.orders.resident.account.people import account_of
from tests.races.city import Gate, blocked
from tests.races.threads import in_thread, outcomes, together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race, pytest.mark.usefixtures("clock")]


@pytest.fixture
def carrots() -> Listing:
    market = cast.beauvais()
    return cast.listing(cast.carrots(cast.ferme_du_ru(market)), cast.saturday(market), quantity=100)


@pytest.fixture
def lea() -> User:
    return account_of("lea@example.org")


def gated(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> Gate:
    """Hold whoever calls this function of the module, just before it."""
    gate, function = Gate(), getattr(module, name)

    def held(*arguments: Any, **named: Any) -> Any:
        gate()
        return function(*arguments, **named)

    monkeypatch.setattr(module, name, held)
    return gate


def somebody_waits() -> None:
    wait_until(lambda: bool(blocked()), 30, "a thread to wait for a lock")


def test_an_order_that_is_being_written_keeps_its_account(carrots, lea, pool, monkeypatch):
    basket = cast.basket_of({carrots: 1})
    gate = gated(monkeypatch, placing, "_write_parts")
    order = in_thread(pool, cast.order, basket, account_id=lea.pk)
    gate.wait()
    erase = in_thread(pool, erase_resident, lea.pk)
    somebody_waits()
    gate.open()

    assert order.result(30).order.user_id == lea.pk
    with pytest.raises(Refused):
        erase.result(30)
    pickup = Pickup.objects.select_related("order").get()
    assert (pickup.name, pickup.order.user) == ("Léa Dumont", lea)


def test_an_order_that_waits_for_the_erasing_becomes_a_guests_with_its_contact(carrots, lea, pool, monkeypatch):
    basket = cast.basket_of({carrots: 1})
    gate = gated(monkeypatch, erasing, "pickup_ids_of")
    erase = in_thread(pool, erase_resident, lea.pk)
    gate.wait()
    order = in_thread(pool, cast.order, basket, account_id=lea.pk)
    somebody_waits()
    gate.open()

    assert erase.result(30)
    pickup = order.result(30)
    assert (pickup.name, pickup.email, pickup.order.user_id) == ("Léa Dumont", "lea@example.org", None)
    assert not User.objects.filter(pk=lea.pk).exists()


@pytest.mark.parametrize("_again", range(5))
def test_at_once_it_is_one_or_the_other_and_never_a_fault(carrots, lea, _again):
    """The erasing may also come whole before the order: then it asks again who comes, and nothing is half there."""
    basket = cast.basket_of({carrots: 1})

    ordered, erased = together(partial(cast.order, basket, account_id=lea.pk), partial(erase_resident, lea.pk))

    outcomes([ordered, erased])  # raises what is no refusal
    pickups: list[Any] = list(Pickup.objects.values_list("email", "order__user"))
    accounts = list(User.objects.filter(pk=lea.pk).values_list("pk", flat=True))
    if isinstance(erased, Refused):
        assert (pickups, accounts) == ([("lea@example.org", lea.pk)], [lea.pk])
    elif isinstance(ordered, Refused):
        assert (pickups, accounts, DayBasket.objects.get().open) == ([], [], True)
        assert ordered.problems[0].code == "no-slot"
    else:
        assert (pickups, accounts) == ([("lea@example.org", None)], [])


def test_joining_waits_for_the_erasing_and_finds_nobody(carrots, lea, pool, monkeypatch):
    gate = gated(monkeypatch, erasing, "pickup_ids_of")
    erase = in_thread(pool, erase_resident, lea.pk)
    gate.wait()
    join = in_thread(pool, join_orders, lea.pk)
    somebody_waits()
    gate.open()

    assert (erase.result(30), join.result(30)) == (True, 0)


def test_two_who_are_erased_at_once_both_leave_the_same_list(carrots, lea):
    odette = account_of("odette@example.org")
    cast.order(cast.basket_of({carrots: 1}), account_id=lea.pk)
    cast.order(cast.basket_of({carrots: 1}, name="Odette", email="odette@example.org"), account_id=odette.pk)
    with time_machine.travel(cast.CUTOFF, tick=True):
        close_day(carrots.day_id)

    with time_machine.travel(cast.CUTOFF + dt.timedelta(days=4), tick=True):
        assert outcomes(together(partial(erase_resident, lea.pk), partial(erase_resident, odette.pk))) == {"done": 2}

    told = str(Summary.objects.values_list("data", flat=True)[0])
    assert "Léa" not in told
    assert "Odette" not in told


class TestWithoutTheLock:
    def test_an_order_for_an_account_that_goes_meanwhile_fails_in_its_last_moment(
        self, carrots, lea, pool, monkeypatch
    ):
        """The reference is looked at when the order commits: everything was written, and everything is lost."""
        basket = cast.basket_of({carrots: 1})
        close_basket = placing.close_basket

        def without_holding(basket_id: int, user_id: int | None = None) -> DayBasket | None:
            closed = close_basket(basket_id)
            if closed:
                closed.owner_id = user_id
            return closed

        monkeypatch.setattr(placing, "close_basket", without_holding)
        gate = gated(monkeypatch, placing, "_write_parts")
        order = in_thread(pool, cast.order, basket, account_id=lea.pk)
        gate.wait()
        assert erase_resident(lea.pk)
        gate.open()

        with pytest.raises(IntegrityError):
            order.result(30)
        assert not Pickup.objects.exists()


@pytest.mark.parametrize("_again", range(6))
def test_signing_in_while_an_order_is_cancelled_keeps_it_in_the_account(
    carrots: Listing, lea: User, _again: int
) -> None:
    """Oscar saves an order whole when its status changes: read before the joining, it would undo it."""
    pickup = cast.placed_order({carrots: 1})

    together(
        partial(cancel_order, pickup.pk, reason="empêchement", by=Actor.resident()),
        partial(join_orders, lea.pk),
    )

    pickup.order.refresh_from_db()
    assert (pickup.order.user, pickup.order.status) == (lea, "cancelled")
