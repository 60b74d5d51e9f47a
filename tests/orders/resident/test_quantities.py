"""Quantities as people type them."""

import pytest

from marche.common.refusals import Refused
from orders.resident.quantities import parse_quantity


@pytest.mark.parametrize(("typed", "units"), [("1", 1), (" 12 ", 12), ("99", 99), ("+3", 3), ("007", 7)])
def test_a_whole_number_is_read(typed, units):
    assert parse_quantity(typed) == units


@pytest.mark.parametrize("typed", ["0", "-1", "−1", "1.5", "1,5", "abc", "", "١", "1e3", "1 2", "٣", "²"])
def test_anything_else_is_refused_with_what_to_type(typed):
    with pytest.raises(Refused, match="not-a-quantity"):
        parse_quantity(typed)


def test_none_is_read_where_it_means_to_remove():
    assert parse_quantity("0", least=0) == 0
