"""A resident signs in with a code that comes by mail: no password, and no word about who has an account."""

from __future__ import annotations

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from marche.accounts.actions.forget_codes import forget_codes
from marche.accounts.guard import resident_required
from marche.accounts.models import MAX_TRIES, SignInCode
from marche.outbox.models import Message
from marche.outbox.rendering import render
from tests import cast
from tests.accounts.doors import LEA, ask_code, code_in_the_mail, enter, sign_in_by_mail, who
from tests.pages import words

pytestmark = pytest.mark.django_db


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_the_way_from_the_address_to_the_account(client):
    assert ask_code(client)["Location"] == reverse("resident-sign-in-code")
    page = words(client.get(reverse("resident-sign-in-code")))
    assert LEA in page
    assert 'autocomplete="one-time-code"' in page
    assert 'inputmode="numeric"' in page
    response = enter(client, code_in_the_mail())

    lea = User.objects.get()
    assert response["Location"] == reverse("staff-home")
    assert who(client) == lea.pk
    assert (lea.username, lea.email, lea.has_usable_password()) == (LEA, LEA, False)
    assert EmailAddress.objects.filter(user=lea, email=LEA, verified=True, primary=True).exists()


def test_after_signing_in_one_comes_to_the_page_that_asked(client):
    assert sign_in_by_mail(client, next="/panier/")["Location"] == "/panier/"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "panier", "%00", "foo bar"]
)
def test_one_never_comes_to_another_site(client, elsewhere):
    assert sign_in_by_mail(client, next=elsewhere)["Location"] == reverse("staff-home")


@pytest.mark.parametrize("where", ["foo", "%00", "//evil.example", "ticket"])
def test_who_is_signed_in_already_goes_on_wherever_the_address_points(client, where):
    sign_in_by_mail(client)

    assert client.get(f"{reverse('resident-sign-in')}?next={where}")["Location"] == reverse("staff-home")


def test_an_address_that_grows_with_small_letters_is_refused_in_words(client):
    assert ask_code(client, "İ" * 100 + "@example.org").status_code == 422


class TestAnAddressThatWasLikelyMistyped:
    def test_is_asked_about_before_a_code_leaves(self, client):
        response = ask_code(client, "lea@gmial.com")

        assert response.status_code == 200
        assert "gmial.com: did you mean gmail.com?" in words(response)
        assert 'value="lea@gmial.com"' in words(response)
        assert not Message.objects.exists()

    def test_is_corrected_with_one_tap(self, client):
        answered = ask_code(client, "lea@gmial.com", email_asked="lea@gmial.com", email_instead="lea@gmail.com")

        assert answered["Location"] == reverse("resident-sign-in-code")
        assert Message.objects.get().recipient == "lea@gmail.com"

    def test_is_asked_about_once(self, client):
        ask_code(client, "lea@gmial.com", email_asked="lea@gmial.com")

        assert Message.objects.get().recipient == "lea@gmial.com"
        assert 'name="email_asked" value="lea@gmial.com"' in words(client.get(reverse("resident-sign-in-code")))

    def test_keeps_the_page_that_asked(self, client):
        assert 'name="next" value="/panier/"' in words(ask_code(client, "lea@gmial.com", next="/panier/"))


def test_proving_an_address_takes_nothing_from_one_that_only_looks_alike(client):
    """PostgreSQL writes ı and i as the same capital; they are two mailboxes."""
    sign_in_by_mail(client, "lia@example.org")
    sign_in_by_mail(Client(), "lıa@example.org")

    assert EmailAddress.objects.filter(email="lia@example.org", verified=True).exists()


def test_a_resident_without_other_pages_comes_to_the_market(client):
    sign_in_by_mail(client)

    assert client.get(reverse("staff-home")).status_code == 302


def test_the_code_may_be_typed_with_spaces(client):
    ask_code(client)
    code = code_in_the_mail()
    enter(client, f" {code[:3]} {code[3:]} ")

    assert who(client)


def test_who_had_an_account_comes_back_to_it(client):
    lea = cast.member("Lea@Example.org")
    ask_code(client, " LEA@example.org")
    enter(client, code_in_the_mail())

    assert who(client) == lea.pk
    assert User.objects.count() == 1


def test_letters_that_only_look_alike_are_another_person(client):
    mike = cast.member("mike@example.org")
    sign_in_by_mail(client, "mıke@example.org")

    assert who(client) != mike.pk


def test_an_address_that_somebody_has_given_up_opens_that_account_no_longer(client):
    lea = cast.member(LEA)
    EmailAddress.objects.create(user=lea, email=LEA, verified=True, primary=True)
    User.objects.filter(pk=lea.pk).update(email="lea.dumont@example.org")
    sign_in_by_mail(client)

    assert who(client) != lea.pk


@pytest.mark.parametrize("known", [True, False], ids=["known", "unknown"])
def test_the_pages_say_the_same_of_every_address(client, known, django_assert_num_queries):
    """One sequence of statements and one page, whether somebody has the address or nobody."""
    if known:
        cast.member(LEA)
    client.get(reverse("resident-sign-in"))
    with django_assert_num_queries(10):
        response = ask_code(client)

    assert response["Location"] == reverse("resident-sign-in-code")
    assert "We have sent a code" in words(client.get(response["Location"]))
    assert Message.objects.count() == 1


def test_before_the_code_there_is_no_account(client):
    ask_code(client)

    assert not User.objects.exists()


