"""Placing an order: one verb, all or nothing, the same again for the same basket."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marche.common.refusals import Refused
from marche.markets.models import MarketDay, Slot
from marche.outbox.models import Message
from marche.shop.oscar import Order
from orders.actions.place_order import place_order
from orders.models import Pickup
from producers.models import Listing
from tests import cast
from tests.refusals import codes_of

pytestmark = pytest.mark.django_db


def test_an_order_reserves_stock_slot_and_number(carrots, honey):
    pickup = cast.placed_order({carrots: 3, honey: 1})

    carrots.refresh_from_db()
    pickup.slot.refresh_from_db()
    pickup.day.refresh_from_db()
    assert (carrots.reserved, pickup.slot.reserved, pickup.day.orders_count, pickup.number) == (3, 1, 1, 1)


def test_an_order_is_split_into_one_part_per_producer(carrots, honey):
    pickup = cast.placed_order({carrots: 3, honey: 1})

    # 1.5 kg at 3.75 € is 5.625 €: rounded once, on the line.
    assert [part.total_cents for part in pickup.parts.order_by("total_cents")] == [563, 850]
    assert pickup.total_cents == 1413


def test_what_would_cost_nothing_is_refused_by_its_name(carrots, honey):
    """100 g at four cents a kilogram: the line is rounded to 0.00 €."""
    Listing.objects.filter(pk=carrots.pk).update(price_cents=4, step_grams=100)
    carrots.refresh_from_db()
    with pytest.raises(Refused) as caught:
        cast.order(cast.basket_of({carrots: 1, honey: 1}))

    [problem] = caught.value.problems
    assert (problem.code, "Carottes" in problem.sentence) == ("no-price", True)
    assert not Pickup.objects.exists()


def test_the_sum_of_the_parts_is_the_whole_in_oscar_too(carrots, honey):
    pickup = cast.placed_order({carrots: 3, honey: 1})

    order = pickup.order
    lines = list(order.lines.all())
    assert order.total_incl_tax == sum(line.line_price_incl_tax for line in lines)
    assert order.total_excl_tax == sum(line.line_price_excl_tax for line in lines)
    assert sum(part.vat_cents for part in pickup.parts.all()) == (order.total_incl_tax - order.total_excl_tax) * 100


def test_a_producer_without_vat_charges_none(honey):
    assert cast.placed_order({honey: 1}).parts.get().vat_cents == 0


def test_a_weighed_piece_has_an_estimate_and_a_maximum(day):
    chicken = cast.listing(cast.chicken(cast.ferme_du_ru(day.market)), day, price_cents=980)

    pickup = cast.placed_order({chicken: 1})

    assert (pickup.total_cents, pickup.max_cents) == (1568, 1764)


def test_the_same_basket_gives_the_same_order(carrots):
    basket = cast.basket_of({carrots: 1})
    first = cast.order(basket)

    again = place_order(basket.pk, shown=None, terms_version="x")

    assert again.pk == first.pk
    assert Order.objects.count() == 1


def test_a_confirmation_is_queued_for_a_resident_with_an_address(carrots):
    pickup = cast.placed_order({carrots: 1})

    assert list(Message.objects.values_list("kind", "subject_id", "recipient")) == [
        ("order-confirmation", pickup.pk, "lea@example.org")
    ]


def test_no_message_is_queued_for_a_resident_without_one(carrots):
    cast.placed_order({carrots: 1}, **cast.ODETTE)

    assert not Message.objects.exists()


def test_a_refusal_names_everything_that_is_missing_and_changes_nothing(carrots, honey):
    basket = cast.basket_of({carrots: 11, honey: 4})

    assert codes_of(cast.order, basket) == ["too-few", "too-few"]

    carrots.refresh_from_db()
    basket.refresh_from_db()
    assert (carrots.reserved, basket.open, Pickup.objects.count(), Order.objects.count()) == (0, True, 0, 0)


def test_what_its_producer_took_off_is_refused_as_sold_out(carrots):
    basket = cast.basket_of({carrots: 1})
    Listing.objects.update(on=False)

    assert codes_of(cast.order, basket) == ["sold-out"]


def test_a_listing_that_is_gone_is_named(carrots, honey):
    basket = cast.basket_of({carrots: 1, honey: 1})
    honey.delete()

    assert codes_of(cast.order, basket) == ["gone"]


def test_an_empty_basket_orders_nothing(carrots):
    basket = cast.basket_of({carrots: 1})
    basket.basket.lines.all().delete()

    assert codes_of(cast.order, basket) == ["empty"]


def test_no_order_enters_at_the_cutoff(carrots):
    basket = cast.basket_of({carrots: 1})

    with time_machine.travel(cast.CUTOFF, tick=False):
        assert codes_of(cast.order, basket) == ["closed"]


def test_an_order_enters_one_second_before_the_cutoff(carrots):
    basket = cast.basket_of({carrots: 1})

    with time_machine.travel(cast.CUTOFF - dt.timedelta(seconds=1), tick=False):
        assert cast.order(basket).number == 1


def test_no_order_enters_before_the_window_opens(carrots):
    basket = cast.basket_of({carrots: 1})

    with time_machine.travel(cast.OPEN_TIME - dt.timedelta(days=2), tick=False):
        assert codes_of(cast.order, basket) == ["closed"]


def test_no_order_enters_a_day_whose_summaries_are_made(carrots):
    basket = cast.basket_of({carrots: 1})
    MarketDay.objects.update(closed_at=cast.OPEN_TIME)

    assert codes_of(cast.order, basket) == ["closed"]


def test_no_order_enters_a_cancelled_day(carrots):
    basket = cast.basket_of({carrots: 1})
    MarketDay.objects.update(cancelled_at=cast.OPEN_TIME)

    assert codes_of(cast.order, basket) == ["cancelled"]


def test_no_order_enters_a_day_at_its_cap(carrots):
    basket = cast.basket_of({carrots: 1})
    MarketDay.objects.update(order_cap=1, orders_count=1)

    assert codes_of(cast.order, basket) == ["day-full"]


def test_no_order_enters_a_full_slot(carrots):
    basket = cast.basket_of({carrots: 1})
    Slot.objects.update(capacity=0)

    assert codes_of(cast.order, basket) == ["slot-full"]


def test_what_is_nearly_gone_makes_the_pages_of_the_day_anew(carrots):
    before = carrots.day.catalogue_version

    cast.placed_order({carrots: 6})

    assert MarketDay.objects.get(pk=carrots.day_id).catalogue_version == before + 1


def test_what_is_plentiful_leaves_the_pages_of_the_day_alone(carrots):
    before = carrots.day.catalogue_version

    cast.placed_order({carrots: 2})

    assert MarketDay.objects.get(pk=carrots.day_id).catalogue_version == before


@pytest.mark.parametrize("products", [1, 6, 20])
def test_an_order_takes_twelve_statements_whatever_its_size(day, products):
    farm = cast.ferme_du_ru(day.market)
    items = {cast.listing(cast.carrots(farm, title=f"Carottes {i}"), day): 1 for i in range(products)}
    basket = cast.basket_of(items)

    shown = cast.shown(basket)

    with CaptureQueriesContext(connection) as queries:
        place_order(basket.pk, shown=shown, terms_version="x")

    statements = [q["sql"] for q in queries if "SAVEPOINT" not in q["sql"]]
    assert len(statements) == 12, "\n".join(statements)
