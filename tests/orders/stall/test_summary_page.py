"""The page of a summary: whoever has its link reads it, and only the button acknowledges."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from orders.models import Summary
from tests import cast

pytestmark = pytest.mark.django_db


def test_reading_the_page_acknowledges_nothing(client: Client, summary):
    answer = client.get(summary.get_absolute_url())

    assert answer.status_code == 200
    assert "Carottes" in answer.content.decode()
    summary.refresh_from_db()
    assert summary.acknowledged_at is None


def test_the_button_acknowledges_without_signing_in(client: Client, summary):
    answer = client.post(reverse("summary-acknowledge", args=[summary.token]), follow=True)

    assert answer.redirect_chain == [(summary.get_absolute_url(), 302)]
    summary.refresh_from_db()
    assert summary.acknowledged_at == cast.AFTER_CUTOFF
    assert reverse("summary-acknowledge", args=[summary.token]) not in answer.content.decode()


def test_the_first_acknowledgement_counts(client: Client, summary, clock):
    client.post(reverse("summary-acknowledge", args=[summary.token]))
    clock.shift(3600)
    client.post(reverse("summary-acknowledge", args=[summary.token]))

    summary.refresh_from_db()
    assert summary.acknowledged_at == cast.AFTER_CUTOFF


def test_another_site_cannot_press_the_button(summary):
    answer = Client(enforce_csrf_checks=True).post(reverse("summary-acknowledge", args=[summary.token]))

    assert answer.status_code == 403


def test_the_address_of_the_button_cannot_be_read(client: Client, summary):
    assert client.get(reverse("summary-acknowledge", args=[summary.token])).status_code == 405


def test_an_old_version_leads_to_the_newest_and_has_no_button(client: Client, summary, second):
    page = client.get(summary.get_absolute_url()).content.decode()

    assert f'href="{second.get_absolute_url()}"' in page
    assert reverse("summary-acknowledge", args=[summary.token]) not in page


def test_the_newest_version_says_what_changed(client: Client, second):
    page = client.get(second.get_absolute_url()).content.decode()

    assert "The resident is ill." in page
    assert "Odette" in page


@pytest.mark.parametrize("name", ["summary", "summary-pdf", "summary-csv", "summary-xlsx"])
def test_an_altered_link_is_not_found(client: Client, summary, name):
    assert client.get(reverse(name, args=[summary.token + "x"])).status_code == 404


def test_an_altered_link_acknowledges_nothing(client: Client, summary):
    assert client.post(reverse("summary-acknowledge", args=[summary.token + "x"])).status_code == 404


@pytest.mark.parametrize(("name", "media_type"), [("summary-pdf", "application/pdf"), ("summary-csv", "text/csv")])
def test_the_files_are_there_without_signing_in(client: Client, summary, name, media_type):
    answer = client.get(reverse(name, args=[summary.token]))

    assert answer.status_code == 200
    assert answer["Content-Type"].startswith(media_type)
    assert "recapitulatif-la-ferme-du-ru" in answer["Content-Disposition"]


def test_the_page_of_a_producer_is_kept_by_nobody(client: Client, summary):
    answer = client.get(summary.get_absolute_url())

    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"


def test_what_a_resident_writes_is_text_on_the_page(client: Client, carrots, close):
    cast.placed_order({carrots: 1}, note="<script>alert(1)</script>")
    close()

    assert "<script>alert" not in client.get(Summary.objects.get().get_absolute_url()).content.decode()
