"""Numbers for the same line that arrive at once, and one that arrives while the order is being placed.

The race is first shown: without what each page knew of the line, the last one to arrive wins, whatever it is.
"""

from __future__ import annotations

from functools import partial

import pytest

from orders.actions.set_quantity import set_quantity
from orders.models import DayBasket, LineDetail
from producers.models import Listing
from tests import cast
from tests.races.threads import outcomes, together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race, pytest.mark.usefixtures("clock")]


@pytest.fixture
def carrots() -> Listing:
    market = cast.beauvais()
    return cast.listing(cast.carrots(cast.ferme_du_ru(market)), cast.saturday(market), quantity=100)


def in_baskets() -> list[int]:
    return [line.quantity for basket in DayBasket.objects.filter(open=True) for line in basket.basket.lines.all()]


def test_of_pages_that_knew_nothing_all_write(carrots):
    visitor = cast.basket_of({carrots: 50}).visitor
    taps = [partial(set_quantity, carrots.pk, visitor=visitor, quantity=number) for number in range(1, 9)]

    assert outcomes(together(*taps)) == {"done": 8}


def test_of_pages_that_knew_the_same_one_writes_and_the_others_are_told(carrots):
    visitor = cast.basket_of({carrots: 50}).visitor
    taps = [partial(set_quantity, carrots.pk, visitor=visitor, quantity=number, known={50}) for number in range(1, 9)]

    assert outcomes(together(*taps)) == {"done": 1, "newer": 7}
    assert len(in_baskets()) == 1


def test_first_numbers_of_one_visitor_fill_one_basket(carrots):
    others = [
        cast.listing(cast.carrots(carrots.producer, title=f"Carottes {i}"), carrots.day, quantity=9) for i in range(6)
    ]
    taps = [
        partial(set_quantity, listing.pk, visitor="a" * 32, quantity=1, known={0}) for listing in (carrots, *others)
    ]

    assert outcomes(together(*taps)) == {"done": 7}
    assert in_baskets() == [1] * 7
    assert DayBasket.objects.count() == 1


def test_a_number_and_the_order_at_once_leave_nothing_half_said(carrots):
    """Either the number is in the order, or whoever sent it is told that the basket is gone."""
    basket = cast.basket_of({carrots: 1})
    tap = partial(set_quantity, carrots.pk, visitor=basket.visitor, quantity=0, known={1})
    more = partial(set_quantity, carrots.pk, visitor=basket.visitor, quantity=2, known={1})
    told = outcomes(together(partial(cast.order, basket), tap, more))

    assert set(told) <= {"done", "newer", "empty", "changed"}
    assert not (LineDetail.objects.exists() and in_baskets())
