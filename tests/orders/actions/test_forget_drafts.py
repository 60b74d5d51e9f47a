"""What visitors typed and never ordered is forgotten after 14 days."""

from __future__ import annotations

import datetime as dt

import pytest

from marche.shop.oscar import Basket, BasketLine
from orders.models import DayBasket
from orders.tasks import forget_drafts
from producers.models import Listing
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def carrots() -> Listing:
    day = cast.saturday(cast.beauvais())
    return cast.listing(cast.carrots(cast.ferme_du_ru(day.market)), day)


def test_an_old_basket_goes_with_its_lines(carrots, clock):
    cast.basket_of({carrots: 1})
    clock.shift(dt.timedelta(days=14, seconds=1))
    forget_drafts()

    assert not DayBasket.objects.exists()
    assert not Basket.objects.exists()
    assert not BasketLine.objects.exists()


def test_a_basket_of_last_week_stays(carrots, clock):
    cast.basket_of({carrots: 1})
    clock.shift(dt.timedelta(days=13))
    forget_drafts()

    assert DayBasket.objects.get().name == cast.LEA["name"]


def test_an_order_keeps_its_contact_and_its_basket_forgets_it(carrots, clock):
    pickup = cast.placed_order({carrots: 1})
    clock.shift(dt.timedelta(days=14, seconds=1))
    forget_drafts()

    pickup.refresh_from_db()
    assert pickup.email == cast.LEA["email"]
    basket = DayBasket.objects.get()
    assert (basket.name, basket.email, str(basket.phone or ""), basket.note) == ("", "", "", "")
