"""A producer's statement of a market day: page, PDF and CSV, from what was paid by card."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pypdf
import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from marche.common.actors import Actor
from marche.payments.models import PaymentAttempt, Share
from orders.actions.cancel_order import cancel_order
from orders.actions.hand_over import hand_over
from orders.models import Pickup, ProducerOrder
from orders.presenters.paying import Payment
from orders.presenters.statement import statement_of
from producers.kinds import PaymentMeans
from producers.models import Listing, Producer
from tests import cast
from tests.pages import words
from tests.payments import rows
from tests.spreadsheets import csv_rows, xlsx_sheets

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


@pytest.fixture
def honey() -> Listing:
    """8.50 € a jar."""
    market = cast.beauvais()
    return cast.listing(cast.honey(cast.le_rucher(market)), cast.saturday(market), price_cents=850, quantity=100)


@pytest.fixture
def rucher(honey: Listing) -> Producer:
    return honey.producer


@pytest.fixture
def lea(honey: Listing) -> Pickup:
    """Order 1, two jars."""
    return cast.placed_order({honey: 2})


@pytest.fixture
def paid(lea: Pickup) -> PaymentAttempt:
    """Léa's 17.00 € were taken; the beekeeper bears 51 cents of fee; the goods are handed over."""
    return rows.captured(lea, fee_cents=51, earned=True)


@pytest.fixture
def member(client: Client, rucher: Producer) -> Client:
    client.force_login(rucher.partner.users.get())
    return client


def address(listing: Listing, name: str = "statement") -> str:
    day = listing.day
    return reverse(name, args=[listing.producer.slug, day.market.slug, day.date])


def cents_of(listing: Listing) -> list[tuple[Any, ...]]:
    """Number, ordered at most, charged, refunded, fee, net, transferred, withheld, of each line."""
    return [(row[1], *row[4:]) for row in statement_of(listing.producer, listing.day).orders.rows]


def balance_of(listing: Listing) -> int:
    """What is still to come."""
    return statement_of(listing.producer, listing.day).balance_cents


def test_an_order_that_was_charged_stands_with_its_fee_and_what_is_still_to_come(honey, paid):
    assert cents_of(honey) == [(1, 1700, 1700, 0, 51, 1649, 0, 0)]
    assert balance_of(honey) == 1649


def test_what_was_refunded_and_transferred_is_told(honey, paid):
    rows.moved({paid.shares.get(): 1649}, "transfer")
    rows.moved({paid.shares.get(): -850}, "refund")

    assert cents_of(honey) == [(1, 1700, 1700, 850, 51, 799, 0, 0), (1, None, 0, 0, 0, 0, 1649, 0)]
    assert balance_of(honey) == -850


def test_what_was_taken_back_has_a_line_of_its_own(honey, paid):
    rows.moved({paid.shares.get(): 1649}, "transfer")
    rows.moved({paid.shares.get(): -850}, "refund")
    rows.moved({paid.shares.get(): -850}, "reversal")

    assert [line[6] for line in cents_of(honey)] == [0, 1649, -850]
    assert balance_of(honey) == 0


def test_an_order_whose_money_is_only_held_stands_without_a_charge(honey, lea):
    rows.payment(lea)

    assert cents_of(honey) == [(1, 1700, 0, 0, 0, 0, 0, 0)]


@pytest.mark.parametrize("state", ["new", "open", "voided", "expired"])
def test_a_payment_that_was_not_made_stands_nowhere(honey, lea, state):
    rows.payment(lea, state=state)

    assert cents_of(honey) == []


def test_an_order_that_was_cancelled_before_anything_was_taken_stands_nowhere(honey, lea):
    rows.payment(lea)
    cancel_order(lea.pk, reason="erreur", by=Actor.manager())

    assert cents_of(honey) == []


def test_an_order_that_was_cancelled_afterwards_stands_with_its_refund(honey, lea, paid):
    Pickup.objects.update(cancelled_at=paid.made_at)
    rows.moved({paid.shares.get(): -1700}, "refund")

    assert cents_of(honey) == [(1, 1700, 1700, 1700, 0, 0, 0, 0)]
    assert balance_of(honey) == 0


def test_an_order_paid_at_the_stall_is_no_row_but_is_counted_beside(honey, lea):
    with time_machine.travel(cast.SEVEN, tick=False):
        part = ProducerOrder.objects.get(pickup=lea)
        hand_over(
            part.pk, payment=Payment(PaymentMeans.CASH, 1700), by=Actor.producer(cast.member("seller@example.org"))
        )

    statement = statement_of(honey.producer, honey.day)
    assert (len(statement.orders.rows), statement.at_stall, statement.at_stall_cents) == (0, 1, 1700)


def test_another_producers_part_of_the_same_payment_is_not_told(honey, rucher):
    farm = cast.ferme_du_ru(honey.day.market)
    carrots = cast.listing(cast.carrots(farm), honey.day)
    rows.captured(cast.placed_order({honey: 1, carrots: 2}), fee_cents=10)

    assert [row[2] for row in cents_of(honey)] == [850]
    assert [row[2] for row in cents_of(carrots)] == [220]


def test_another_days_payment_is_not_told(honey, paid):
    next_week = cast.saturday(honey.day.market, cast.SATURDAY.replace(month=12, day=5))

    assert statement_of(honey.producer, next_week).orders.rows == []


