"""Producers, managers and administrators: a password, and a second factor where the settings ask for it."""

from __future__ import annotations

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.urls import reverse

from marche.accounts.actions.reset_second_factor import reset_second_factor
from marche.accounts.guard import missing_factor
from marche.common.actors import Actor
from tests import cast
from tests.accounts.doors import PASSWORD, recovery_codes, shown_now, sign_in, sign_in_by_mail, totp, who
from tests.pages import words

pytestmark = pytest.mark.django_db

HOME = "/producteur/"


def second(client, code: str):
    return client.post(reverse("mfa_authenticate"), {"code": code})


def test_where_it_is_not_asked_for_the_password_is_enough(client, grower):
    sign_in(client, grower)

    assert client.get(HOME).status_code == 200


def test_a_producers_member_comes_to_the_market_days(client, grower):
    sign_in(client, grower)

    assert client.get(reverse("staff-home"))["Location"] == reverse("producer-home")


def test_a_session_of_staff_ends_after_twelve_hours(client, grower):
    sign_in(client, grower)

    assert client.session.get_expiry_age() == pytest.approx(12 * 3600, abs=5)


def test_signing_out_ends_the_session(client, grower):
    sign_in(client, grower)
    client.post(reverse("sign-out"))

    assert client.get(HOME)["Location"] == f"{reverse('sign-in')}?next={HOME}"


def test_capitals_in_an_address_make_no_difference(client):
    claire = cast.member("Claire@Example.org")
    claire.email = "CLAIRE@example.ORG"
    sign_in(client, claire)

    assert who(client) == claire.pk


def test_who_has_none_is_led_to_set_one_up(client, grower, asked):
    sign_in(client, grower)
    response = client.get(HOME)

    assert response["Location"] == f"{reverse('mfa_index')}?next={HOME}"
    assert "Before your screens open" in words(client.get(response["Location"]))


@pytest.mark.parametrize("role", ["member", "manager", "administrator"])
def test_it_is_asked_of_every_role(client, asked, role, rf):
    market = cast.beauvais()
    if role == "member":
        person, path = cast.ferme_du_ru(market).partner.users.get(), "/producteur/ferme-du-ru/produits/"
    elif role == "manager":
        person, path = cast.member("claire@example.org"), "/gestion/beauvais/reglages/"
        market.managers.add(person)
    else:
        person, path = cast.member("admin@example.org", is_staff=True, is_superuser=True), "/administration/"
    sign_in(client, person)

    for page in (path, reverse("staff-home")):
        assert client.get(page)["Location"] == f"{reverse('mfa_index')}?next={page}"


@pytest.mark.django_db(transaction=True)  # allauth tells of it once the transaction is over
def test_setting_up_an_application_opens_the_screens(client, grower, asked):
    sign_in(client, grower, next=HOME)
    client.get(reverse("mfa_index"), {"next": HOME})
    page = words(client.get(reverse("mfa_activate_totp")))
    secret = client.session["mfa.totp.secret"]
    assert " ".join(secret[start : start + 4] for start in range(0, 32, 4)) in page
    assert 'src="data:image/svg+xml;base64,' in page
    response = client.post(reverse("mfa_activate_totp"), {"code": shown_now(secret)})

    assert response["Location"] == reverse("mfa_view_recovery_codes")
    page = words(client.get(response["Location"]))
    codes = recovery_codes(grower)
    assert all(f"{code[:4]} {code[4:]}" in page for code in codes)
    assert f'href="{HOME}"' in page
    download = client.get(reverse("mfa_download_recovery_codes"))
    assert f"{codes[0][:4]} {codes[0][4:]}" in download.content.decode()
    assert client.get(HOME).status_code == 200


def test_a_wrong_code_sets_up_nothing_and_keeps_the_key(client, grower, asked):
    sign_in(client, grower)
    client.get(reverse("mfa_activate_totp"))
    secret = client.session["mfa.totp.secret"]
    page = words(client.post(reverse("mfa_activate_totp"), {"code": "000000x"}))

    assert "This code is not right" in page
    assert client.session["mfa.totp.secret"] == secret
    assert not Authenticator.objects.exists()


def test_who_has_one_is_asked_for_it_even_where_the_settings_do_not(client, grower):
    totp(grower)
    response = sign_in(client, grower)

    assert response["Location"] == reverse("mfa_authenticate")
    assert who(client) is None
    assert client.get(HOME)["Location"].startswith(reverse("sign-in"))


def test_the_code_of_the_application_lets_in(client, grower, asked):
    secret = totp(grower)
    sign_in(client, grower, next=HOME)
    response = second(client, shown_now(secret))

    assert response["Location"] == HOME
    assert client.get(HOME).status_code == 200


def test_a_wrong_code_of_the_application_does_not(client, grower, asked):
    totp(grower)
    sign_in(client, grower)

    assert "This code is not right" in words(second(client, "abcdef"))
    assert who(client) is None


def test_a_recovery_code_lets_in_once(client, grower, asked):
    totp(grower)
    code = recovery_codes(grower)[0]
    sign_in(client, grower)
    second(client, f"{code[:4]} {code[4:]}")
    assert client.get(HOME).status_code == 200

    client.post(reverse("sign-out"))
    sign_in(client, grower)
    second(client, code)
    assert who(client) is None


def test_the_code_of_a_mail_does_not_stand_in_for_the_second_factor(client, grower, asked):
    secret = totp(grower)
    response = sign_in_by_mail(client, grower.email)
    assert response["Location"] == reverse("mfa_authenticate")
    assert who(client) is None

    second(client, shown_now(secret))
    assert client.get(HOME).status_code == 200


