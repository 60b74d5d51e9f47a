"""An order that comes at the cutoff is either on the producer's summary or refused, never placed and forgotten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine

from dev.processes import wait_until
from marche.common.refusals import Refused
from marche.markets.models import MarketDay
from orders.actions import close_day as closing
from orders.actions import place_order as placing
from orders.actions.close_day import close_day
from orders.models import DayBasket, Pickup, Summary
from tests import cast
from tests.races.city import Gate, blocked
from tests.races.threads import in_thread

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """The last minute before the cutoff; it stands still until a test moves it."""
    with time_machine.travel(cast.CUTOFF - dt.timedelta(minutes=1), tick=False) as traveller:
        yield traveller


@pytest.fixture
def basket() -> DayBasket:
    day = cast.saturday(cast.beauvais())
    return cast.basket_of({cast.listing(cast.carrots(cast.ferme_du_ru(day.market)), day): 1})


def gated(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> Gate:
    """Hold whoever calls this function of the module, just before it."""
    gate, function = Gate(), getattr(module, name)

    def held(*arguments: Any) -> Any:
        gate()
        return function(*arguments)

    monkeypatch.setattr(module, name, held)
    return gate


def close_while_an_order_is_being_written(
    basket: DayBasket, clock: time_machine.Traveller, pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order has its number and is not committed; the cutoff passes; the day closes; the order commits."""
    gate = gated(monkeypatch, placing, "_write_parts")
    order = in_thread(pool, cast.order, basket)
    gate.wait()
    clock.move_to(cast.CUTOFF)
    close = in_thread(pool, close_day, basket.day_id)
    wait_for(lambda: bool(blocked()))
    gate.open()
    order.result(30)
    assert close.result(30)


def wait_for(condition: Any) -> None:
    """Deadlines are kept on a clock that does not stand still."""
    wait_until(condition, 30, "a thread to wait for a lock")


def test_an_order_that_is_being_written_at_the_cutoff_is_on_the_summary(basket, clock, pool, monkeypatch):
    close_while_an_order_is_being_written(basket, clock, pool, monkeypatch)

    assert Pickup.objects.count() == 1
    assert Summary.objects.get().data["orders"] == 1


def test_without_the_lock_the_same_order_would_be_placed_and_forgotten(basket, clock, pool, monkeypatch):
    monkeypatch.setattr(closing, "lock_day", lambda pk: MarketDay.objects.select_related("market").get(pk=pk))
    close_while_an_order_is_being_written(basket, clock, pool, monkeypatch)

    assert Pickup.objects.count() == 1
    assert not Summary.objects.exists()


def test_an_order_that_comes_while_the_day_is_being_closed_is_refused(basket, clock, pool, monkeypatch):
    clock.move_to(cast.CUTOFF)
    gate = gated(monkeypatch, closing, "queue_summaries")
    close = in_thread(pool, close_day, basket.day_id)
    gate.wait()
    clock.move_to(cast.CUTOFF - dt.timedelta(minutes=1))  # as on a web server whose clock is slow
    order = in_thread(pool, cast.order, basket)
    wait_for(lambda: bool(blocked()))
    gate.open()

    assert close.result(30)
    with pytest.raises(Refused):
        order.result(30)
    assert not Pickup.objects.exists()
