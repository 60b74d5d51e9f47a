"""A basket is cut down to what is left, unless it was ordered meanwhile."""

from __future__ import annotations

import pytest

from orders.actions.fit_basket import fit_basket
from producers.models import Listing
from tests import cast

pytestmark = pytest.mark.django_db


def test_a_line_is_lowered_to_what_is_left(carrots):
    basket = cast.basket_of({carrots: 3})
    Listing.objects.update(quantity=2)

    assert fit_basket(basket.pk)
    assert basket.basket.lines.get().quantity == 2


def test_a_basket_that_was_ordered_meanwhile_stays_as_it_was(carrots):
    basket = cast.basket_of({carrots: 3})
    cast.order(basket)
    Listing.objects.update(quantity=4)

    assert not fit_basket(basket.pk)
    assert basket.basket.lines.get().quantity == 3
