"""A basket of a day that takes no orders: said to be closed, counted nowhere, emptied or moved to the next."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from marche.common.refusals import Refused
from marche.markets.models import Market, MarketDay
from orders.actions.move_basket import move_basket
from orders.models import DayBasket
from producers.models import Listing
from tests import cast
from tests.pages import words

pytestmark = pytest.mark.django_db

NEXT_TUESDAY = cast.OPEN_TIME + dt.timedelta(days=7)


def shut(day: MarketDay, clock: time_machine.Traveller) -> None:
    clock.move_to(cast.CUTOFF)


def cancel(day: MarketDay, clock: time_machine.Traveller) -> None:
    MarketDay.objects.filter(pk=day.pk).update(cancelled_at=timezone.now(), cancel_reason="Tempête")


def leave_undecided(day: MarketDay, clock: time_machine.Traveller) -> None:
    MarketDay.objects.filter(pk=day.pk).update(holiday="Noël", holiday_decision="pending")


def switch_off(day: MarketDay, clock: time_machine.Traveller) -> None:
    Market.objects.update(active=False)


def summarise(day: MarketDay, clock: time_machine.Traveller) -> None:
    MarketDay.objects.filter(pk=day.pk).update(closed_at=timezone.now())


def put_off(day: MarketDay, clock: time_machine.Traveller) -> None:
    MarketDay.objects.filter(pk=day.pk).update(opens_at=cast.OPEN_TIME + dt.timedelta(hours=1))


def pass_by(day: MarketDay, clock: time_machine.Traveller) -> None:
    clock.move_to(cast.OPEN_TIME + dt.timedelta(days=10))


every_way = pytest.mark.parametrize(
    "close", [shut, cancel, leave_undecided, switch_off, summarise, put_off, pass_by], ids=lambda way: way.__name__
)


@pytest.fixture
def basket(day, carrots, honey) -> DayBasket:
    """Léa's: three steps of carrots and two jars."""
    return cast.basket_of({carrots: 3, honey: 2})


@pytest.fixture
def lea(client: Client, basket: DayBasket) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    client.cookies[settings.BASKET_COOKIE_NAME] = basket.visitor
    return client


def held(basket: DayBasket) -> dict[str, int]:
    return dict(basket.basket.lines.values_list("product__title", "quantity"))


@every_way
def test_it_is_said_to_be_closed_and_has_no_price_no_stepper_and_no_way_to_order(lea, basket, day, clock, close):
    close(day, clock)
    page = words(lea.get(reverse("basket")))

    assert "This basket is not ordered." in page
    assert "Carottes" in page
    assert "Order until" not in page
    assert 'class="step"' not in page
    assert "Choose my slot" not in page
    assert "€" not in page


@every_way
@pytest.mark.parametrize("name", ["contact", "verify"])
def test_the_pages_on_which_one_orders_lead_back_to_it(lea, basket, day, clock, close, name):
    close(day, clock)

    assert lea.get(reverse(name, args=[basket.pk]))["Location"] == f"{reverse('basket')}#closed-{basket.pk}"


def test_what_is_typed_when_it_has_closed_is_kept_and_goes_along(lea, basket, day, clock, following, offered):
    DayBasket.objects.update(name="", email="", phone="")
    typed = {"name": "Odette Caron", "phone": "03 53 01 01 02", "email": "odette@", "shortage": "call", "note": ""}
    page = words(lea.post(reverse("contact", args=[basket.pk]), typed, follow=True))
    lea.post(reverse("basket-move", args=[basket.pk]))
    new = DayBasket.objects.get(day=following)

    assert "Orders for this market day are closed. What you typed is kept." in page
    assert (new.name, str(new.phone), new.email, new.shortage) == ("Odette Caron", "+33353010102", "", "call")


def test_a_contact_that_the_other_basket_has_stays(lea, basket, following, offered):
    cast.basket_of({offered["carrots"]: 1}, visitor=basket.visitor, name="Marc Petit")
    move_basket(basket.pk)

    assert DayBasket.objects.get(day=following).name == "Marc Petit"


@every_way
def test_it_counts_nowhere(lea, basket, day, clock, close):
    close(day, clock)

    assert lea.get(reverse("basket-lines")).json()["count"] == 0
    for address in (reverse("basket"), reverse("home"), reverse("page", args=["conditions"])):
        assert "<span data-basket-total>empty</span>" in words(lea.get(address))


@every_way
@pytest.mark.parametrize("quantity", ["0", "1"])
def test_its_lines_can_be_lowered_and_removed(lea, basket, carrots, day, clock, close, quantity):
    close(day, clock)
    page = lea.post(reverse("basket-line", args=[carrots.pk]), {"q": quantity, "known": "3"}, follow=True)

    assert "note--error" not in words(page)
    assert held(basket).get("Carottes", 0) == int(quantity)


@every_way
def test_its_lines_can_not_be_raised(lea, basket, carrots, day, clock, close):
    close(day, clock)
    page = lea.post(reverse("basket-line", args=[carrots.pk]), {"q": "3", "known": "3", "d": "1"}, follow=True)

    assert "note--error" in words(page)
    assert held(basket)["Carottes"] == 3


@every_way
def test_each_line_has_its_button_and_the_basket_one_that_empties_it(lea, basket, carrots, day, clock, close):
    close(day, clock)
    page = words(lea.get(reverse("basket")))

    assert f'action="/panier/{carrots.pk}/"' in page
    assert reverse("basket-empty", args=[basket.pk]) in page
    lea.post(reverse("basket-empty", args=[basket.pk]))
    assert held(basket) == {}
    assert "Your basket is empty." in words(lea.get(reverse("basket")))


