"""Whether a day takes orders is one question: a day itself, the query set, the basket and the last button agree."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marche.common.refusals import Refused
from marche.markets.models import Market, MarketDay, Phase, Slot
from orders.actions.set_quantity import set_quantity
from orders.locks import take_number
from orders.models import Pickup
from producers.catalogue.cached import state_of
from producers.models import Listing
from tests import cast

pytestmark = pytest.mark.django_db

TICK = dt.timedelta(microseconds=1)
HOUR = dt.timedelta(hours=1)
TIMES = ("opens_at", "closes_at", "starts_at", "ends_at")

states = st.fixed_dictionaries(
    {
        "cancelled": st.booleans(),
        "summaries_made": st.booleans(),
        "holiday_decision": st.sampled_from(MarketDay.HolidayDecision.values),
        "active": st.booleans(),
        "closes_at_the_start": st.booleans(),
        "edge": st.sampled_from(TIMES),
        "side": st.sampled_from((-HOUR, -TICK, dt.timedelta(), TICK)),
    }
)
open_states = st.fixed_dictionaries(
    {
        "cancelled": st.just(False),
        "summaries_made": st.just(False),
        "holiday_decision": st.sampled_from(("", "kept")),
        "active": st.just(True),
        "closes_at_the_start": st.booleans(),
        "edge": st.sampled_from(("opens_at", "closes_at")),
        "side": st.sampled_from((-TICK, dt.timedelta(), TICK)),
    }
)
many = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def listing() -> Listing:
    with time_machine.travel(cast.OPEN_TIME, tick=False):
        day = cast.saturday(cast.beauvais())
        return cast.listing(cast.carrots(cast.ferme_du_ru(day.market)), day, quantity=9_000)


def put_into(day: MarketDay, state: dict[str, Any]) -> dt.datetime:
    """Write this state of the day, and return the moment at which it is looked at."""
    closes_at = day.starts_at if state["closes_at_the_start"] else cast.CUTOFF
    MarketDay.objects.filter(pk=day.pk).update(
        closes_at=closes_at,
        cancelled_at=cast.OPEN_TIME if state["cancelled"] else None,
        closed_at=cast.OPEN_TIME if state["summaries_made"] else None,
        holiday_decision=state["holiday_decision"],
        orders_count=0,
    )
    Market.objects.filter(pk=day.market_id).update(active=state["active"])
    edges = {name: getattr(day, name) for name in TIMES} | {"closes_at": closes_at}
    return edges[state["edge"]] + state["side"]


def orders(listing: Listing, now: dt.datetime) -> bool:
    """Whether the last button takes an order of one step of carrots."""
    Pickup.objects.all().delete()
    Slot.objects.update(reserved=0)
    with time_machine.travel(now, tick=False):
        try:
            cast.placed_order({listing: 1})
        except Refused:
            return False
    return True


def takes_into_the_basket(listing: Listing, now: dt.datetime) -> bool:
    with time_machine.travel(now, tick=False):
        try:
            set_quantity(listing.pk, visitor=None, quantity=1)
        except Refused:
            return False
    return True


@given(state=st.one_of(states, open_states))
@many
def test_page_database_basket_and_button_give_one_answer(listing: Listing, state: dict[str, Any]) -> None:
    now = put_into(listing.day, state)
    day = MarketDay.objects.select_related("market").get(pk=listing.day_id)

    with time_machine.travel(now, tick=False):
        answer = day.is_open
        assert (day.phase() is Phase.OPEN) is answer
        assert (state_of(day) == "open") is answer
        assert (day in MarketDay.objects.open()) is answer
    assert (day in MarketDay.objects.open(now)) is answer
    assert (day.phase(now) is Phase.OPEN) is answer
    assert (take_number(day.pk, now, catalogue_changes=False) is not None) is answer
    assert takes_into_the_basket(listing, now) is answer
    assert orders(listing, now) is answer


@given(state=states)
@many
def test_what_can_still_change_is_asked_alike_of_one_day_and_of_many(listing: Listing, state: dict[str, Any]) -> None:
    now = put_into(listing.day, state)
    day = MarketDay.objects.get(pk=listing.day_id)

    assert (day in MarketDay.objects.before_cutoff(now)) is day.is_before_cutoff(now)


def test_a_day_is_asked_anew_each_time(listing: Listing) -> None:
    """A process that holds a day across its cutoff doesn't go on saying that it is open."""
    day = listing.day
    with time_machine.travel(cast.CUTOFF - TICK, tick=False) as clock:
        assert day.is_open
        clock.move_to(cast.CUTOFF)
        assert not day.is_open


def test_a_cutoff_prolonged_behind_the_verbs_back_opens_nothing(listing: Listing) -> None:
    """Summaries are made: pages and button say alike that orders are closed."""
    MarketDay.objects.filter(pk=listing.day_id).update(closed_at=cast.CUTOFF, closes_at=cast.CUTOFF + HOUR)
    day = MarketDay.objects.select_related("market").get(pk=listing.day_id)

    assert day.phase(cast.CUTOFF) is Phase.CLOSED
    assert not orders(listing, cast.CUTOFF)


def test_a_market_that_is_not_active_takes_no_order(listing: Listing) -> None:
    Market.objects.update(active=False)

    assert not orders(listing, cast.OPEN_TIME)
    assert not takes_into_the_basket(listing, cast.OPEN_TIME)
    assert MarketDay.objects.get(pk=listing.day_id).phase(cast.OPEN_TIME) is Phase.SUSPENDED
