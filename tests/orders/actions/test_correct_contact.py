"""A mistyped address is put right from the ticket: the ticket goes there, and nothing goes to the other any more."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from marche.common.actors import Actor
from marche.common.refusals import Refused
from marche.outbox.models import Message
from orders.actions.cancel_order import cancel_order
from orders.actions.correct_contact import MOST_CORRECTIONS, correct_contact
from orders.actions.join_orders import join_orders
from orders.manager.presenters.history import history_of
from orders.manager.presenters.messages import count_confirmations
from orders.models import Pickup
from producers.models import Listing
from tests import cast
from tests.orders.manager.people import sent
from tests.orders.resident.account.people import account_of, browser_of, ordered_by
from tests.pages import words

pytestmark = pytest.mark.django_db

WRONG, RIGHT = "lea@gmial.example", "lea@gmail.example"


@pytest.fixture
def pickup(carrots: Listing) -> Pickup:
    return cast.placed_order({carrots: 2}, email=WRONG)


@pytest.fixture
def reader(client: Client) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def corrected(pickup: Pickup, email: str = RIGHT, user: User | None = None, **changes) -> Pickup:
    return correct_contact(pickup.pk, email=email, by=Actor.resident(user), **changes)


def refusal(pickup: Pickup, email: str = RIGHT, **changes) -> str:
    with pytest.raises(Refused) as caught:
        corrected(pickup, email, **changes)
    pickup.refresh_from_db()
    assert pickup.email != email
    return caught.value.problems[0].code


def waiting() -> list[tuple[str, str]]:
    return sorted(Message.objects.exclude(state="sent").values_list("kind", "recipient"))


def post(reader: Client, pickup: Pickup, follow: bool = True, **typed: str):
    return reader.post(reverse("ticket-contact", args=[pickup.display_code]), typed, follow=follow)


def test_the_confirmation_leaves_again_to_the_new_address(pickup):
    sent(Message.objects.get())

    assert corrected(pickup).email == RIGHT
    assert waiting() == [("order-confirmation", RIGHT)]


def test_what_did_not_reach_the_old_address_goes_to_the_new_one(pickup):
    Message.objects.update(state="failed", error="Boîte inconnue (550).")
    Message.objects.create(kind="order-refunded", subject_id=pickup.pk, recipient=WRONG, due_at=pickup.placed_at)
    corrected(pickup)

    assert waiting() == [("order-confirmation", RIGHT), ("order-refunded", RIGHT)]
    assert not Message.objects.filter(recipient=WRONG).exists()


def test_whatever_comes_later_goes_to_the_new_address_only(pickup):
    corrected(pickup)
    cancel_order(pickup.pk, reason="Le marché n’a pas lieu", by=Actor.manager())

    assert waiting() == [("order-cancelled", RIGHT), ("order-confirmation", RIGHT)]


def test_to_the_address_of_the_beginning_the_confirmation_leaves_again_too(pickup):
    for message in Message.objects.all():
        sent(message)
    for address in (RIGHT, WRONG):
        corrected(pickup, address)
        Message.objects.update(state="sent")

    assert Message.objects.filter(kind="order-confirmation", recipient=WRONG).count() == 2


def test_the_same_address_again_changes_nothing(pickup):
    corrected(pickup, WRONG)

    assert (pickup.changes.count(), Message.objects.count()) == (0, 1)


def test_an_order_with_a_telephone_number_only_gets_its_ticket_by_mail(carrots):
    pickup = cast.placed_order({carrots: 1}, **cast.ODETTE)
    corrected(pickup, "odette@example.org")

    assert waiting() == [("order-confirmation", "odette@example.org")]


def test_the_history_says_who_and_neither_address(pickup):
    corrected(pickup)

    change = pickup.changes.get()
    told = change.reason + "".join(event.sentence for event in history_of(pickup))
    assert (change.kind, change.actor) == ("contact", "resident")
    assert "@" not in told


def test_it_is_corrected_a_few_times_and_no_more(pickup):
    for at in range(MOST_CORRECTIONS):
        corrected(pickup, f"lea{at}@example.org")

    assert refusal(pickup) == "too-often"


def test_once_the_market_day_is_over_the_address_stays(pickup):
    with time_machine.travel(pickup.day.ends_at + dt.timedelta(seconds=1), tick=False):
        assert refusal(pickup) == "too-late"


def test_the_address_of_a_cancelled_order_stays(pickup):
    cancel_order(pickup.pk, reason="x", by=Actor.resident())

    assert refusal(pickup) == "cancelled"


def test_the_order_of_an_account_is_corrected_by_its_person_only(carrots):
    lea, odette = account_of("lea@example.org"), account_of("odette@example.org")
    pickup = ordered_by(lea, cast.basket_of({carrots: 1}, email=WRONG))

    assert [refusal(pickup, user=user) for user in (None, odette)] == ["not-yours", "not-yours"]
    assert corrected(pickup, user=lea).email == RIGHT


def test_an_address_that_its_person_has_proven_is_nobody_elses_to_change(carrots):
    lea = account_of("lea@example.org")
    pickup = cast.placed_order({carrots: 1}, email="Lea@example.org")

    assert refusal(pickup) == "not-yours"
    assert corrected(pickup, user=lea).email == RIGHT


def test_a_guests_order_joins_the_account_of_the_corrected_address(pickup):
    lea = account_of(RIGHT)
    corrected(pickup)

    assert join_orders(lea.pk) == 1


def test_a_manager_sees_it_unconfirmed_until_the_mail_has_left_to_the_new_address(pickup):
    sent(Message.objects.get())
    corrected(pickup)

    assert count_confirmations(pickup.day).unconfirmed == 1


class TestOnTheTicket:
    def test_the_address_is_corrected_and_said(self, reader, pickup):
        page = words(post(reader, pickup, email=RIGHT))

        pickup.refresh_from_db()
        assert pickup.email == RIGHT
        assert f"Your ticket leaves again, to {RIGHT}" in page

    @pytest.mark.parametrize("typed", ["", "lea@", "a\r\nBcc: b@example.org", "x" * 300 + "@example.org"])
    def test_what_is_no_address_is_said_at_the_field(self, reader, pickup, typed):
        response = post(reader, pickup, email=typed)

        assert response.status_code == 422
        assert list(response.context["address_form"].errors) == ["email"]

    def test_a_likely_slip_is_asked_about_once(self, reader, pickup):
        page = post(reader, pickup, email="lea@gmial.com")
        assert "gmial.com: did you mean gmail.com?" in words(page)

        post(reader, pickup, email="lea@gmial.com", email_asked="lea@gmial.com")
        pickup.refresh_from_db()
        assert pickup.email == "lea@gmial.com"

    def test_one_tap_corrects_it(self, reader, pickup):
        post(reader, pickup, email="lea@gmial.com", email_asked="lea@gmial.com", email_instead="lea@gmail.com")

        pickup.refresh_from_db()
        assert pickup.email == "lea@gmail.com"

    def test_a_refusal_is_said(self, reader, carrots):
        account_of("lea@example.org")
        pickup = cast.placed_order({carrots: 1})

        assert "belongs to an account" in words(post(reader, pickup, email=RIGHT))
        assert reverse("ticket-contact", args=[pickup.display_code]) not in reader.get(pickup.url).content.decode()

    def test_its_person_finds_the_form_there(self, carrots):
        lea = account_of("lea@example.org")
        pickup = ordered_by(lea, cast.basket_of({carrots: 1}))

        page = browser_of(lea).get(pickup.get_absolute_url()).content.decode()
        assert reverse("ticket-contact", args=[pickup.display_code]) in page

    def test_it_is_never_done_by_looking(self, reader, pickup):
        assert reader.get(reverse("ticket-contact", args=[pickup.display_code])).status_code == 405
