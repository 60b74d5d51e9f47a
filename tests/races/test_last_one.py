"""The last unit, the last place, the last order under the cap: wanted by many at once, had by one.

Each race is first shown to be one: with the check and the write apart, as they would be without a lock, more than one
gets it, and only the database's own constraint is left to stop them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

import pytest
from django.db import IntegrityError
from django.db.models import F

from marche.markets.models import MarketDay, Slot
from orders.models import Pickup
from producers.models import Listing
from tests import cast
from tests.races.threads import outcomes, together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race, pytest.mark.usefixtures("clock")]
RESIDENTS = 8


@pytest.fixture
def carrots() -> Listing:
    market = cast.beauvais()
    day = cast.saturday(market)
    return cast.listing(cast.carrots(cast.ferme_du_ru(market)), day, quantity=100)


def all_order(listing: Listing, quantity: int = 1) -> list[Callable[[], Pickup]]:
    """Eight residents about to press the button."""
    baskets = [cast.basket_of({listing: quantity}, name=f"Résident {i}") for i in range(RESIDENTS)]
    return [partial(cast.order, basket) for basket in baskets]


def test_the_last_unit_goes_to_one_resident(carrots):
    Listing.objects.update(quantity=1)
    carrots.refresh_from_db()

    assert outcomes(together(*all_order(carrots))) == {"done": 1, "sold-out": RESIDENTS - 1}

    carrots.refresh_from_db()
    assert carrots.reserved == 1


def test_what_does_not_divide_is_not_oversold(carrots):
    Listing.objects.update(quantity=10)
    carrots.refresh_from_db()

    assert outcomes(together(*all_order(carrots, 3)))["done"] == 3

    carrots.refresh_from_db()
    assert carrots.reserved == 9


def test_the_last_place_of_a_slot_goes_to_one_resident(carrots):
    Slot.objects.update(capacity=1)

    assert outcomes(together(*all_order(carrots))) == {"done": 1, "slot-full": RESIDENTS - 1}

    assert Slot.objects.get(starts_at=carrots.day.starts_at).reserved == 1


def test_the_last_order_under_the_cap_goes_to_one_resident(carrots):
    MarketDay.objects.update(order_cap=3)

    assert outcomes(together(*all_order(carrots))) == {"done": 3, "day-full": RESIDENTS - 3}

    assert sorted(Pickup.objects.values_list("number", flat=True)) == [1, 2, 3]


def test_orders_of_the_same_goods_in_opposite_orders_do_not_deadlock(carrots):
    honey = cast.listing(cast.honey(cast.le_rucher(carrots.day.market)), carrots.day, quantity=100)
    one_way = [partial(cast.order, cast.basket_of({carrots: 1, honey: 1})) for _i in range(4)]
    the_other = [partial(cast.order, cast.basket_of({honey: 1, carrots: 1})) for _i in range(4)]

    assert outcomes(together(*one_way, *the_other)) == {"done": 8}


def test_a_double_click_gives_one_order(carrots):
    basket = cast.basket_of({carrots: 1})

    results = together(*[partial(cast.order, basket, shown=cast.shown(basket)) for _i in range(RESIDENTS)])

    assert len({pickup.pk for pickup in results}) == 1
    carrots.refresh_from_db()
    assert (Pickup.objects.count(), carrots.reserved) == (1, 1)


class TestWithoutTheLock:
    """The same races with the check and the write apart."""

    def test_the_last_unit_is_wanted_by_all_who_saw_it(self, carrots):
        Listing.objects.update(quantity=1)

        def check_then_write() -> None:
            seen = Listing.objects.get(pk=carrots.pk)
            everybody_has_looked.wait()
            if seen.remaining >= 1:
                Listing.objects.filter(pk=carrots.pk).update(reserved=F("reserved") + 1)

        everybody_has_looked = barrier()
        results = together(*[check_then_write] * RESIDENTS)

        assert stopped_by(results, "listing_never_oversold") == RESIDENTS - 1

    def test_the_last_place_is_wanted_by_all_who_saw_it(self, carrots):
        Slot.objects.update(capacity=1)
        slot = carrots.day.slots.first()

        def check_then_write() -> None:
            seen = Slot.objects.get(pk=slot.pk)
            everybody_has_looked.wait()
            if seen.remaining >= 1:
                Slot.objects.filter(pk=slot.pk).update(reserved=F("reserved") + 1)

        everybody_has_looked = barrier()
        results = together(*[check_then_write] * RESIDENTS)

        assert stopped_by(results, "slot_never_overfilled") == RESIDENTS - 1

    def test_the_last_order_is_wanted_by_all_who_saw_it(self, carrots):
        MarketDay.objects.update(order_cap=1)

        def check_then_write() -> None:
            seen = MarketDay.objects.get(pk=carrots.day_id)
            everybody_has_looked.wait()
            if not seen.is_full:
                MarketDay.objects.filter(pk=seen.pk).update(orders_count=F("orders_count") + 1)

        everybody_has_looked = barrier()
        results = together(*[check_then_write] * RESIDENTS)

        assert stopped_by(results, "orders_within_the_cap") == RESIDENTS - 1


def barrier() -> threading.Barrier:
    """Where all residents meet once they have looked."""
    return threading.Barrier(RESIDENTS, timeout=30)


def stopped_by(results: list[object], constraint: str) -> int:
    """How many went past the check and were stopped by this constraint alone."""
    return sum(isinstance(result, IntegrityError) and constraint in str(result) for result in results)
