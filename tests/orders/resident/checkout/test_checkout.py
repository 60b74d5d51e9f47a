"""From the basket to the ticket over HTTP: what was typed never disappears, and refusals say what is missing."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from marche.markets.models import Slot
from orders.models import Pickup
from orders.presenters.basket import contents_of
from producers.models import Listing
from tests import cast
from tests.orders.resident.checkout.forms import button, confirm, send_contact
from tests.pages import words

pytestmark = pytest.mark.django_db


def test_the_way_from_basket_to_ticket(lea, basket):
    assert send_contact(lea, basket)["Location"] == reverse("verify", args=[basket.pk])
    page = words(lea.get(reverse("verify", args=[basket.pk])))
    assert "Order with obligation to pay" in page
    response = confirm(lea, basket)

    pickup = Pickup.objects.get()
    assert response["Location"] == pickup.get_absolute_url()
    assert (pickup.name, pickup.shortage, pickup.terms_version) == ("Léa Dumont", "leave-out", settings.TERMS_VERSION)


def test_the_button_reads_as_the_law_wants(lea, basket):
    lea.cookies[settings.LANGUAGE_COOKIE_NAME] = "fr"
    send_contact(lea, basket)

    assert "Commande avec obligation de paiement" in words(lea.get(reverse("verify", args=[basket.pk])))


def test_the_sellers_are_named_before_the_button(lea, basket):
    send_contact(lea, basket)

    page = words(lea.get(reverse("verify", args=[basket.pk])))
    assert "La Ferme du Ru, SIRET 73282932000074, 1 rue du Ru, 60000 Beauvais" in page


def test_a_telephone_is_enough(lea, basket):
    assert send_contact(lea, basket, email="", phone="03 53 01 02 03").status_code == 302


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        ("0692 12 34 56", "+262692123456", "0692 12 34 56"),
        ("0508 41 12 34", "+508411234", "0508 41 12 34"),
        ("03\u202f53\u202f01\u202f02\u202f03", "+33353010203", "03 53 01 02 03"),
        ("0032 475 12 34 56", "+32475123456", "+32 475 12 34 56"),
    ],
)
def test_a_telephone_number_of_anywhere_is_kept_and_shown_again(lea, basket, typed, kept, shown):
    assert send_contact(lea, basket, phone=typed).status_code == 302

    basket.refresh_from_db()
    assert basket.phone.as_e164 == kept
    assert shown in words(lea.get(reverse("verify", args=[basket.pk]))).replace("\xa0", " ")
    assert f'value="{shown}"' in lea.get(reverse("contact", args=[basket.pk])).content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"email": "", "phone": ""}, "either is enough"),
        ({"email": "lea@"}, "This e-mail address is not complete"),
        ({"phone": "12"}, "This telephone number is not right"),
        ({"name": "  "}, "Write your name"),
        ({"name": "\u200b\u202e\xa0\u3164"}, "Write your name"),
        ({"name": "🥕 42"}, "Write your name"),
        ({"name": "Gagnez sur www.evil.example"}, "Write only a name here"),
        ({"name": "lea@example.org"}, "Write only a name here"),
        ({"name": "x" * 5_000_000}, "at most 80 characters"),
        ({"slot": ""}, "Choose a slot"),
        ({"slot": "999999"}, "not one of this market day"),
        ({"shortage": "call"}, "give a telephone number"),
        ({"note": "x" * 301}, "300 characters"),
        ({"note": "x" * 5_000_000}, "300 characters"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(lea, basket, typed, sentence):
    response = send_contact(lea, basket, **{"name": "Léa Dumont-Caron"} | typed)

    page = words(response)
    assert response.status_code == 422
    assert sentence in page
    assert ("Léa Dumont-Caron" in page) == ("name" not in typed)


def test_a_name_and_a_note_are_kept_on_one_line_without_what_cannot_be_seen(lea, basket):
    send_contact(lea, basket, name="Anne\r\nBcc: \u202eCœur\u200b d’Arc", note="Sans\nfanes\u202e")

    basket.refresh_from_db()
    assert (basket.name, basket.note) == ("Anne Bcc: Cœur d’Arc", "Sans fanes")


def test_a_name_with_emoji_quotes_and_markup_is_kept_as_typed(lea, basket):
    name = "Zoé “Zozo” 🥕 <script>alert(1)</script>"
    send_contact(lea, basket, name=name)
    page = lea.get(reverse("verify", args=[basket.pk]))

    assert "<script>alert" not in page.content.decode()
    assert name in words(page)


def test_a_slot_of_another_day_is_refused(lea, basket):
    other = cast.next_saturday(basket.day).slots.all()[0]

    assert send_contact(lea, basket, slot=str(other.pk)).status_code == 422


def test_a_full_slot_is_shown_as_full_and_refused(lea, basket):
    Slot.objects.filter(day=basket.day).update(capacity=0)

    response = send_contact(lea, basket)

    assert response.status_code == 422
    assert "This slot is full" in words(response)


def test_a_slot_that_filled_meanwhile_is_said_and_another_can_be_chosen(lea, basket):
    send_contact(lea, basket)
    Slot.objects.filter(day=basket.day).update(capacity=0)

    response = lea.post(reverse("place", args=[basket.pk]), button(basket))

    assert response.status_code == 409
    assert "Choose another slot" in words(response)
    assert not Pickup.objects.exists()


def test_what_ran_out_is_named_and_the_rest_is_kept(lea, basket, honey):
    send_contact(lea, basket)
    Listing.objects.filter(pk__in=[line.listing.pk for line in contents_of(basket).items]).update(quantity=1)

    response = lea.post(reverse("place", args=[basket.pk]), button(basket))

    page = words(response)
    assert "Carottes: only 500 g left, you wanted 1.5 kg." in page
    assert "Take what is left" in page
    basket.refresh_from_db()
    assert (basket.name, basket.open) == ("Léa Dumont", True)


def test_a_replayed_post_gives_the_same_ticket(lea, basket):
    first = confirm(lea, basket)["Location"]
    again = lea.post(reverse("place", args=[basket.pk]), button(basket))

    assert again["Location"] == first
    assert Pickup.objects.count() == 1


def test_going_back_after_ordering_leads_to_the_ticket(lea, basket):
    ticket = confirm(lea, basket)["Location"]

    assert lea.get(reverse("verify", args=[basket.pk]))["Location"] == ticket
    assert lea.get(reverse("contact", args=[basket.pk]))["Location"] == ticket


def test_after_the_cutoff_the_order_is_refused_with_a_sentence(lea, basket):
    send_contact(lea, basket)

    with time_machine.travel(cast.CUTOFF + dt.timedelta(seconds=1), tick=False):
        response = lea.post(reverse("place", args=[basket.pk]), button(basket))

    assert response.status_code == 409
    assert "Orders for this market day are closed" in words(response)


def test_after_the_cutoff_there_is_no_button_to_press(lea, basket):
    send_contact(lea, basket)

    with time_machine.travel(cast.CUTOFF, tick=False):
        page = words(lea.get(reverse("verify", args=[basket.pk]), follow=True))

    assert "Order with obligation to pay" not in page
    assert "This basket is not ordered." in page


def test_a_form_without_its_token_does_nothing_and_says_so(basket):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies[settings.BASKET_COOKIE_NAME] = basket.visitor
    strict.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    response = strict.post(reverse("place", args=[basket.pk]), button(basket))

    assert response.status_code == 403
    assert "What you typed is still there" in words(response)
    assert not Pickup.objects.exists()


@pytest.mark.parametrize("name", ["contact", "verify"])
def test_somebody_elses_order_page_is_not_found(client, basket, name):
    client.cookies[settings.BASKET_COOKIE_NAME] = "another"

    assert client.get(reverse(name, args=[basket.pk])).status_code == 404


def test_without_anything_in_the_basket_one_is_sent_back_to_it(lea, basket):
    basket.basket.lines.all().delete()

    assert lea.get(reverse("contact", args=[basket.pk]))["Location"] == reverse("basket")
