"""A producer lowers what it brings while residents order it: never below what is reserved, never an order too many.

The races are first shown to be some: with the check and the write apart, only the database's constraints are left.
"""

from __future__ import annotations

import threading
from functools import partial

import pytest
from django.db import IntegrityError
from django.db.models import F

from marche.common.refusals import Refused
from orders.models import Pickup
from producers.actions.archive_sheet import archive_sheet
from producers.actions.save_offer import OfferRow, save_offer
from producers.actions.save_sheet import save_sheet
from producers.kinds import GoodsKind
from producers.models import Listing, ProductSheet
from tests import cast
from tests.races.threads import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race, pytest.mark.usefixtures("clock")]
RESIDENTS = 8


@pytest.fixture
def carrots() -> Listing:
    market = cast.beauvais()
    day = cast.saturday(market)
    return cast.listing(cast.carrots(cast.ferme_du_ru(market)), day, quantity=RESIDENTS)


def residents(*listings: Listing):
    """Eight residents about to order one of each, as they see it now."""
    baskets = [cast.basket_of(dict.fromkeys(listings, 1), name=f"Résident {i}") for i in range(RESIDENTS)]
    return [partial(cast.order, basket, shown=cast.shown(basket)) for basket in baskets]


def saving(listing: Listing, **changes):
    """A member of the producer about to save one line of the offer."""
    values = {"on": True, "price_cents": listing.price_cents, "quantity": listing.quantity} | changes
    return partial(save_offer, listing.day_id, producer=listing.producer, rows=[OfferRow(listing.sheet_id, **values)])


def orders_in(results) -> int:
    """How many ordered; all others were refused, nobody met an error."""
    assert {type(result) for result in results} <= {Pickup, Refused, int, ProductSheet}
    return sum(isinstance(result, Pickup) for result in results)


@pytest.mark.parametrize("quantity", [1, 4, 7])
def test_the_quantity_is_lowered_to_what_is_left_or_not_at_all(carrots, quantity):
    lowered, *results = together(saving(carrots, quantity=quantity), *residents(carrots))

    orders = orders_in(results)
    carrots.refresh_from_db()
    assert carrots.reserved == orders
    if isinstance(lowered, Refused):
        assert (carrots.quantity, orders) == (RESIDENTS, RESIDENTS)
    else:
        assert (carrots.quantity, orders) == (quantity, quantity)


def test_what_is_taken_off_sale_keeps_the_orders_that_came_first(carrots):
    *results, _saved = together(*residents(carrots), saving(carrots, on=False))

    carrots.refresh_from_db()
    assert (carrots.on, carrots.reserved) == (False, orders_in(results))


def test_an_archived_product_keeps_the_orders_that_came_first(carrots):
    archiving = partial(archive_sheet, carrots.sheet_id, producer=carrots.producer, archived=True)
    *results, _archived = together(*residents(carrots), archiving)

    carrots.refresh_from_db()
    assert (carrots.on, carrots.reserved) == (False, orders_in(results))


def test_a_price_that_changes_is_paid_by_nobody_who_saw_the_old_one(carrots):
    *results, _saved = together(*residents(carrots), saving(carrots, price_cents=900))

    assert {pickup.total_cents for pickup in results if isinstance(pickup, Pickup)} <= {110}
    assert Listing.objects.get().reserved == orders_in(results)


def test_orders_and_changes_of_the_same_goods_do_not_deadlock(carrots):
    parsnips = cast.listing(cast.carrots(carrots.producer, title="Panais"), carrots.day, quantity=RESIDENTS)
    both = [OfferRow(item.sheet_id, on=True, price_cents=220, quantity=100) for item in (parsnips, carrots)]
    rewriting = [
        partial(
            save_sheet,
            item.sheet.pk,
            producer=carrots.producer,
            title=item.sheet.title,
            kind=GoodsKind.FRUIT_VEGETABLES,
            variety="x",
        )
        for item in (carrots, parsnips)
    ]
    saves = [partial(save_offer, carrots.day_id, producer=carrots.producer, rows=both)] * 2

    results = together(*residents(parsnips, carrots), *saves, *rewriting)

    assert orders_in(results) == RESIDENTS


def test_two_members_who_offer_the_same_product_at_once_make_one_listing(carrots):
    Listing.objects.all().delete()

    results = together(saving(carrots, quantity=5), saving(carrots, quantity=5))

    assert sorted(results) == [0, 1]
    assert Listing.objects.get().quantity == 5


class TestWithoutTheLock:
    """The same races with the check and the write apart."""

    def test_an_order_comes_between_the_look_and_the_lower_quantity(self, carrots):
        everybody_has_looked = threading.Barrier(2, timeout=30)

        def lower() -> None:
            seen = Listing.objects.get(pk=carrots.pk)
            everybody_has_looked.wait()
            if seen.reserved <= 1:
                Listing.objects.filter(pk=seen.pk).update(quantity=1)

        def order() -> None:
            seen = Listing.objects.get(pk=carrots.pk)
            everybody_has_looked.wait()
            if seen.remaining >= 2:
                Listing.objects.filter(pk=seen.pk).update(reserved=F("reserved") + 2)

        assert stopped_by(together(lower, order), "listing_never_oversold")

    def test_two_members_list_the_same_product_twice(self, carrots):
        Listing.objects.all().delete()
        everybody_has_looked = threading.Barrier(2, timeout=30)

        def offer() -> None:
            listed = Listing.objects.filter(sheet=carrots.sheet_id).exists()
            everybody_has_looked.wait()
            if not listed:
                cast.listing(carrots.sheet, carrots.day)

        assert stopped_by(together(offer, offer), "a_product_is_listed_once_a_day")


def stopped_by(results, constraint: str) -> bool:
    """Whether one of two writes came too late, and nothing but this constraint stopped it."""
    (error,) = [result for result in results if result is not None]
    return isinstance(error, IntegrityError) and constraint in str(error)
