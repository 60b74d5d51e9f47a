"""How much a line of the basket may hold: down always, up to what is left, and never against a newer page."""

from __future__ import annotations

import pytest

from orders.actions.set_quantity import set_quantity
from orders.models import DayBasket
from orders.refusals import LineRefused
from producers.catalogue.cards import MOST_UNITS
from producers.models import Listing
from tests import cast

pytestmark = pytest.mark.django_db


def basket_of_six(listing: Listing) -> str:
    """Six in the basket, of which four are left by now."""
    visitor = cast.basket_of({listing: 6}).visitor
    Listing.objects.update(quantity=4)
    return visitor


def held(listing: Listing) -> int:
    line = DayBasket.objects.get().basket.lines.filter(product=listing.sheet_id).first()
    return line.quantity if line else 0


def refused(visitor: str | None, listing: Listing, quantity: int, **known) -> LineRefused:
    with pytest.raises(LineRefused) as caught:
        set_quantity(listing.pk, visitor=visitor, quantity=quantity, **known)
    return caught.value


@pytest.mark.parametrize("quantity", [5, 4, 1, 0])
def test_with_more_in_the_basket_than_is_left_any_smaller_number_is_taken(carrots, quantity):
    set_quantity(carrots.pk, visitor=basket_of_six(carrots), quantity=quantity)

    assert held(carrots) == quantity


@pytest.mark.parametrize("quantity", [5, 0])
def test_of_what_is_sold_out_or_taken_off_less_is_taken_too(carrots, quantity):
    visitor = basket_of_six(carrots)
    Listing.objects.update(on=False)
    set_quantity(carrots.pk, visitor=visitor, quantity=quantity)

    assert held(carrots) == quantity


@pytest.mark.parametrize("quantity", [6, 7])
def test_with_more_in_the_basket_than_is_left_no_more_is_taken(carrots, quantity):
    answer = refused(basket_of_six(carrots), carrots, quantity)

    assert (answer.held, answer.offer, answer.problems[0].code) == (6, 4, "too-few")
    assert held(carrots) == 6


def test_seven_of_three_offers_three(honey):
    answer = refused(None, honey, 7)

    assert (answer.held, answer.offer) == (0, 3)
    assert not DayBasket.objects.exists()


def test_four_of_three_with_three_in_the_basket_offers_nothing(honey):
    assert refused(cast.basket_of({honey: 3}).visitor, honey, 4).offer is None


def test_of_what_is_sold_out_nothing_is_offered(honey):
    Listing.objects.update(quantity=0)

    answer = refused(None, honey, 1)
    assert (answer.offer, answer.problems[0].code) == (None, "sold-out")


@pytest.mark.parametrize(("holds", "offer"), [(MOST_UNITS, None), (98, MOST_UNITS)])
def test_beyond_the_most_says_so(carrots, holds, offer):
    Listing.objects.update(quantity=500)
    answer = refused(cast.basket_of({carrots: holds}).visitor, carrots, MOST_UNITS + 1)

    assert (answer.held, answer.offer, answer.problems[0].code) == (holds, offer, "too-many")
    assert held(carrots) == holds


def test_of_less_than_the_most_it_says_what_is_left(honey):
    answer = refused(None, honey, MOST_UNITS + 1)

    assert (answer.offer, answer.problems[0].code) == (3, "too-few")


def test_a_page_that_knows_what_the_line_holds_changes_it(carrots):
    set_quantity(carrots.pk, visitor=cast.basket_of({carrots: 2}).visitor, quantity=3, known={2})

    assert held(carrots) == 3


def test_an_older_page_changes_nothing_and_is_told(carrots):
    answer = refused(cast.basket_of({carrots: 5}).visitor, carrots, 1, known={0})

    assert (answer.newer, answer.held) == (True, 5)
    assert held(carrots) == 5


def test_an_older_page_can_not_lower_or_remove_either(carrots):
    assert refused(cast.basket_of({carrots: 5}).visitor, carrots, 0, known={1}).newer


def test_a_page_that_waits_for_an_answer_names_both_numbers_and_is_no_older_page(carrots):
    set_quantity(carrots.pk, visitor=cast.basket_of({carrots: 1}).visitor, quantity=3, known={0, 1})

    assert held(carrots) == 3


def test_the_same_number_sent_twice_does_no_harm(carrots):
    visitor = cast.basket_of({carrots: 1}).visitor
    set_quantity(carrots.pk, visitor=visitor, quantity=2, known={1})
    set_quantity(carrots.pk, visitor=visitor, quantity=2, known={1})

    assert held(carrots) == 2


def test_a_page_older_than_the_order_makes_no_new_basket(carrots):
    basket = cast.basket_of({carrots: 3})
    cast.order(basket)

    assert refused(basket.visitor, carrots, 4, known={3}).newer
    assert not DayBasket.objects.filter(open=True).exists()
