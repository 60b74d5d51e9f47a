"""Cancelling an order: everything goes back, once, and whoever must know is told."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError

from marche.common.actors import Actor, Role
from marche.common.refusals import Refused
from marche.markets.models import MarketDay
from marche.outbox.models import Message
from orders.actions.cancel_order import cancel_order
from orders.actions.close_day import close_day
from orders.models import OrderChange, Pickup, Summary
from producers.models import Listing
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def day() -> MarketDay:
    return cast.saturday(cast.beauvais())


@pytest.fixture
def carrots(day: MarketDay) -> Listing:
    return cast.listing(cast.carrots(cast.ferme_du_ru(day.market)), day, quantity=20)


@pytest.fixture
def honey(day: MarketDay) -> Listing:
    return cast.listing(cast.honey(cast.le_rucher(day.market)), day, price_cents=850, quantity=20)


@pytest.fixture
def pickup(carrots: Listing, honey: Listing) -> Pickup:
    return cast.placed_order({carrots: 3, honey: 1})


def cancel(pickup: Pickup, role: Role = Role.MANAGER, reason: str = "erreur de saisie") -> Pickup:
    return cancel_order(pickup.pk, reason=reason, by=Actor(role))


def taken(carrots: Listing, honey: Listing) -> tuple[int, int, int, int]:
    """Units of each product, places of the slots, orders of the day."""
    for listing in (carrots, honey):
        listing.refresh_from_db()
    day = MarketDay.objects.get()
    return carrots.reserved, honey.reserved, sum(slot.reserved for slot in day.slots.all()), day.orders_count


def test_stock_place_and_order_go_back(pickup: Pickup, carrots: Listing, honey: Listing) -> None:
    assert taken(carrots, honey) == (3, 1, 1, 1)

    cancel(pickup)

    assert taken(carrots, honey) == (0, 0, 0, 0)


def test_what_others_ordered_stays(pickup: Pickup, carrots: Listing, honey: Listing) -> None:
    cast.placed_order({carrots: 2}, **cast.ODETTE)

    cancel(pickup)

    assert taken(carrots, honey) == (2, 0, 1, 1)


def test_it_is_written_on_the_order_its_parts_and_oscars_order(pickup: Pickup) -> None:
    cancel(pickup)

    pickup.refresh_from_db()
    pickup.order.refresh_from_db()
    assert (pickup.is_cancelled, pickup.order.status) == (True, "cancelled")
    assert not pickup.parts.filter(cancelled_at=None).exists()


def test_it_has_an_actor_a_time_and_a_reason(pickup: Pickup) -> None:
    claire = cast.member("claire@example.org")

    cancel_order(pickup.pk, reason="erreur de saisie", by=Actor.manager(claire))

    change = OrderChange.objects.get()
    assert (change.actor, change.user, change.at, change.reason) == (
        "manager",
        claire,
        cast.OPEN_TIME,
        "erreur de saisie",
    )


def test_without_a_reason_nothing_is_cancelled(pickup: Pickup) -> None:
    with pytest.raises(IntegrityError):
        cancel(pickup, reason="")


def test_twice_is_the_same_as_once(pickup: Pickup, carrots: Listing, honey: Listing) -> None:
    cancel(pickup, Role.RESIDENT, "avec le billet")

    cancel(pickup)

    assert taken(carrots, honey) == (0, 0, 0, 0)
    assert OrderChange.objects.get().reason == "avec le billet"
    assert Message.objects.filter(kind="order-cancelled").count() == 1


def test_the_number_of_a_cancelled_order_is_not_given_again(pickup: Pickup, carrots: Listing) -> None:
    cancel(pickup)

    assert cast.placed_order({carrots: 1}).number == 2


def test_the_resident_is_told(pickup: Pickup) -> None:
    cancel(pickup)

    message = Message.objects.get(kind="order-cancelled")
    assert (message.subject_id, message.recipient) == (pickup.pk, "lea@example.org")


def test_a_resident_without_an_address_gets_no_message(carrots: Listing) -> None:
    cancel(cast.placed_order({carrots: 1}, **cast.ODETTE))

    assert not Message.objects.exists()


def test_a_resident_cancels_until_the_cutoff(pickup: Pickup, clock: time_machine.Traveller) -> None:
    clock.move_to(cast.CUTOFF - SECOND)

    assert cancel(pickup, Role.RESIDENT).is_cancelled


def test_and_no_longer_at_the_cutoff(
    pickup: Pickup, carrots: Listing, honey: Listing, clock: time_machine.Traveller
) -> None:
    clock.move_to(cast.CUTOFF)

    with pytest.raises(Refused) as refused:
        cancel(pickup, Role.RESIDENT)

    assert [problem.code for problem in refused.value.problems] == ["too-late"]
    assert taken(carrots, honey) == (3, 1, 1, 1)
    assert not OrderChange.objects.exists()


def test_a_manager_cancels_until_the_market_ends(pickup: Pickup, day: MarketDay, clock: time_machine.Traveller) -> None:
    clock.move_to(day.ends_at - SECOND)

    assert cancel(pickup).is_cancelled


def test_and_no_longer_when_it_ends(pickup: Pickup, day: MarketDay, clock: time_machine.Traveller) -> None:
    clock.move_to(day.ends_at)

    with pytest.raises(Refused):
        cancel(pickup)


def test_before_the_summaries_nothing_is_revised(pickup: Pickup) -> None:
    cancel(pickup)

    assert not Summary.objects.exists()


def test_a_day_closed_after_the_cancelling_makes_no_summary(
    pickup: Pickup, day: MarketDay, clock: time_machine.Traveller
) -> None:
    cancel(pickup)
    clock.move_to(cast.CUTOFF)

    close_day(day.pk)

    assert not Summary.objects.exists()


def test_after_the_summaries_each_producer_concerned_gets_a_new_version(
    pickup: Pickup, carrots: Listing, honey: Listing, clock: time_machine.Traveller
) -> None:
    others = cast.placed_order({carrots: 1}, **cast.ODETTE)
    clock.move_to(cast.CUTOFF)
    close_day(others.day_id)

    cancel(others)

    revised = Summary.objects.get(revision=2)
    assert (revised.producer, revised.data["reason"], revised.data["orders"]) == (
        carrots.producer,
        "erreur de saisie",
        1,
    )
    message = Message.objects.get(kind="summary", revision=2)
    assert (message.subject_id, message.recipient) == (revised.pk, carrots.producer.email)


def test_a_producer_with_nothing_left_is_told_so(pickup: Pickup, clock: time_machine.Traveller) -> None:
    clock.move_to(cast.CUTOFF)
    close_day(pickup.day_id)

    cancel(pickup)

    assert [summary.data["orders"] for summary in Summary.objects.filter(revision=2)] == [0, 0]


def test_what_was_nearly_gone_makes_the_pages_of_the_day_anew(carrots: Listing) -> None:
    pickup = cast.placed_order({carrots: 16})
    before = MarketDay.objects.get().catalogue_version

    cancel(pickup)

    assert MarketDay.objects.get().catalogue_version == before + 1


def test_what_is_plentiful_leaves_the_pages_of_the_day_alone(pickup: Pickup) -> None:
    before = MarketDay.objects.get().catalogue_version

    cancel(pickup)

    assert MarketDay.objects.get().catalogue_version == before


def test_what_its_producer_took_off_goes_back_too(pickup: Pickup, carrots: Listing, honey: Listing) -> None:
    Listing.objects.update(on=False)

    cancel(pickup)

    assert taken(carrots, honey) == (0, 0, 0, 0)


def test_an_order_that_is_none_is_said_to_be_none(day: MarketDay) -> None:
    with pytest.raises(Pickup.DoesNotExist):
        cancel_order(1, reason="erreur", by=Actor.manager())
