"""What belongs to the whole site: headers, languages, refusals, texts, signing in."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.flatpages.models import FlatPage
from django.test import Client
from django.urls import reverse

from marche.views import PAGES
from tests import cast
from tests.pages import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    """A browser that reads English, the language of the source."""
    browser = Client(raise_request_exception=False)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return browser


def test_scripts_and_styles_come_from_here_alone(client):
    policy = client.get("/")["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Frame-Options", "DENY"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ],
)
def test_the_browser_is_told_to_be_careful(client, header, value):
    assert client.get("/")[header] == value


@pytest.mark.parametrize("path", ["/", "/panier/", "/connexion/", "/nowhere/", "/administration/login/", "/sante/"])
def test_every_page_has_the_policy(client, path):
    assert "script-src 'self'" in client.get(path)["Content-Security-Policy"]


def test_the_health_check_asks_nothing_of_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/sante/").content == b"ok\n"


def test_the_site_is_french_whatever_the_browser_prefers():
    page = Client(headers={"Accept-Language": "en-US,en"}).get("/")

    assert page["Content-Language"] == "fr"
    assert '<html lang="fr">' in words(page)


def test_another_language_is_chosen_with_the_form_at_the_foot():
    browser = Client()
    response = browser.post(reverse("set_language"), {"language": "en", "next": "/panier/"})

    assert response["Location"] == "/panier/"
    assert browser.get("/panier/")["Content-Language"] == "en"


def test_another_site_can_not_choose_the_language():
    response = Client().post(reverse("set_language"), {"language": "en"}, headers={"Origin": "http://evil.example"})

    assert response.status_code == 403


def test_an_unknown_address_says_so_kindly(client):
    response = client.get("/nowhere/")

    assert response.status_code == 404
    assert "This page is no longer on the stall" in words(response)


def test_a_fault_of_ours_is_ours_and_asks_nothing_of_what_broke(client, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr("marche.views.PAGES", None)  # any fault will do
    with django_assert_num_queries(0):
        response = client.get(reverse("page", args=["conditions"]))

    assert response.status_code == 500
    assert "<h1>" in words(response)


def test_a_request_that_is_far_too_large_changes_nothing(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    response = client.post(reverse("sign-in"), {"username": "x" * 100})

    assert response.status_code == 400
    assert "Nothing was changed" in words(response)


def test_under_maintenance_every_page_says_when_to_come_back(settings):
    settings.MAINTENANCE = True
    response = Client().get("/panier/")

    assert response.status_code == 503
    assert response["Retry-After"] == "600"


def test_under_maintenance_the_health_check_still_answers(settings):
    settings.MAINTENANCE = True

    assert Client().get("/sante/").status_code == 200


@pytest.mark.parametrize("slug", PAGES)
def test_each_text_of_the_law_is_one_click_from_every_page(client, slug):
    address = reverse("page", args=[slug])

    assert address in words(client.get("/"))
    assert client.get(address).status_code == 200


def test_what_the_administrator_writes_replaces_the_text_we_ship(client):
    page = FlatPage.objects.create(url=reverse("page", args=["conditions"]), title="Nos conditions", content="Voici.")
    page.sites.add(settings.SITE_ID)

    shown = words(client.get(page.url))
    assert "Nos conditions" in shown
    assert "Voici." in shown


def test_an_unknown_text_is_not_found(client):
    assert client.get(reverse("page", args=["autre"])).status_code == 404


@pytest.mark.parametrize(
    ("who", "where"),
    [({"is_superuser": True, "is_staff": True}, "admin:index"), ({}, "account")],
)
def test_signing_in_leads_to_the_screens_of_ones_role(client, who, where):
    cast.member("claire@example.org", **who)
    client.post(reverse("sign-in"), {"username": "claire@example.org", "password": "a long password"})

    assert client.get(reverse("staff-home"))["Location"] == reverse(where)


def test_a_manager_comes_to_the_markets(client):
    market = cast.beauvais()
    market.managers.add(cast.member("claire@example.org"))
    client.post(reverse("sign-in"), {"username": "claire@example.org", "password": "a long password"})

    assert client.get(reverse("staff-home"))["Location"] == reverse("manage")


def test_a_wrong_password_is_said_and_the_address_kept(client):
    cast.member("claire@example.org")
    page = words(client.post(reverse("sign-in"), {"username": "claire@example.org", "password": "no"}))

    assert "do not go together" in page
    assert 'value="claire@example.org"' in page


def test_signing_in_never_leads_to_another_site(client):
    cast.member("claire@example.org")
    response = client.post(
        reverse("sign-in"),
        {"username": "claire@example.org", "password": "a long password", "next": "https://evil.example/"},
    )

    assert response["Location"] == reverse("staff-home")


@pytest.mark.parametrize("name", ["home", "basket", "sign-in"])
def test_error_pages_and_pages_have_one_first_heading(client, name):
    assert words(client.get(reverse(name))).count("<h1") == 1
