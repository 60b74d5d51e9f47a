"""My data: everything about oneself in one file, nothing about anybody else, and an erasing that asks twice."""

from __future__ import annotations

import json
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.auth.models import User
from django.urls import reverse

from marche.common.actors import Actor
from marche.markets.models import Market
from orders.actions.cancel_order import cancel_order
from orders.actions.hand_over import hand_over
from orders.actions.note_called import note_called
from orders.models import Call, Pickup
from orders.presenters.paying import Payment
from producers.kinds import PaymentMeans
from tests import cast
from tests.orders.resident.account.people import browser_of, ordered_by
from tests.pages import words
from tests.spreadsheets import csv_rows, xlsx_sheets

pytestmark = pytest.mark.django_db

REUNION = ZoneInfo("Indian/Reunion")
FILES = ["my-data-json", "my-data-csv", "my-data-xlsx"]


def document(user: User) -> dict:
    return json.loads(browser_of(user).get(reverse("my-data-json")).content)


def table(user: User) -> list[dict[str, str]]:
    header, *rows = csv_rows(browser_of(user).get(reverse("my-data-csv")).content)
    return [dict(zip(header, row, strict=True)) for row in rows]


def erase(client, word: str = "erase"):
    return client.post(reverse("my-data-erase"), {"word": word}, follow=True)


@pytest.mark.parametrize("name", ["my-data", *FILES])
def test_whoever_is_not_signed_in_is_led_to_the_door(client, name):
    assert client.get(reverse(name))["Location"].startswith(reverse("resident-sign-in"))


@pytest.mark.parametrize("name", ["my-data", *FILES])
def test_nothing_of_it_is_kept_by_a_proxy(lea, name):
    assert "no-store" in browser_of(lea).get(reverse(name))["Cache-Control"]


@pytest.mark.parametrize("name", FILES)
def test_the_files_are_downloads(lea, name):
    assert browser_of(lea).get(reverse(name))["Content-Disposition"].startswith("attachment")


def test_the_document_holds_contact_lines_amounts_and_messages(lea, carrots, honey):
    pickup = ordered_by(lea, cast.basket_of({carrots: 3, honey: 1}, note="Au rez-de-chaussée"))

    told = document(lea)

    [order] = told["orders"]
    assert told["account"]["proven_addresses"] == ["lea@example.org"]
    assert order["contact"]["name"] == "Léa Dumont"
    assert order["contact"]["note"] == "Au rez-de-chaussée"
    assert order["total"] == {"cents": 1413, "euros": "14.13"}
    assert order["slot"]["from"] == "2026-11-28T08:00:00+01:00"
    assert [line["amount"]["cents"] for part in order["parts"] for line in part["lines"]] == [563, 850]
    assert order["reference"] == pickup.order.number
    assert [(m["kind"], m["order"], m["recipient"]) for m in told["messages"]] == [
        ("order-confirmation", pickup.order.number, "lea@example.org")
    ]


class TestOfAMarketAtLaReunion:
    """Its hours are those of its own clock, three ahead of the site's in winter."""

    @pytest.fixture
    def pickup(self, lea, honey) -> Pickup:
        Market.objects.update(time_zone="Indian/Reunion")
        return ordered_by(lea, cast.basket_of({honey: 1}))

    def test_the_document_tells_its_hours(self, lea, pickup):
        [order] = document(lea)["orders"]

        assert order["slot"]["from"] == "2026-11-28T11:00:00+04:00"
        assert order["placed_at"].endswith("+04:00")

    def test_the_table_tells_its_hours(self, lea, pickup):
        [row] = table(lea)

        assert row["ordered on"] == f"{pickup.placed_at.astimezone(REUNION):%d/%m/%Y %H:%M}"


def test_the_document_holds_what_was_paid(lea, honey):
    pickup = ordered_by(lea, cast.basket_of({honey: 1}))
    with time_machine.travel(pickup.day.starts_at, tick=False):
        hand_over(
            pickup.parts.get().pk,
            payment=Payment(PaymentMeans.CASH, 850),
            by=Actor.producer(cast.member("x@example.org")),
        )

    [part] = document(lea)["orders"][0]["parts"]

    assert part["payment"]["means"] == "cash"
    assert part["payment"]["amount"] == {"cents": 850, "euros": "8.50"}


def test_who_of_the_staff_noted_it_is_not_told(lea, honey):
    pickup = ordered_by(lea, cast.basket_of({honey: 1}))
    with time_machine.travel(pickup.day.starts_at, tick=False):
        hand_over(pickup.parts.get().pk, by=Actor.producer(cast.member("seller@example.org")))

    told = document(lea)

    assert told["orders"][0]["changes"][0]["by"] == "Le Rucher d’Hodenc"
    assert "seller@example.org" not in json.dumps(told)