@every_way
def test_ordering_leads_back_to_the_basket(lea, basket, day, clock, close):
    close(day, clock)

    assert lea.get(reverse("checkout"))["Location"] == reverse("basket")


def test_a_basket_that_is_open_is_emptied_by_nobody(lea, basket):
    """Its lines are taken out one by one, and a slip is put right by the next tap."""
    assert reverse("basket-empty", args=[basket.pk]) not in words(lea.get(reverse("basket")))


def test_somebody_elses_is_neither_emptied_nor_moved(client, basket, day, clock):
    shut(day, clock)

    for name in ("basket-empty", "basket-move"):
        assert client.post(reverse(name, args=[basket.pk])).status_code == 404
    assert held(basket)


def test_ordering_goes_to_the_basket_that_is_open(lea, basket, day, carrots, clock):
    clock.move_to(NEXT_TUESDAY)
    following = cast.saturday(day.market, cast.SATURDAY + dt.timedelta(days=7))
    other = cast.basket_of({cast.listing(carrots.sheet, following): 1}, visitor=basket.visitor)
    basket.save()  # touched last

    assert lea.get(reverse("checkout"))["Location"] == reverse("contact", args=[other.pk])


def test_the_open_basket_counts_and_the_closed_one_does_not(lea, basket, day, carrots, clock):
    clock.move_to(NEXT_TUESDAY)
    following = cast.saturday(day.market, cast.SATURDAY + dt.timedelta(days=7))
    cast.basket_of({cast.listing(carrots.sheet, following, price_cents=400): 1}, visitor=basket.visitor)

    page = words(lea.get(reverse("basket")))
    assert "<span data-basket-total>€2.00</span>" in page
    assert page.index("Order until") < page.index("This basket is not ordered.")


@pytest.fixture
def following(basket, day, clock) -> MarketDay:
    """The Tuesday after: the 5th of December is open."""
    clock.move_to(NEXT_TUESDAY)
    return cast.saturday(day.market, cast.SATURDAY + dt.timedelta(days=7))


@pytest.fixture
def offered(following, carrots, honey) -> dict[str, Listing]:
    """The same goods at the same prices, ten of each."""
    return {
        "carrots": cast.listing(carrots.sheet, following, price_cents=375),
        "honey": cast.listing(honey.sheet, following, price_cents=850),
    }


def moved_to(basket: DayBasket, day: MarketDay) -> dict[str, int]:
    return held(DayBasket.objects.get(visitor=basket.visitor, day=day, open=True))


def test_what_is_offered_again_moves_to_the_next_open_day(lea, basket, following, offered):
    button = words(lea.get(reverse("basket")))
    page = words(lea.post(reverse("basket-move", args=[basket.pk]), follow=True))

    assert "Move it to Saturday 5 December" in button
    assert "2 products are in your basket for Saturday 5 December." in page
    assert moved_to(basket, following) == {"Carottes": 3, "Miel d’acacia": 2}
    assert held(basket) == {}
    assert "This basket is not ordered." not in page


def test_what_is_not_offered_stays_and_is_named(lea, basket, following, offered):
    offered["honey"].delete()
    page = words(lea.post(reverse("basket-move", args=[basket.pk]), follow=True))

    assert "Miel d’acacia: no longer offered." in page
    assert moved_to(basket, following) == {"Carottes": 3}
    assert held(basket) == {"Miel d’acacia": 2}


def test_of_what_is_short_the_rest_moves_and_is_named(lea, basket, following, offered):
    Listing.objects.filter(pk=offered["carrots"].pk).update(quantity=2)
    page = words(lea.post(reverse("basket-move", args=[basket.pk]), follow=True))

    assert "Carottes: only 1 kg left, you wanted 1.5 kg." in page
    assert moved_to(basket, following)["Carottes"] == 2


def test_what_costs_something_else_there_is_said_in_the_basket(lea, basket, following, offered):
    Listing.objects.filter(pk=offered["honey"].pk).update(price_cents=900)
    page = words(lea.post(reverse("basket-move", args=[basket.pk]), follow=True))

    assert "€8.50" in page.replace("8,50 €", "€8.50")
    assert "What has changed" in page


def test_what_the_other_basket_holds_more_of_stays_so(basket, following, offered):
    cast.basket_of({offered["carrots"]: 9}, visitor=basket.visitor)
    move_basket(basket.pk)

    assert moved_to(basket, following)["Carottes"] == 9


def test_moved_twice_it_is_moved_once(basket, following, offered):
    move_basket(basket.pk)
    move_basket(basket.pk)

    assert moved_to(basket, following) == {"Carottes": 3, "Miel d’acacia": 2}


def test_without_an_open_day_there_is_nowhere_to_move_it(lea, basket, day, clock):
    shut(day, clock)

    assert reverse("basket-move", args=[basket.pk]) not in words(lea.get(reverse("basket")))
    with pytest.raises(Refused, match="no-open-day"):
        move_basket(basket.pk)


def test_a_basket_whose_day_is_open_stays_where_it_is(basket):
    with pytest.raises(Refused, match="still-open"):
        move_basket(basket.pk)


def test_the_number_of_queries_does_not_grow_with_closed_lines(lea, basket, day, clock, django_assert_num_queries):
    shut(day, clock)
    with django_assert_num_queries(6):
        lea.get(reverse("basket"))