def test_a_contested_payment_says_so_in_place_of_what_is_to_come(honey, paid):
    rows.contested(paid)

    statement = statement_of(honey.producer, honey.day)
    assert (statement.contested, statement.balance_cents) == (1, 0)
    assert statement.orders.rows[-1][3] == "Contesté par la banque de l’habitant"


def test_what_is_on_its_way_is_told_beside(honey, paid):
    rows.moved({paid.shares.get(): 1649}, "transfer", state="waiting")

    assert statement_of(honey.producer, honey.day).under_way_cents == 1649


def test_the_page_names_the_seller_and_adds_up(honey, member, paid):
    rows.captured(cast.placed_order({honey: 1}, **cast.ODETTE), fee_cents=38)

    page = words(member.get(address(honey)))
    assert "Le Rucher d’Hodenc" in page
    assert "732 829 320 00074" in page
    assert "1 rue du Ru, 60000 Beauvais" in page
    assert "Odette" in page
    assert "Caron" not in page
    foot = page.partition("<tfoot>")[2]
    assert "25,50 €" in foot
    assert "24,61 €" in foot


def test_a_day_without_payments_by_card_says_so(honey, member):
    response = member.get(address(honey))

    assert response.status_code == 200
    assert "<table" not in response.content.decode()
    assert 'class="empty"' in response.content.decode()


def test_dates_are_dates_in_a_spreadsheet(honey, member, paid):
    [sheet] = xlsx_sheets(member.get(address(honey, "statement-xlsx")).content)
    sold = dt.date(1899, 12, 30) + dt.timedelta(days=int(sheet[1][0]))  # as spreadsheets count days

    assert sold == cast.SATURDAY
    assert csv_rows(member.get(address(honey, "statement-csv")).content)[1][0] == "28/11/2026"


def test_csv_opens_in_a_french_spreadsheet(honey, member, paid):
    response = member.get(address(honey, "statement-csv"))

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="releve-le-rucher-beauvais-2026-11-28.csv"'
    header, row, total = csv_rows(response.content)
    assert row[1:] == ["1", "Léa", "Vente", "17,00", "17,00", "0,00", "0,51", "16,49", "0,00", "0,00"]
    assert total[4:] == row[4:]
    assert header[5].endswith(" (€)")


def test_a_first_name_that_a_spreadsheet_would_calculate_is_a_text(honey, member):
    rows.captured(cast.placed_order({honey: 1}, name="=2+2 Dumont"))

    assert "'=2+2" in member.get(address(honey, "statement-csv")).content.decode()


def test_the_pdf_holds_what_the_page_says(honey, member, paid):
    response = member.get(address(honey, "statement-pdf"))

    pdf = pypdf.PdfReader(io.BytesIO(response.content))
    text = pdf.pages[0].extract_text()
    assert len(pdf.pages) == 1
    assert response["Content-Type"] == "application/pdf"
    assert "16,49" in text
    assert "Léa" in text
    assert "732 829 320 00074" in text


def test_a_pdf_of_a_day_without_payments_opens_too(honey, member):
    response = member.get(address(honey, "statement-pdf"))

    assert len(pypdf.PdfReader(io.BytesIO(response.content)).pages) == 1


def test_a_long_statement_repeats_its_headings(honey, member):
    slots = list(honey.day.slots.all())
    for number in range(40):
        rows.captured(cast.placed_order({honey: 1}, email=f"r{number}@example.org", slot=slots[number // 15]))

    pdf = pypdf.PdfReader(io.BytesIO(member.get(address(honey, "statement-pdf")).content))
    assert len(pdf.pages) > 1
    assert [page.extract_text().count("Remboursé") + page.extract_text().count("Refunded") for page in pdf.pages] == [
        1,
        1,
    ]


def test_a_producer_whose_stall_is_gone_still_reads_its_statement(honey, member, paid):
    honey.producer.partner.stalls.all().delete()

    assert member.get(address(honey)).status_code == 200


def test_the_stall_leads_to_the_statement_of_a_day_with_payments_by_card(honey, member, lea):
    assert address(honey) not in member.get(address(honey, "stall")).content.decode()

    rows.captured(lea)
    assert address(honey) in member.get(address(honey, "stall")).content.decode()


def test_a_day_of_a_market_where_the_producer_has_no_business_does_not_exist(honey, member):
    other = cast.beauvais(name="Marché de Clermont", slug="clermont")
    day = cast.saturday(other)

    assert member.get(reverse("statement", args=["le-rucher", "clermont", day.date])).status_code == 404


def test_nobody_but_its_members_reads_it(honey, client, paid):
    other = cast.ferme_du_ru(honey.day.market)
    client.force_login(other.partner.users.get())

    for name in ("statement", "statement-pdf", "statement-csv", "statement-xlsx"):
        assert client.get(address(honey, name)).status_code == 404


def test_the_figures_are_five_queries_however_many_orders(honey, django_assert_num_queries):
    for number in range(3):
        rows.captured(cast.placed_order({honey: 1}, email=f"r{number}@example.org"))

    with django_assert_num_queries(5):
        assert len(statement_of(honey.producer, honey.day).orders.rows) == 3
    assert Share.objects.count() == 3
