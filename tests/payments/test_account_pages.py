"""The way of a producer to its account, and what the manager sees of it."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries, Settings

from dev.fakestripe import FakeStripe
from marche.markets.models import Market
from marche.payments.account_words import wanted
from marche.payments.actions.open_account import open_account
from marche.payments.models import Account
from marche.payments.models.accounts import AccountState
from producers.models import Producer
from tests import cast
from tests.payments import rows
from tests.producers.people import signed_in
from tests.stripe import TILL

pytestmark = pytest.mark.django_db

PAGE = reverse("producer-payments", args=["ferme-du-ru"])
CREATE = reverse("producer-account", args=["ferme-du-ru", TILL])
AGAIN = reverse("producer-account-again", args=["ferme-du-ru", TILL])


def test_where_no_market_takes_cards_there_is_nothing_to_do(claire: Client, market: Market) -> None:
    market.till = ""
    market.save()

    answer = claire.get(PAGE)

    assert answer.context["tills"] == []
    assert "<form" not in answer.text.partition("<main")[2].partition("</main")[0]


def test_one_button_makes_the_account_and_leads_to_stripe(stripe: FakeStripe, claire: Client) -> None:
    assert f'action="{CREATE}"' in claire.get(PAGE).text

    answer = claire.post(CREATE)

    assert (answer.status_code, urlsplit(answer["Location"]).netloc) == (303, urlsplit(stripe.url).netloc)
    assert Account.objects.get().stripe_id


def test_pressed_twice_it_is_one_account(stripe: FakeStripe, claire: Client) -> None:
    claire.post(CREATE)
    claire.post(CREATE)

    assert len(stripe.state()["accounts"]) == 1


def test_coming_back_from_stripe_shows_the_state_as_it_is_now(
    stripe: FakeStripe, claire: Client, farm: Producer
) -> None:
    link = claire.post(CREATE)["Location"]
    plan = stripe.books.plans[link.rpartition("/")[2]]
    stripe.activate(plan["account"])
    back = urlsplit(plan["return_url"])

    answer = claire.get(f"{back.path}?{back.query}")

    assert (back.path, answer.context["returned"]) == (PAGE, True)
    assert Account.objects.get().state is AccountState.ACTIVE
    assert f'action="{CREATE}"' not in answer.text


def test_coming_back_while_stripe_is_silent_shows_what_was_known(stripe: FakeStripe, claire: Client) -> None:
    claire.post(CREATE)
    stripe.fault("error", path="accounts/", times=9)

    answer = claire.get(f"{PAGE}?retour=1")

    assert (answer.status_code, answer.context["returned"]) == (200, False)
    assert "Stripe does not answer just now" in answer.text


def test_a_link_that_is_no_longer_good_is_replaced(stripe: FakeStripe, claire: Client) -> None:
    first = claire.post(CREATE)["Location"]
    assert urlsplit(stripe.books.plans[first.rpartition("/")[2]]["refresh_url"]).path == AGAIN

    answer = claire.get(AGAIN)

    assert answer.status_code == 303
    assert answer["Location"] not in ("", first)


def test_without_an_account_there_is_no_link_to_replace(stripe: FakeStripe, claire: Client) -> None:
    assert claire.get(AGAIN)["Location"] == PAGE
    assert not Account.objects.exists()


def test_a_silent_stripe_loses_nothing(stripe: FakeStripe, claire: Client) -> None:
    stripe.fault("reset", path="accounts", method="POST")

    answer = claire.post(CREATE, follow=True)

    assert answer.redirect_chain == [(PAGE, 302)]
    assert "try again in a few minutes" in answer.text
    claire.post(CREATE)
    assert len(stripe.state()["accounts"]) == 1


def test_a_key_that_stripe_refuses_is_the_managers_business(
    stripe: FakeStripe, claire: Client, settings: Settings
) -> None:
    stripe.fault("error", path="accounts", status=401)

    assert "The market’s manager can see why" in claire.post(CREATE, follow=True).text


def test_without_a_key_there_is_no_button(claire: Client) -> None:
    assert f'action="{CREATE}"' not in claire.get(PAGE).text


def test_a_till_of_somebody_elses_market_does_not_exist(stripe: FakeStripe, claire: Client) -> None:
    cast.beauvais(slug="clermont", till="clermont")
    path = reverse("producer-account", args=["ferme-du-ru", "clermont"])

    assert claire.post(path).status_code == 404


@pytest.mark.parametrize(("country", "transfers"), [("BE", "active"), ("DE", "inactive")])
def test_an_account_abroad_is_told_to_both_and_has_no_button(
    stripe: FakeStripe, claire: Client, farm: Producer, country: str, transfers: str
) -> None:
    open_account(farm.pk, till_name=TILL)
    Account.objects.update(country=country, transfers=transfers)

    page = claire.get(PAGE)

    assert f"another country ({country})" in page.text
    assert f'action="{CREATE}"' not in page.text


def test_what_stripe_wants_is_said_in_plain_words_each_once() -> None:
    names = ["external_account", "individual.verification.document", "person_1.verification.document",
             "tos_acceptance.date", "tos_acceptance.ip", "business_profile.url", "something.new"]  # fmt: skip

    with translation.override("en"):
        said = wanted(names)
    assert said == [
        "the bank account to which you are paid",
        "an identity document",
        "your agreement to Stripe’s terms of service",
        "what your business is and does",
        "something.new",
    ]


def test_statements_stay_where_cards_are_no_longer_taken(claire: Client, market: Market, farm: Producer) -> None:
    listing = cast.listing(cast.carrots(farm), cast.saturday(market))
    rows.captured(cast.placed_order({listing: 2}))
    market.till = ""
    market.save()

    assert reverse("statement", args=["ferme-du-ru", "beauvais", cast.SATURDAY]) in claire.get(PAGE).text


def test_the_page_asks_little_of_the_database(
    stripe: FakeStripe, claire: Client, farm: Producer, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    open_account(farm.pk, till_name=TILL)

    with django_assert_max_num_queries(8):
        claire.get(PAGE)


def test_a_manager_has_an_account_read_again(stripe: FakeStripe, market: Market, farm: Producer, manager: User) -> None:
    account = open_account(farm.pk, till_name=TILL)
    stripe.activate(account.stripe_id)

    answer = signed_in(manager).post(reverse("manage-account-refresh", args=["beauvais", account.pk]))

    assert answer.status_code == 302
    assert Account.objects.get().can_be_paid


def test_a_manager_sees_nothing_of_the_accounts_of_another_market(
    stripe: FakeStripe, farm: Producer, manager: User
) -> None:
    account = open_account(farm.pk, till_name=TILL)
    other = cast.beauvais(slug="clermont", till=TILL)
    other.managers.add(manager)
    path = reverse("manage-account-refresh", args=["clermont", account.pk])

    assert signed_in(manager).post(path).status_code == 404
