"""Money to the cent."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marche.common.money import parse_price, round_half_up, to_cents, to_euros, vat_included

cents = st.integers(0, 10_000_000)
rates = st.sampled_from([0, 210, 550, 1000, 2000])


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("1,50", 150), ("1.50", 150), ("1,5", 150), ("2", 200), ("2,20 €", 220), ("0,05", 5), (" 12,00 ", 1200)],
)
def test_a_price_is_read_as_people_type_it(typed, expected):
    assert parse_price(typed) == expected


@pytest.mark.parametrize("typed", ["1.234,5", "1,234.50", "1,555", "-1", "abc", "", "1e3", "0", "0,00", "1000,01", "१"])
def test_a_price_that_could_be_two_things_is_refused(typed):
    with pytest.raises(ValueError, match=r"\w"):
        parse_price(typed)


@given(cents)
def test_euros_and_back_is_the_same(amount):
    assert to_cents(to_euros(amount)) == amount


@given(cents, rates)
def test_vat_is_within_half_a_cent_of_the_exact_one(amount, rate):
    exact = Fraction(amount * rate, 10_000 + rate)
    assert abs(vat_included(amount, rate) - exact) <= Fraction(1, 2)


@given(cents, rates)
def test_net_and_vat_are_the_whole(amount, rate):
    vat = vat_included(amount, rate)
    assert 0 <= vat <= amount
    assert (amount - vat) + vat == amount


@given(st.fractions(min_value=0, max_value=10**9))
def test_rounding_is_to_the_nearest_cent_halves_up(value):
    rounded = round_half_up(value)
    assert Fraction(-1, 2) < rounded - value <= Fraction(1, 2)


def test_half_a_cent_is_rounded_up():
    assert [round_half_up(Fraction(n, 2)) for n in (1, 3, 5)] == [1, 2, 3]
    assert to_cents(Decimal("0.125")) == 13