def test_a_wrong_code_says_how_many_tries_are_left(client):
    ask_code(client)
    page = words(enter(client, other_than(code_in_the_mail())))

    assert "You may try 4 more times" in page
    assert who(client) is None


def test_after_too_many_wrong_codes_the_right_one_is_too_late(client):
    ask_code(client)
    code = code_in_the_mail()
    for _try in range(MAX_TRIES):
        page = words(enter(client, other_than(code)))

    assert "too many wrong codes" in page
    assert "no longer valid" in words(enter(client, code))
    assert who(client) is None


def test_a_code_that_took_too_long_says_so_and_offers_another(client, tuesday):
    ask_code(client)
    code = code_in_the_mail()
    tuesday.shift(dt.timedelta(minutes=15))
    page = words(enter(client, code))

    assert "too much time has passed" in page
    assert "Send a new code" in page
    sign_in_by_mail(client)
    assert who(client)


def test_a_code_signs_in_once(client):
    ask_code(client)
    code, session = code_in_the_mail(), dict(client.session)
    enter(client, code)
    other = Client()
    store = other.session
    store.update(session)
    store.save()

    assert "no longer valid" in enter(other, code).content.decode() or who(other) is None
    assert not SignInCode.objects.exclude(code="").exists()


def test_a_code_signs_in_where_it_was_asked_for_alone(client):
    ask_code(client)

    assert enter(Client(), code_in_the_mail())["Location"] == reverse("resident-sign-in")


def test_what_is_no_address_is_said_and_kept(client):
    page = words(client.post(reverse("resident-sign-in"), {"email": "lea at example"}))

    assert "This is not an e-mail address" in page
    assert 'value="lea at example"' in page


def test_an_address_gets_five_codes_an_hour_and_then_the_hour_from_which_it_gets_more(client, tuesday):
    for _time in range(5):
        ask_code(client)
    response = ask_code(client)

    assert response.status_code == 429
    assert response["Retry-After"] == "3600"
    assert "Try again from 11:00" in words(response)
    tuesday.shift(dt.timedelta(hours=1))
    assert ask_code(client).status_code == 302


def test_other_addresses_are_not_held_up(client, tuesday):
    for _time in range(5):
        ask_code(client)

    assert ask_code(client, "odette@example.org").status_code == 302


def test_one_place_of_the_network_asks_for_sixty_codes_in_five_minutes(client, tuesday):
    for number in range(60):
        ask_code(client, f"someone{number}@example.org")
    response = ask_code(client, "odette@example.org")

    assert response.status_code == 429
    assert "Try again from 10:05" in words(response)
    tuesday.shift(dt.timedelta(minutes=5))
    assert ask_code(client, "odette@example.org").status_code == 302


def test_an_address_that_the_visitor_made_up_hides_nobody(client, tuesday, settings):
    """Behind one proxy, only what that proxy wrote last into X-Forwarded-For counts."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(61):
        said = {"X-Forwarded-For": f"203.0.113.{number}, 198.51.100.7"}
        form = {"email": f"someone{number}@example.org"}
        response = client.post(reverse("resident-sign-in"), form, headers=said)

    assert response.status_code == 429


def test_pages_of_residents_lead_to_their_door(rf):
    request = rf.get("/mon-compte/")
    request.user = AnonymousUser()
    response = resident_required(lambda request: HttpResponse())(request)

    assert response["Location"] == f"{reverse('resident-sign-in')}?next=/mon-compte/"


def test_a_mail_that_leaves_too_late_promises_nothing(client, tuesday):
    ask_code(client)
    code = code_in_the_mail()
    tuesday.shift(dt.timedelta(minutes=16))
    mail = render(Message.objects.get())

    assert code not in mail.body
    assert "too late" in mail.subject
    assert reverse("resident-sign-in") in mail.body


def test_the_mail_says_the_code_and_until_when(client, tuesday):
    ask_code(client)
    mail = render(Message.objects.get())

    assert mail.to == [LEA]
    assert code_in_the_mail() in mail.subject
    assert "10:15" in mail.body


def test_codes_and_their_mails_are_forgotten_after_a_day(client, tuesday):
    ask_code(client)
    tuesday.shift(dt.timedelta(days=1, seconds=1))
    ask_code(client, "odette@example.org")

    assert forget_codes() == 1
    assert [message.recipient for message in Message.objects.all()] == ["odette@example.org"]


def test_a_resident_stays_signed_in_for_sixty_days(client):
    sign_in_by_mail(client)

    assert client.session.get_expiry_age() == pytest.approx(60 * 86_400, abs=5)


def test_a_closed_account_stays_closed(client):
    cast.member(LEA, is_active=False)
    response = sign_in_by_mail(client)

    assert "This account is closed" in words(client.get(response["Location"]))
    assert who(client) is None


@pytest.mark.parametrize("path", ["/producteur/", "/gestion/", "/producteur/ferme-du-ru/produits/"])
def test_a_resident_has_no_business_on_the_pages_of_staff(client, asked, path):
    cast.ferme_du_ru(cast.beauvais())
    sign_in_by_mail(client)

    assert client.get(path).status_code in (403, 404)


def test_a_resident_is_not_let_into_the_administration(client, asked):
    sign_in_by_mail(client)

    assert client.get("/administration/", follow=True).status_code == 403


def test_each_door_shows_the_other(client):
    assert reverse("sign-in") in words(client.get(reverse("resident-sign-in")))
    assert reverse("resident-sign-in") in words(client.get(reverse("sign-in")))
