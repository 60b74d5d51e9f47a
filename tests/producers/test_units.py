"""What a unit costs, and what that makes per kilogram, litre or piece."""

from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from producers.models import Listing
from producers.units import Per, Unit

prices = st.integers(1, 100_000)
quantities = st.integers(1, 99)
grams = st.integers(1, 20_000)


def piece(**fields) -> Listing:
    return Listing(unit=Unit.PIECE, **fields)


@given(prices, quantities)
def test_a_piece_costs_its_price(price, quantity):
    assert piece().line_cents(price, quantity) == price * quantity


@given(prices, quantities, grams)
def test_goods_by_weight_are_rounded_once_on_the_line(price, quantity, step):
    line = Listing(unit=Unit.WEIGHT, step_grams=step).line_cents(price, quantity)

    assert abs(line - Fraction(price * step * quantity, 1000)) <= Fraction(1, 2)


@given(prices, quantities, grams, grams)
def test_a_weighed_piece_never_costs_more_than_its_maximum(price, quantity, expected, more):
    chicken = Listing(unit=Unit.WEIGHED, min_grams=1, expected_grams=expected, max_grams=expected + more)

    assert chicken.line_cents(price, quantity) <= chicken.line_max_cents(price, quantity)


@given(prices, quantities)
def test_what_is_not_weighed_has_no_other_maximum(price, quantity):
    assert piece().line_max_cents(price, quantity) == piece().line_cents(price, quantity)


@pytest.mark.parametrize(
    ("sold", "cents", "per"),
    [
        ({"unit": Unit.WEIGHT, "step_grams": 500}, 340, Per.KILOGRAM),
        ({"unit": Unit.WEIGHED, "expected_grams": 1600}, 340, Per.KILOGRAM),
        ({"unit": Unit.PACK, "net_grams": 250}, 1360, Per.KILOGRAM),
        ({"unit": Unit.PIECE, "net_grams": 333}, 1021, Per.KILOGRAM),
        ({"unit": Unit.PACK, "net_millilitres": 750}, 453, Per.LITRE),
        ({"unit": Unit.PACK, "pieces": 6}, 57, Per.PIECE),
        ({"unit": Unit.PIECE}, 340, Per.PIECE),
        ({"unit": Unit.BUNCH}, 340, Per.BUNCH),
    ],
)
def test_every_price_has_its_price_per_measure(sold, cents, per):
    reference = Listing(**sold).reference_price(340)

    assert (reference.cents, reference.per) == (cents, per)


@pytest.mark.parametrize(
    ("sold", "missing"),
    [
        ({"unit": Unit.PIECE}, []),
        ({"unit": Unit.WEIGHT}, ["step_grams"]),
        ({"unit": Unit.WEIGHED, "min_grams": 900}, ["expected_grams", "max_grams"]),
        ({"unit": Unit.PACK}, ["net_grams"]),
        ({"unit": Unit.PACK, "net_millilitres": 250}, []),
        ({"unit": Unit.PACK, "pieces": 6}, []),
    ],
)
def test_a_way_of_selling_says_what_it_lacks(sold, missing):
    assert Listing(**sold).missing_unit_fields() == missing


def test_weights_that_contradict_each_other_are_refused():
    with pytest.raises(ValidationError):
        Listing(unit=Unit.WEIGHED, min_grams=1800, expected_grams=1600, max_grams=1400).clean_unit()