def test_who_came_by_mail_shows_the_password_before_setting_one_up(client, grower, asked):
    sign_in_by_mail(client, grower.email)

    assert client.get(HOME)["Location"].startswith(reverse("mfa_index"))
    assert client.get(reverse("mfa_activate_totp"))["Location"].startswith(reverse("account_reauthenticate"))


def test_a_session_older_than_the_second_factor_shows_it_first(client, grower, asked):
    """Signed in on another machine before the application was set up."""
    sign_in(client, grower)
    secret = totp(grower)
    response = client.get(HOME)
    assert response["Location"] == f"{reverse('mfa_reauthenticate')}?next={HOME}"

    client.post(response["Location"], {"code": shown_now(secret)})
    assert client.get(HOME).status_code == 200


def test_a_password_does_not_take_a_second_factor_away(client, grower, asked):
    """Somebody who knew the password, and signed in before the grower had protected the access."""
    sign_in(client, grower)
    totp(grower)
    taking_away = reverse("mfa_deactivate_totp")

    assert client.post(taking_away)["Location"].startswith(reverse("mfa_reauthenticate"))
    again = client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": taking_away})
    assert again["Location"].startswith(reverse("mfa_reauthenticate"))
    assert Authenticator.objects.filter(type="totp").exists()


def test_a_session_of_a_resident_who_became_staff_ends_like_that_of_staff(client, asked):
    sign_in_by_mail(client)
    market = cast.beauvais()
    lea = cast.User.objects.get()
    market.managers.add(lea)
    secret = totp(lea)
    client.post(reverse("mfa_reauthenticate"), {"code": shown_now(secret)})

    assert client.get("/gestion/").status_code == 200
    assert client.session.get_expiry_age() == pytest.approx(12 * 3600, abs=5)


def test_taking_the_last_one_away_leads_back_to_setting_one_up(client, grower, asked):
    secret = totp(grower)
    sign_in(client, grower)
    second(client, shown_now(secret))
    client.post(reverse("mfa_deactivate_totp"))

    assert not Authenticator.objects.exists()
    assert client.get(HOME)["Location"].startswith(reverse("mfa_index"))


def test_new_recovery_codes_put_the_old_ones_out_of_use(client, grower, asked):
    secret = totp(grower)
    old = recovery_codes(grower)
    sign_in(client, grower)
    second(client, shown_now(secret))
    client.post(reverse("mfa_generate_recovery_codes"))

    assert not set(old) & set(recovery_codes(grower))


def test_the_administrations_own_form_is_no_way_around(client, asked):
    admin = cast.member("admin@example.org", is_staff=True, is_superuser=True)
    response = client.post(
        "/administration/login/", {"username": admin.username, "password": PASSWORD, "next": "/administration/"}
    )

    assert response["Location"].startswith(reverse("sign-in"))
    assert who(client) is None


def test_an_administrator_comes_back_to_the_page_of_the_administration(client):
    cast.member("admin@example.org", is_staff=True, is_superuser=True)
    response = client.get("/administration/auth/user/", follow=True)

    assert response.redirect_chain[-1][0].startswith(reverse("sign-in"))
    assert "next=/administration/auth/user/" in response.redirect_chain[-1][0]


def test_a_lost_second_factor_is_reset_without_personal_data_in_the_log(grower, caplog):
    totp(grower)
    caplog.set_level("INFO")

    assert reset_second_factor(grower.pk, by=Actor.system()) == 2
    assert f"user {grower.pk}" in caplog.text
    assert grower.email not in caplog.text
    assert not Authenticator.objects.exists()


def test_after_a_reset_the_lost_telephones_session_opens_nothing(client, grower, asked):
    """Not even once its owner has set up a new one."""
    secret = totp(grower)
    sign_in(client, grower)
    client.post(reverse("mfa_authenticate"), {"code": shown_now(secret)})
    assert client.get(HOME).status_code == 200

    reset_second_factor(grower.pk, by=Actor.system())
    totp(grower)

    assert client.get(HOME).status_code == 302


def test_the_command_resets_by_address(grower, capsys):
    totp(grower)
    call_command("reset_second_factor", grower.email.upper())

    assert "2 deleted" in capsys.readouterr().out


def test_an_administrator_resets_it_from_the_list_of_people(client, grower):
    totp(grower)
    sign_in(client, cast.member("admin@example.org", is_staff=True, is_superuser=True))
    data = {"action": "reset_the_second_factor", "_selected_action": [grower.pk]}
    page = words(client.post("/administration/auth/user/", data, follow=True))

    assert "1 person will set up a new second factor" in page
    assert not Authenticator.objects.exists()


def test_five_wrong_passwords_hold_an_account_up_for_five_minutes(client, grower, tuesday):
    for _time in range(5):
        sign_in(client, grower, "wrong")
    response = sign_in(client, grower)

    assert response.status_code == 429
    assert "Try again from 10:05" in words(response)
    tuesday.shift(dt.timedelta(minutes=5, seconds=1))
    sign_in(client, grower)
    assert who(client) == grower.pk


def test_five_wrong_codes_hold_the_second_factor_up(client, grower, tuesday):
    secret = totp(grower)
    sign_in(client, grower)
    for _time in range(5):
        second(client, "abcdef")

    assert "Wait five minutes" in words(second(client, shown_now(secret)))
    assert who(client) is None


def test_the_guard_asks_nothing_of_the_database_where_nothing_is_asked(rf, grower, django_assert_num_queries):
    request = rf.get(HOME)
    request.user = grower
    with django_assert_num_queries(0):
        assert missing_factor(request) is None
