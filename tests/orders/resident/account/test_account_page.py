"""The account: coming orders with their tickets first, past ones below, and never those of somebody else."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from marche.accounts.models import SignInCode
from marche.common.actors import Actor
from orders.actions.cancel_order import cancel_order
from orders.actions.hand_over import hand_over
from orders.presenters.paying import Payment
from producers.kinds import PaymentMeans
from tests import cast
from tests.orders.resident.account.people import account_of, browser_of, ordered_by
from tests.pages import words

pytestmark = pytest.mark.django_db


def account(user, **query) -> str:
    return words(browser_of(user).get(reverse("account"), query))


def test_whoever_is_not_signed_in_is_led_to_the_door(client):
    response = client.get(reverse("account"))

    assert response["Location"] == f"{reverse('resident-sign-in')}?next={reverse('account')}"
    assert "no-store" in response["Cache-Control"]


def test_the_page_is_kept_by_nobody(lea):
    response = browser_of(lea).get(reverse("account"))

    assert "private" in response["Cache-Control"]
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"


def test_without_an_order_it_leads_to_the_stalls(lea):
    page = account(lea)

    assert "No order yet" in page
    assert "See the stalls" in page


def test_a_coming_order_shows_day_slot_stalls_state_and_ticket(lea, carrots, honey):
    pickup = ordered_by(lea, cast.basket_of({carrots: 3, honey: 1}))

    page = account(lea)

    assert "Saturday 28 November, between 8:00 and 8:30" in page
    assert "Stall 1: La Ferme du Ru" in page
    assert page.index("Stall 1") < page.index("Stall 2: Le Rucher d’Hodenc")
    assert "To collect" in page
    assert "€14.13" in page
    assert pickup.get_absolute_url() in page


def test_an_order_placed_as_a_guest_is_there_as_well(lea, carrots):
    pickup = cast.placed_order({carrots: 1})

    assert pickup.get_absolute_url() in account(lea)


def test_an_order_for_the_open_day_can_not_be_doubled_from_here(lea, carrots):
    ordered_by(lea, cast.basket_of({carrots: 1}))

    assert "Order the same again" not in account(lea)


def test_a_cancelled_order_says_so_and_can_be_ordered_again(lea, carrots):
    pickup = ordered_by(lea, cast.basket_of({carrots: 1}))
    cancel_order(pickup.pk, reason="empêchement", by=Actor.resident())

    page = account(lea)

    assert "Cancelled" in page
    assert reverse("ticket-repeat", args=[pickup.display_code]) in page


def test_a_past_order_says_what_was_collected_and_paid(lea, carrots, honey):
    pickup = ordered_by(lea, cast.basket_of({carrots: 3, honey: 1}))
    part = pickup.parts.get(producer=honey.producer)
    with time_machine.travel(pickup.day.starts_at, tick=False):
        hand_over(
            part.pk, payment=Payment(PaymentMeans.CASH, 850), by=Actor.producer(cast.member("seller@example.org"))
        )

    with time_machine.travel(pickup.day.ends_at, tick=False):
        page = account(lea)

    assert "Collected at 1 of 2 stalls" in page
    assert "Paid (cash) €8.50" in page
    assert "Order the same again" in page


def test_a_stall_of_which_everything_was_taken_off_is_not_waited_for(lea, carrots, honey):
    pickup = ordered_by(lea, cast.basket_of({carrots: 3, honey: 1}))
    part = pickup.parts.get(producer__slug="ferme-du-ru")
    part.details.update(struck="shortage")
    assert "Stall 1: La Ferme du Ru · Nothing to collect here" in account(lea)

    with time_machine.travel(dt.datetime(2026, 11, 28, 9, 12, tzinfo=cast.PARIS), tick=False):
        hand_over(pickup.parts.exclude(pk=part.pk).get().pk, by=Actor.producer(cast.member("grower@example.org")))
        assert "Collected at" not in account(lea)


def test_a_past_order_of_which_the_stalls_noted_nothing_blames_nobody(lea, carrots, on_sunday):
    ordered_by(lea, cast.basket_of({carrots: 1}))

    with on_sunday():
        page = account(lea)

    assert 'class="badge' not in page


def test_a_ticket_that_has_expired_is_not_linked(lea, carrots):
    pickup = ordered_by(lea, cast.basket_of({carrots: 1}))

    with time_machine.travel(pickup.day.ends_at + dt.timedelta(days=91), tick=False):
        page = account(lea)

    assert "Saturday 28 November 2026" in page
    assert pickup.display_code not in page


def test_past_orders_come_ten_a_page_the_latest_first(lea, carrots, on_sunday):
    carrots.quantity = 50
    carrots.save()
    for _i in range(12):
        ordered_by(lea, cast.basket_of({carrots: 1}))

    with on_sunday():
        first, second = account(lea), account(lea, page="2")

    assert (first.count("<article"), second.count("<article")) == (10, 2)
    assert "No. 12" in first
    assert "No. 1<" in second


def test_the_orders_of_another_resident_are_not_shown(lea, odette, carrots):
    pickup = ordered_by(odette, cast.basket_of({carrots: 1}, email="lea@example.org"))

    page = account(lea)

    assert "No order yet" in page
    assert pickup.display_code not in page


def test_an_address_that_is_not_proven_shows_nothing(carrots):
    pickup = cast.placed_order({carrots: 1})

    page = account(account_of("lea@example.org", proven=False))

    assert "No order yet" in page
    assert pickup.display_code not in page


def test_the_code_of_the_mail_leads_to_the_orders_of_before(client, carrots):
    pickup = cast.placed_order({carrots: 1})

    client.post(reverse("resident-sign-in"), {"email": "lea@example.org", "next": reverse("account")})
    code = SignInCode.objects.get().code
    response = client.post(reverse("resident-sign-in-code"), {"code": code}, follow=True)

    assert response.redirect_chain[-1][0] == reverse("account")
    assert pickup.get_absolute_url() in words(response)
    pickup.order.refresh_from_db()
    assert pickup.order.user.email == "lea@example.org"


def test_the_number_of_queries_is_fixed(lea, carrots, honey, django_assert_num_queries):
    client = browser_of(lea)
    ordered_by(lea, cast.basket_of({carrots: 1}))

    # Session and person; addresses, own orders, guest's orders; coming, number of past ones, parts.
    with django_assert_num_queries(8):
        client.get(reverse("account"))
    ordered_by(lea, cast.basket_of({carrots: 1, honey: 1}))
    with django_assert_num_queries(8):
        client.get(reverse("account"))


def test_the_way_to_the_account_sets_no_cookie_on_shared_pages(client, carrots):
    response = client.get("/")

    assert reverse("account") in words(response)
    assert not response.cookies
