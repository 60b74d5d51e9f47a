"""A whole market day is cancelled: nobody can order, every order is cancelled once, and everybody is told."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client

from marche.common.actors import Actor
from marche.common.refusals import Refused
from marche.markets.models import MarketDay
from marche.outbox.models import Message
from orders.actions.cancel_day import cancel_day
from orders.actions.cancel_orders_of_day import cancel_orders_of_day
from orders.actions.hand_over import hand_over
from orders.models import Pickup, Summary
from producers.models import Listing
from tests import cast
from tests.orders.manager.people import claire, signed_in, url

REASON = "Storm warning"


def test_nobody_can_order_for_it_any_more(carrots: Listing, day: MarketDay) -> None:
    basket = cast.basket_of({carrots: 1})
    cancel_day(day.pk, reason=REASON, by=Actor.manager())

    with pytest.raises(Refused, match="cancelled"):
        cast.order(basket)


def test_its_orders_are_cancelled_once_with_the_reason(carrots: Listing, honey: Listing, day: MarketDay) -> None:
    orders = [cast.placed_order({carrots: 1, honey: 1}), cast.placed_order({carrots: 2}, **cast.ODETTE)]
    manager = claire(day.market)
    cancel_day(day.pk, reason=REASON, by=Actor.manager(manager))

    assert cancel_orders_of_day(day.pk, by=Actor.manager(manager)) == 2
    assert cancel_orders_of_day(day.pk, by=Actor.manager(manager)) == 0
    carrots.refresh_from_db()
    day.refresh_from_db()
    assert (carrots.reserved, day.orders_count) == (0, 0)
    for pickup in Pickup.objects.filter(pk__in=[order.pk for order in orders]):
        [change] = pickup.changes.all()
        assert (change.reason, change.user) == (REASON, manager)
    assert Message.objects.filter(kind="order-cancelled").count() == 1, "Odette gave no address"


def test_each_producer_is_told_once_and_gets_no_summary_for_each_order(
    carrots: Listing, honey: Listing, day: MarketDay, close: object
) -> None:
    for _order in range(3):
        cast.placed_order({carrots: 1, honey: 1} if not _order else {carrots: 1})
    close()  # type: ignore[operator]
    cancel_day(day.pk, reason=REASON, by=Actor.manager())
    cancel_orders_of_day(day.pk, by=Actor.manager())

    told = Message.objects.filter(kind="day-cancelled").values_list("recipient", flat=True)
    assert sorted(told) == sorted({carrots.producer.email, honey.producer.email})
    assert set(Summary.objects.values_list("revision", flat=True)) == {1}


def test_what_was_collected_stays(carrots: Listing, day: MarketDay, clock: time_machine.Traveller) -> None:
    pickup = cast.placed_order({carrots: 1})
    clock.move_to(day.starts_at)
    hand_over(pickup.parts.get().pk, by=Actor.producer(cast.member("marie@example.org")))
    cancel_day(day.pk, reason=REASON, by=Actor.manager())

    assert cancel_orders_of_day(day.pk, by=Actor.manager()) == 0
    pickup.refresh_from_db()
    assert not pickup.is_cancelled


def test_a_day_is_cancelled_once(day: MarketDay) -> None:
    cancel_day(day.pk, reason=REASON, by=Actor.manager())

    with pytest.raises(Refused, match="cancelled"):
        cancel_day(day.pk, reason="Another one", by=Actor.manager())
    day.refresh_from_db()
    assert day.cancel_reason == REASON


def test_nothing_is_cancelled_of_a_day_that_is_held(carrots: Listing, day: MarketDay) -> None:
    cast.placed_order({carrots: 1})

    assert cancel_orders_of_day(day.pk, by=Actor.manager()) == 0


def test_the_managers_page_cancels_it_with_a_reason_and_says_how_far_it_is(carrots: Listing, day: MarketDay) -> None:
    cast.placed_order({carrots: 1})
    manager = signed_in(claire(day.market))
    address = url(day, "annuler/")
    manager.post(address, {"reason": "", "detail": ""})
    day.refresh_from_db()
    assert day.cancelled_at is None

    page = manager.post(address, {"reason": "weather", "detail": "tempête"}, follow=True).content.decode()
    day.refresh_from_db()
    assert "tempête" in day.cancel_reason
    assert "tempête" in page
    assert 'role="status"' in page


def test_a_stranger_cancels_nothing(client: Client, day: MarketDay) -> None:
    client.post(url(day, "annuler/"), {"reason": "weather"})

    day.refresh_from_db()
    assert day.cancelled_at is None
