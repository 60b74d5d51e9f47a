"""A producer's pages exist for its members and for nobody else."""

import pytest
from django.test import Client
from django.urls import reverse

from producers.models import Listing
from tests.cast import SATURDAY, carrots, listing, member
from tests.producers.conftest import signed_in

pytestmark = pytest.mark.django_db
DAY_PAGES = [("get", "offer"), ("post", "offer"), ("get", "offer-live"), ("post", "offer-repeat")]
LIST_PAGES = [("get", "sheets"), ("get", "sheet-new"), ("post", "sheet-new")]
SHEET_PAGES = [
    ("get", "sheet"),
    ("post", "sheet"),
    ("get", "sheet-kind"),
    ("post", "sheet-archive"),
    ("post", "sheet-restore"),
]


def arguments(name, slug, sheet):
    if ("get", name) in LIST_PAGES:
        return [slug]
    return [slug, sheet.pk] if name.startswith("sheet") else [slug, "beauvais", SATURDAY]


@pytest.fixture
def theirs(rucher, day):
    """Something of the beekeeper's, on sale."""
    return listing(carrots(rucher), day).sheet


@pytest.mark.parametrize(("method", "name"), DAY_PAGES + LIST_PAGES + SHEET_PAGES)
def test_another_producer_s_page_does_not_exist(claire, rucher, theirs, method, name):
    response = getattr(claire, method)(reverse(name, args=arguments(name, rucher.slug, theirs)))

    assert response.status_code == 404


@pytest.mark.parametrize(("method", "name"), SHEET_PAGES)
def test_another_producer_s_sheet_does_not_exist_below_one_s_own_address(claire, farm, theirs, method, name):
    response = getattr(claire, method)(reverse(name, args=[farm.slug, theirs.pk]), {"kind": "honey", "title": "Moi"})

    theirs.refresh_from_db()
    assert response.status_code == 404
    assert (theirs.title, theirs.archived, Listing.objects.get().on) == ("Carottes", False, True)


@pytest.mark.parametrize(("method", "name"), DAY_PAGES + LIST_PAGES + SHEET_PAGES)
def test_whoever_has_not_signed_in_is_asked_to(farm, day, method, name):
    url = reverse(name, args=arguments(name, farm.slug, carrots(farm)))

    response = getattr(Client(), method)(url)

    assert response.status_code == 302
    assert response["Location"] == f"{reverse('sign-in')}?next={url}"


def test_home_asks_to_sign_in(db):
    assert Client().get(reverse("producer-home"))["Location"].startswith(reverse("sign-in"))


def test_whoever_acts_for_no_producer_is_told_that_the_page_is_not_theirs(db):
    assert signed_in(member("odette@example.org")).get(reverse("producer-home")).status_code == 403


def test_an_administrator_is_no_member(farm, day):
    boss = member("boss@example.org", is_superuser=True, is_staff=True)

    assert signed_in(boss).get(reverse("sheets", args=[farm.slug])).status_code == 404


def test_a_member_who_left_sees_nothing_any_more(claire, farm, day):
    farm.partner.users.clear()

    assert claire.get(reverse("sheets", args=[farm.slug])).status_code == 404


def test_a_form_without_its_token_is_refused(farm, day):
    client = Client(enforce_csrf_checks=True)
    client.force_login(farm.partner.users.get())

    assert client.post(reverse("offer", args=[farm.slug, "beauvais", SATURDAY])).status_code == 403


def test_these_pages_are_kept_by_no_cache(claire, farm, day):
    assert "no-store" in claire.get(reverse("sheets", args=[farm.slug]))["Cache-Control"]
