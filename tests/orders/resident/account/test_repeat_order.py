"""Ordering the same again: what is left goes into the basket of the next open day, the rest is said line by line."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from marche.common.refusals import Refused
from marche.shop.oscar import BasketLine, Product
from orders.actions.repeat_order import repeat_order
from orders.models import DayBasket, Pickup
from producers.models import Listing
from tests import cast
from tests.pages import words

pytestmark = pytest.mark.django_db

NEXT_TUESDAY = cast.OPEN_TIME + dt.timedelta(days=7)


@pytest.fixture
def last_week(carrots: Listing, honey: Listing) -> Pickup:
    """Three steps of carrots and two jars of honey, ordered for the 28th."""
    return cast.placed_order({carrots: 3, honey: 2})


@pytest.fixture
def next_week(last_week: Pickup):
    """The Tuesday after: the 5th of December is open, and nothing is offered yet."""
    with time_machine.travel(NEXT_TUESDAY, tick=False):
        yield cast.saturday(last_week.day.market, cast.SATURDAY + dt.timedelta(days=7))


@pytest.fixture
def offered(next_week, carrots: Listing, honey: Listing) -> dict[str, Listing]:
    """The same goods at the same prices, ten of each."""
    return {
        "carrots": cast.listing(carrots.sheet, next_week, price_cents=375),
        "honey": cast.listing(honey.sheet, next_week, price_cents=850),
    }


def change(listing: Listing, **values: Any) -> None:
    Listing.objects.filter(pk=listing.pk).update(**values)


def in_basket(basket: DayBasket | None) -> dict[str, int]:
    return dict(BasketLine.objects.filter(basket=basket.pk).values_list("product__title", "quantity")) if basket else {}


def codes(repeated) -> list[str]:
    return [problem.code for problem in repeated.missing]


def test_everything_that_is_offered_again_is_put_into_the_basket_of_the_next_open_day(last_week, next_week, offered):
    repeated = repeat_order(last_week.pk, visitor=None)

    assert repeated.basket
    assert repeated.basket.day == next_week
    assert in_basket(repeated.basket) == {"Carottes": 3, "Miel d’acacia": 2}
    assert codes(repeated) == []


def test_what_is_no_longer_offered_is_said(last_week, offered):
    offered["honey"].delete()

    repeated = repeat_order(last_week.pk, visitor=None)

    assert in_basket(repeated.basket) == {"Carottes": 3}
    assert codes(repeated) == ["gone"]


def test_what_its_producer_took_off_is_no_longer_offered(last_week, offered):
    change(offered["honey"], on=False)

    assert codes(repeat_order(last_week.pk, visitor=None)) == ["gone"]


def test_of_what_is_short_the_rest_is_taken_and_said(last_week, offered):
    change(offered["carrots"], quantity=2)

    repeated = repeat_order(last_week.pk, visitor=None)

    assert in_basket(repeated.basket)["Carottes"] == 2
    assert codes(repeated) == ["too-few"]


def test_what_is_sold_out_is_said(last_week, offered):
    change(offered["carrots"], quantity=2, reserved=2)

    repeated = repeat_order(last_week.pk, visitor=None)

    assert in_basket(repeated.basket) == {"Miel d’acacia": 2}
    assert codes(repeated) == ["sold-out"]


def test_what_is_sold_in_other_steps_is_not_guessed(last_week, offered):
    change(offered["carrots"], step_grams=1000)

    repeated = repeat_order(last_week.pk, visitor=None)

    assert in_basket(repeated.basket) == {"Miel d’acacia": 2}
    assert codes(repeated) == ["sold-otherwise"]


def test_when_nothing_is_left_no_basket_is_made(last_week, offered):
    Listing.objects.filter(day__date__gt=cast.SATURDAY).delete()

    repeated = repeat_order(last_week.pk, visitor=None)

    assert repeated.basket is None
    assert codes(repeated) == ["gone", "gone"]


def test_a_second_click_doubles_nothing(last_week, offered):
    basket = repeat_order(last_week.pk, visitor=None).basket
    assert basket

    again = repeat_order(last_week.pk, visitor=basket.visitor).basket

    assert again == basket
    assert in_basket(basket) == {"Carottes": 3, "Miel d’acacia": 2}


def test_what_the_basket_holds_more_of_stays(last_week, offered):
    basket = cast.basket_of({offered["carrots"]: 5, offered["honey"]: 1})

    repeat_order(last_week.pk, visitor=basket.visitor)

    assert in_basket(basket) == {"Carottes": 5, "Miel d’acacia": 2}


def test_without_an_open_day_it_says_when_orders_open(last_week):
    with time_machine.travel(cast.CUTOFF, tick=False), pytest.raises(Refused) as refused:
        repeat_order(last_week.pk, visitor=None)

    assert refused.value.problems[0].code == "no-open-day"
    assert not DayBasket.objects.filter(open=True).exists()


def test_the_cost_does_not_grow_with_the_order(last_week, offered, django_assert_num_queries):
    # Order, day, lines, listings, savepoint; basket made and its savepoints; held lines, stock records, writing both.
    with django_assert_num_queries(15):
        repeat_order(last_week.pk, visitor=None)
    last_week.parts.all()[0].details.all().delete()
    with django_assert_num_queries(15):
        repeat_order(last_week.pk, visitor=None)


@pytest.fixture
def browser() -> Client:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def press(client: Client, pickup: Pickup):
    return client.post(reverse("ticket-repeat", args=[pickup.display_code]), follow=True)


def test_whoever_holds_the_ticket_is_led_to_the_basket(browser, last_week, offered):
    offered["honey"].delete()

    page = words(press(browser, last_week))

    assert "1 product of your order is in your basket for Saturday 5 December." in page
    assert "Miel d’acacia: no longer offered." in page
    assert settings.BASKET_COOKIE_NAME in browser.cookies


def test_a_price_that_changed_since_is_said_in_the_basket(browser, last_week, offered):
    change(offered["carrots"], price_cents=400)

    assert "Carottes: the price was €3.75 per kg, it is now €4.00 per kg." in words(press(browser, last_week))


def test_a_pack_that_is_another_one_since_is_said_in_the_basket(browser, last_week, offered):
    change(offered["honey"], net_grams=1000)

    assert "Miel d’acacia: it was 2 × 500 g, €17.00, it is now 2 × 1 kg, €17.00." in words(press(browser, last_week))


def test_a_weighed_piece_that_is_heavier_since_is_said_in_the_basket(browser, day, last_week, next_week):
    hen = cast.chicken(last_week.parts.all()[0].producer)
    with time_machine.travel(cast.OPEN_TIME, tick=False):
        ordered = cast.placed_order({cast.listing(hen, day, price_cents=1000): 1})
    change(cast.listing(hen, next_week, price_cents=1000), min_grams=2800, expected_grams=3200, max_grams=3600)

    page = words(press(browser, ordered))
    assert "it was 1 × about 1.6 kg (1.4 kg to 1.8 kg), €16.00 (at most €18.00)" in page


def test_a_product_that_got_another_name_since_is_said_in_the_basket(browser, last_week, offered):
    Product.objects.filter(pk=offered["honey"].sheet_id).update(title="Miel de tilleul")

    assert "Miel de tilleul: it was “Miel d’acacia”, 2 × 500 g" in words(press(browser, last_week))


def test_a_long_order_is_told_line_by_line(browser, last_week, next_week):
    page = words(press(browser, last_week))

    assert page.count("no longer offered") == 2
    assert "Your basket is empty" in page


def test_without_an_open_day_the_ticket_says_when(browser, last_week, day):
    cast.next_saturday(day)
    with time_machine.travel(cast.CUTOFF, tick=False):
        page = words(press(browser, last_week))

    assert "For Saturday 5 December, orders open" in page


def test_an_expired_ticket_repeats_nothing(browser, last_week):
    with time_machine.travel(last_week.day.ends_at + dt.timedelta(days=91), tick=False):
        assert press(browser, last_week).status_code == 410


def test_looking_at_the_address_repeats_nothing(browser, last_week):
    assert browser.get(reverse("ticket-repeat", args=[last_week.display_code])).status_code == 405


def test_the_ticket_offers_it_once_its_day_takes_no_orders_any_more(browser, last_week):
    address = reverse("ticket", args=[last_week.display_code])

    assert "Order the same again" not in words(browser.get(address))
    with time_machine.travel(cast.CUTOFF, tick=False):
        assert "Order the same again" in words(browser.get(address))
