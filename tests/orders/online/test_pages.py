"""The pages on which a resident chooses to pay by card, goes to pay, and comes back."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from dev.fakestripe import FakeStripe
from marche.markets.models import MarketDay
from orders.models import DayBasket, Pickup
from producers.models import Listing
from tests import cast
from tests.orders.manager.people import claire, signed_in
from tests.orders.online.by_card import OrderByCard, attempt_of


@pytest.fixture
def basket(chicken: Listing, honey: Listing) -> DayBasket:
    """A chicken, whose seller can be paid by card, and honey, whose seller can't."""
    return cast.basket_of({chicken: 1, honey: 1})


@pytest.fixture
def lea(client: Client, basket: DayBasket) -> Client:
    client.cookies["basket"] = basket.visitor
    return client


def place(client: Client, basket: DayBasket, **changes: str) -> object:
    posted = cast.button(basket) | {"pay": "card", "card": "2160"} | changes
    return client.post(reverse("place", args=[basket.pk]), posted)


def test_before_ordering_it_is_said_what_is_paid_by_card_and_what_at_which_stall(
    lea: Client, basket: DayBasket, honey: Listing
) -> None:
    page = lea.get(reverse("verify", args=[basket.pk])).content.decode()

    assert 'name="pay" value="card"' in page
    assert 'name="card" value="2160"' in page
    assert "21,60" in page
    choice = page.partition("<fieldset")[2].partition("</fieldset>")[0]
    assert honey.producer.name in choice
    assert "8,50" in choice


def test_who_pays_by_card_is_sent_to_stripe(lea: Client, basket: DayBasket, stripe: FakeStripe) -> None:
    response = place(lea, basket)

    assert response.status_code == 303  # type: ignore[attr-defined]
    assert response["Location"] == stripe.state()["sessions"][0]["url"]  # type: ignore[index]
    assert Pickup.objects.get().is_pending


def test_a_second_click_goes_to_the_same_page(lea: Client, basket: DayBasket, stripe: FakeStripe) -> None:
    first, second = place(lea, basket), place(lea, basket)

    assert first["Location"] == second["Location"]  # type: ignore[index]
    assert len(stripe.state()["sessions"]) == 1


def test_who_chooses_the_stalls_has_ordered_at_once(lea: Client, basket: DayBasket) -> None:
    place(lea, basket, pay="stall")

    pickup = Pickup.objects.get()
    assert not pickup.is_pending
    assert not pickup.parts.filter(online=True).exists()


def test_an_amount_that_was_not_on_the_page_is_refused_and_nothing_is_lost(lea: Client, basket: DayBasket) -> None:
    response = place(lea, basket, card="100")

    assert response.status_code == 409  # type: ignore[attr-defined]
    assert b'value="card" required checked' in response.content  # type: ignore[attr-defined]
    assert not Pickup.objects.exists()


def test_when_stripe_does_not_answer_the_order_is_kept_and_can_be_paid_otherwise(
    lea: Client, basket: DayBasket, stripe: FakeStripe
) -> None:
    stripe.fault("error", status=503)
    response = place(lea, basket)

    pickup = Pickup.objects.get()
    page = reverse("payment", args=[pickup.display_code])
    assert response["Location"] == page  # type: ignore[index]
    shown = lea.get(page).content.decode()
    assert reverse("payment-at-stall", args=[pickup.display_code]) in shown
    assert reverse("ticket-cancel", args=[pickup.display_code]) in shown


def test_who_comes_back_having_paid_sees_the_ticket_before_any_webhook(
    client: Client, chicken: Listing, by_card: OrderByCard, stripe: FakeStripe
) -> None:
    pickup = by_card({chicken: 1})
    client.post(reverse("payment-pay", args=[pickup.display_code]))
    stripe.pay(attempt_of(pickup).session_id)
    response = client.get(reverse("payment", args=[pickup.display_code]), {"session": "cs_test_x"})

    assert response["Location"] == pickup.get_absolute_url()
    assert client.get(pickup.get_absolute_url()).status_code == 200


def test_who_comes_back_without_paying_may_pay_again(
    client: Client, chicken: Listing, by_card: OrderByCard, stripe: FakeStripe
) -> None:
    pickup = by_card({chicken: 1})
    first = client.post(reverse("payment-pay", args=[pickup.display_code]))
    assert client.get(reverse("payment", args=[pickup.display_code])).status_code == 200

    assert client.post(reverse("payment-pay", args=[pickup.display_code]))["Location"] == first["Location"]


def test_the_ticket_of_an_order_that_waits_is_the_page_on_which_it_is_paid(
    client: Client, chicken: Listing, by_card: OrderByCard
) -> None:
    pickup = by_card({chicken: 1})

    assert client.get(pickup.get_absolute_url())["Location"] == reverse("payment", args=[pickup.display_code])
    assert client.get(reverse("ticket-pdf", args=[pickup.display_code])).status_code == 404


def test_the_manager_sees_what_became_of_the_payment(chicken: Listing, paid: OrderByCard, day: MarketDay) -> None:
    pickup = paid({chicken: 1})
    page = signed_in(claire(day.market)).get(reverse("manage-order", args=[day.market.slug, day.date, pickup.number]))

    assert "21,60" in page.content.decode()
    assert reverse("manage-payment-check", args=[day.market.slug, attempt_of(pickup).pk]) in page.content.decode()


def test_an_order_that_waits_is_called_so_everywhere(chicken: Listing, by_card: OrderByCard, day: MarketDay) -> None:
    pickup = by_card({chicken: 1})
    manager = signed_in(claire(day.market))
    address = reverse("manage-day", args=[day.market.slug, day.date])

    assert f"/commandes/{pickup.number}/" in manager.get(address, {"etat": "a-payer"}).content.decode()
    assert f"/commandes/{pickup.number}/" not in manager.get(address, {"etat": "a-retirer"}).content.decode()
    assert f"/commandes/{pickup.number}/" not in manager.get(address, {"etat": "non-confirmees"}).content.decode()
    assert Client().get(reverse("ticket-calendar", args=[pickup.display_code])).status_code == 404
