"""A producer's way: sign in, say what there will be, the same again next week."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from producers.models import Listing
from tests import cast
from tests.axe import DESK, PHONE
from tests.journeys.city import City

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]
NEXT_SATURDAY = cast.SATURDAY + dt.timedelta(weeks=1)


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_a_producer_repeats_last_saturday_then_changes_a_price(beauvais: City, visit, viewport):
    cast.next_saturday(beauvais.day)
    page = visit(viewport)
    beauvais.sign_in(page, User.objects.get(email="ferme-du-ru-member@example.org"))
    page.goto(f"{beauvais.url}/producteur/ferme-du-ru/beauvais/{NEXT_SATURDAY}/")
    page.get_by_role("button", name="Comme").click()
    expect(page.locator(".note--success, .note").first).to_be_visible()
    row = page.get_by_role("row").filter(has_text="Carottes")
    row.get_by_label("Prix").fill("1.234,5")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("alert")).to_contain_text("Carottes")
    expect(row.get_by_label("Prix")).to_have_value("1.234,5")
    row.get_by_label("Prix").fill("3,90")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("alert")).to_have_count(0)

    listings = Listing.objects.filter(day__date=NEXT_SATURDAY).order_by("price_cents")
    assert [(one.price_cents, one.quantity) for one in listings] == [(390, 10), (980, 4)]