def test_the_table_has_a_row_for_each_line_that_adds_up(lea, carrots, honey):
    ordered_by(lea, cast.basket_of({carrots: 3, honey: 1}))

    rows = table(lea)

    assert [row["product"] for row in rows] == ["Carottes", "Miel d’acacia"]
    assert [row["amount (€)"] for row in rows] == ["5,63", "8,50"]


def test_what_a_spreadsheet_would_run_is_harmless(lea, honey):
    ordered_by(lea, cast.basket_of({honey: 1}, name="=1+1 Dumont", note="@SUM(A1)"))

    [row] = table(lea)

    assert (row["name"], row["note"]) == ("'=1+1 Dumont", "'@SUM(A1)")


@pytest.mark.parametrize("name", ["my-data", "my-data-json", "my-data-csv"])
def test_nothing_of_another_resident_is_told(lea, odette, honey, name):
    ordered_by(odette, cast.basket_of({honey: 1}, name="Odette Caron", email="odette@example.org"))

    page = words(browser_of(lea).get(reverse(name)))

    assert "Odette" not in page
    assert "odette@example.org" not in page


def test_the_workbook_holds_what_is_the_persons_and_nothing_else(lea, odette, honey):
    ordered_by(odette, cast.basket_of({honey: 1}, name="Odette Caron", email="odette@example.org"))
    ordered_by(lea, cast.basket_of({honey: 2}))

    [[header, row]] = xlsx_sheets(browser_of(lea).get(reverse("my-data-xlsx")).content)

    found = dict(zip(header, row, strict=True))
    assert (found["product"], found["units"], found["amount"]) == ("Miel d’acacia", "2", "17.00")


@pytest.mark.parametrize("name", FILES)
def test_the_files_take_a_fixed_number_of_queries(lea, carrots, honey, name, django_assert_max_num_queries):
    client = browser_of(lea)
    for _i in range(3):
        ordered_by(lea, cast.basket_of({carrots: 1, honey: 1}))

    with django_assert_max_num_queries(13):
        client.get(reverse(name))


def test_the_page_says_what_is_erased_and_what_stays(lea, honey):
    cast.placed_order({honey: 1})

    page = words(browser_of(lea).get(reverse("my-data")))

    assert "1 order, with the name" in page
    assert "kept for ten years" in page


def test_erasing_signs_out_and_leaves_nothing_to_find(lea, honey, on_sunday):
    ordered_by(lea, cast.basket_of({honey: 1}))

    with on_sunday():
        client = browser_of(lea)
        page = words(erase(client))

        assert "Your data are erased" in page
        assert client.get(reverse("account")).status_code == 302
    assert not User.objects.filter(email="lea@example.org").exists()
    assert Pickup.objects.get().email == ""


@pytest.mark.parametrize("word", ["", "yes", "erase me"])
def test_without_the_word_nothing_is_erased(lea, word):
    response = erase(browser_of(lea), word)

    assert response.status_code == 422
    assert User.objects.filter(pk=lea.pk).exists()


def test_while_an_order_is_open_the_page_names_it_and_erases_nothing(lea, honey):
    ordered_by(lea, cast.basket_of({honey: 1}))

    response = erase(browser_of(lea))

    assert response.status_code == 409
    assert "Order 1 of Saturday 28 November, Marché de Beauvais, is still to be collected." in words(response)
    assert User.objects.filter(pk=lea.pk).exists()


def test_looking_at_the_address_erases_nothing(lea):
    assert browser_of(lea).get(reverse("my-data-erase")).status_code == 405


def test_erasing_needs_the_token_of_our_own_form(lea):
    client = browser_of(lea)
    client.handler.enforce_csrf_checks = True

    assert client.post(reverse("my-data-erase"), {"word": "erase"}).status_code == 403
    assert User.objects.filter(pk=lea.pk).exists()


def test_the_document_holds_the_calls_without_who_of_the_staff_made_them(lea, honey, day):
    pickup = ordered_by(lea, cast.basket_of({honey: 1}, email="", phone="+33353010102"))
    cancel_order(pickup.pk, reason="Gel", by=Actor.manager())
    note_called(day.pk, keys=[Call.objects.get().key], by=Actor.manager(cast.member("claire@example.org")))

    told = document(lea)

    assert told["orders"][0]["calls"] == [{"at": "2026-11-24T10:00:00+01:00", "about": "order-cancelled"}]
    assert "claire" not in json.dumps(told)
