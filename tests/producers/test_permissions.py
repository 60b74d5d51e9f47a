"""A producer's pages are its members' alone, while they are members. Who opens what: tests/test_permissions.py."""

import pytest
from django.test import Client
from django.urls import reverse

from producers.models import Listing
from tests.cast import SATURDAY, carrots, listing

pytestmark = pytest.mark.django_db
SHEET_PAGES = [
    ("get", "sheet"),
    ("post", "sheet"),
    ("get", "sheet-kind"),
    ("post", "sheet-archive"),
    ("post", "sheet-restore"),
]


@pytest.fixture
def theirs(rucher, day):
    """Something of the beekeeper's, on sale."""
    return listing(carrots(rucher), day).sheet


@pytest.mark.parametrize(("method", "name"), SHEET_PAGES)
def test_another_producer_s_sheet_does_not_exist_below_one_s_own_address(claire, farm, theirs, method, name):
    response = getattr(claire, method)(reverse(name, args=[farm.slug, theirs.pk]), {"kind": "honey", "title": "Moi"})

    theirs.refresh_from_db()
    assert response.status_code == 404
    assert (theirs.title, theirs.archived, Listing.objects.get().on) == ("Carottes", False, True)


def test_whoever_has_not_signed_in_comes_back_afterwards(farm, day):
    url = reverse("offer", args=[farm.slug, "beauvais", SATURDAY])

    assert Client().get(url)["Location"] == f"{reverse('sign-in')}?next={url}"


def test_a_member_who_left_sees_nothing_any_more(claire, farm, day):
    farm.partner.users.clear()

    assert claire.get(reverse("sheets", args=[farm.slug])).status_code == 404


def test_a_form_without_its_token_is_refused(farm, day):
    client = Client(enforce_csrf_checks=True)
    client.force_login(farm.partner.users.get())

    assert client.post(reverse("offer", args=[farm.slug, "beauvais", SATURDAY])).status_code == 403


def test_these_pages_are_kept_by_no_cache(claire, farm, day):
    assert "no-store" in claire.get(reverse("sheets", args=[farm.slug]))["Cache-Control"]
