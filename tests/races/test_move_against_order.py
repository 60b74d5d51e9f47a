"""A day is moved while residents order: whoever ordered before is told, whoever comes after has seen the new hours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.db import connection

from dev.processes import wait_until
from marche.common.actors import Actor
from marche.common.refusals import Refused
from marche.markets.calendar import DayTimes
from marche.markets.models import MarketDay, Slot
from marche.outbox.models import Message
from orders.actions import move_day as moving
from orders.actions import place_order as placing
from orders.actions.keep_contact import keep_contact
from orders.actions.move_day import move_day
from orders.mail_kinds import Mail
from orders.models import Call, DayBasket, DayChange, Pickup
from producers.models import Listing
from tests import cast
from tests.races.city import Gate, blocked
from tests.races.threads import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race, pytest.mark.usefixtures("clock")]
HOUR = dt.timedelta(hours=1)
RESIDENTS = 10
TIMES = 3


@pytest.fixture
def carrots() -> Listing:
    market = cast.beauvais()
    return cast.listing(cast.carrots(cast.ferme_du_ru(market)), cast.saturday(market), quantity=100)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(3) as threads:
        yield threads


def in_thread(pool: ThreadPoolExecutor, verb: Callable[..., Any], *arguments: Any) -> Future[Any]:
    def run() -> Any:
        try:
            return verb(*arguments)
        finally:
            connection.close()

    return pool.submit(run)


def gated(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> Gate:
    """Hold whoever comes first to this function of the module, just before it."""
    gate, function = Gate(), getattr(module, name)

    def held(*arguments: Any) -> Any:
        gate()
        return function(*arguments)

    monkeypatch.setattr(module, name, held)
    return gate


def somebody_waits() -> None:
    wait_until(lambda: bool(blocked()), 30, "a thread to wait for a lock")


def move(day_id: int, starts: dt.timedelta, ends: dt.timedelta) -> DayChange | None:
    day = MarketDay.objects.get(pk=day_id)
    times = DayTimes(day.opens_at, day.closes_at, day.starts_at + starts, day.ends_at + ends)
    return move_day(day_id, times=times, reason="Un spectacle occupe la place", by=Actor.manager())


def baskets(carrots: Listing) -> list[DayBasket]:
    """In all slots of the day; every other resident has no address."""
    slots = list(carrots.day.slots.all())
    whom = [{"email": f"r{at}@example.org"} if at % 2 else {"email": "", "phone": "+33639980102"} for at in range(99)]
    return [
        cast.basket_of({carrots: 1}, slot=slots[at % len(slots)], name=f"Résident {'abcdefghij'[at]}", **whom[at])
        for at in range(RESIDENTS)
    ]


def order_as_shown(basket: DayBasket, shown: Any) -> Pickup:
    return cast.order(basket, shown=shown)


def order_and_look_again(basket: DayBasket, shown: Any) -> Pickup:
    """As a resident does: refused, it reads the page once more, and presses the button again."""
    try:
        return cast.order(basket, shown=shown)
    except Refused:
        return cast.order(DayBasket.objects.get(pk=basket.pk))


def told() -> set[int]:
    mailed = set(Message.objects.filter(kind=Mail.DAY_CHANGED).values_list("subject_id", flat=True))
    return mailed | set(Call.objects.filter(kind=Mail.DAY_CHANGED).values_list("pickup", flat=True))


def assert_slots_agree(day_id: int) -> None:
    """Every order is in a slot of the day’s hours, and every slot counts the orders that are in it."""
    day = MarketDay.objects.get(pk=day_id)
    for slot in Slot.objects.filter(day=day):
        assert day.starts_at <= slot.starts_at < slot.ends_at <= day.ends_at
        assert slot.reserved == Pickup.objects.not_cancelled().filter(slot=slot).count()
    assert day.orders_count == Pickup.objects.not_cancelled().filter(day=day, slot__day=day).count()


@pytest.mark.parametrize("_again", range(TIMES))
def test_whoever_ordered_the_old_hours_is_told_and_nobody_else_orders_them(carrots: Listing, _again: int) -> None:
    orders = [partial(order_as_shown, basket, cast.shown(basket)) for basket in baskets(carrots)]

    results = together(*orders, partial(move, carrots.day_id, 2 * HOUR, 2 * HOUR))

    assert isinstance(results.pop(), DayChange)
    placed = {result.pk for result in results if isinstance(result, Pickup)}
    refused = [result.problems[0].code for result in results if isinstance(result, Refused)]
    assert len(placed) + len(refused) == RESIDENTS
    assert set(refused) <= {"slot"}
    assert told() == placed
    assert_slots_agree(carrots.day_id)


@pytest.mark.parametrize("_again", range(TIMES))
def test_who_looks_again_orders_the_new_hours_and_needs_not_be_told(carrots: Listing, _again: int) -> None:
    shown = {basket.pk: cast.shown(basket) for basket in baskets(carrots)}
    orders = [partial(order_and_look_again, DayBasket.objects.get(pk=pk), seen) for pk, seen in shown.items()]

    results = together(*orders, partial(move, carrots.day_id, HOUR, HOUR))

    assert isinstance(results.pop(), DayChange)
    assert {type(result) for result in results} == {Pickup}
    change = DayChange.objects.get()
    before = set(Pickup.objects.filter(placed_at__lt=change.at).values_list("pk", flat=True))
    assert before <= told(), "who saw the old hours is told"
    assert_slots_agree(carrots.day_id)


def test_an_order_that_is_being_written_is_told_of_the_move_that_waits_for_it(carrots, pool, monkeypatch):
    gate = gated(monkeypatch, placing, "_write_parts")
    order = in_thread(pool, cast.order, cast.basket_of({carrots: 1}))
    gate.wait()
    moved = in_thread(pool, move, carrots.day_id, HOUR, HOUR)
    somebody_waits()
    gate.open()

    assert moved.result(30)
    assert told() == {order.result(30).pk}
    assert_slots_agree(carrots.day_id)


def test_an_order_that_waits_for_the_move_is_refused_with_the_new_hours(carrots, pool, monkeypatch):
    basket = cast.basket_of({carrots: 1})
    seen = cast.shown(basket)
    gate = gated(monkeypatch, moving, "_write_slots")
    moved = in_thread(pool, move, carrots.day_id, HOUR, HOUR)
    gate.wait()
    order = in_thread(pool, order_as_shown, basket, seen)
    somebody_waits()
    gate.open()

    assert moved.result(30)
    with pytest.raises(Refused) as refused:
        order.result(30)
    assert [problem.code for problem in refused.value.problems] == ["slot"]
    assert "9" in refused.value.problems[0].sentence
    assert not Pickup.objects.exists()


def test_who_orders_a_slot_that_goes_in_this_moment_has_it_and_is_told(carrots, pool, monkeypatch):
    """The last slot goes with the last hour. While the day is being written, somebody takes it and orders."""
    basket, last = cast.basket_of({carrots: 1}), carrots.day.slots.last()
    gate = gated(monkeypatch, moving, "_write_slots")
    moved = in_thread(pool, move, carrots.day_id, 0 * HOUR, -HOUR)
    gate.wait()
    assert keep_contact(basket.pk, values={"slot": last})
    basket.refresh_from_db()
    order = in_thread(pool, order_as_shown, basket, cast.shown(basket))
    somebody_waits()
    gate.open()

    assert outcome(moved) == "done", "the slots follow the new end"
    assert told() == {order.result(60).pk}
    assert_slots_agree(carrots.day_id)


def test_a_day_that_is_overtaken_each_time_stays_as_it_is_and_says_so(carrots, pool, monkeypatch):
    monkeypatch.setattr(moving, "TRIES", 1)
    basket, last = cast.basket_of({carrots: 1}), carrots.day.slots.last()
    gate = gated(monkeypatch, moving, "_write_slots")
    moved = in_thread(pool, move, carrots.day_id, 0 * HOUR, -HOUR)
    gate.wait()
    assert keep_contact(basket.pk, values={"slot": last})
    gate.open()

    assert outcome(moved) == "busy"
    assert MarketDay.objects.get(pk=carrots.day_id).ends_at == carrots.day.ends_at
    assert (DayChange.objects.count(), Message.objects.count()) == (0, 0)
    assert_slots_agree(carrots.day_id)


def test_who_types_a_slot_that_goes_in_this_moment_is_asked_for_another(carrots, pool, monkeypatch):
    """The same, but the resident has not ordered: the slot goes, and its basket has none."""
    basket, last = cast.basket_of({carrots: 1}), carrots.day.slots.last()
    gate = gated(monkeypatch, moving, "_write_slots")
    moved = in_thread(pool, move, carrots.day_id, 0 * HOUR, -HOUR)
    gate.wait()
    assert keep_contact(basket.pk, values={"slot": last})
    gate.open()

    assert outcome(moved) == "done"
    basket.refresh_from_db()
    assert basket.slot is None
    with pytest.raises(Refused, match="slot-gone"):
        keep_contact(basket.pk, values={"slot": last})
    assert_slots_agree(carrots.day_id)


def outcome(future: Future[Any]) -> str:
    try:
        future.result(60)
    except Refused as refusal:
        return refusal.problems[0].code
    return "done"
