"""The days of which a producer has a statement."""

from __future__ import annotations

import pytest
import time_machine
from django.template.loader import render_to_string

from marche.payments.statements import statement_days
from producers.models import Listing
from tests import cast
from tests.payments import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def honey() -> Listing:
    """8.50 € a jar, on the Saturday."""
    with time_machine.travel(cast.OPEN_TIME, tick=False):
        market = cast.beauvais()
        return cast.listing(cast.honey(cast.le_rucher(market)), cast.saturday(market), price_cents=850)


def order(listing: Listing, count: int = 1):
    with time_machine.travel(listing.day.closes_at.replace(hour=8), tick=False):
        return cast.placed_order({listing: count})


def test_a_producer_without_payments_has_no_statement(honey):
    order(honey)

    assert statement_days(honey.producer) == []


def test_a_day_counts_its_orders_and_what_was_charged(honey):
    rows.captured(order(honey))
    rows.captured(order(honey, 2))
    rows.payment(order(honey))

    [day] = statement_days(honey.producer)
    assert (day.date, day.market_slug, day.orders, day.charged_cents) == (cast.SATURDAY, "beauvais", 3, 2550)


def test_a_payment_that_was_not_made_counts_nothing(honey):
    rows.payment(order(honey), state="expired")

    assert statement_days(honey.producer) == []


def test_an_order_that_was_cancelled_before_anything_was_taken_counts_nothing(honey):
    pickup = order(honey)
    attempt = rows.payment(pickup)
    pickup.cancelled_at = attempt.made_at
    pickup.save()

    assert statement_days(honey.producer) == []


def test_the_latest_day_comes_first_in_one_query(honey, django_assert_num_queries):
    with time_machine.travel(cast.OPEN_TIME, tick=False):
        earlier = cast.saturday(honey.day.market, cast.SATURDAY.replace(day=21))
        before = cast.listing(honey.sheet, earlier, price_cents=850)
    rows.captured(order(before))
    rows.captured(order(honey))

    with django_assert_num_queries(1):
        assert [day.date.day for day in statement_days(honey.producer)] == [28, 21]


def test_the_list_leads_to_page_pdf_and_csv(honey):
    rows.captured(order(honey))

    context = {"producer": honey.producer, "statements": statement_days(honey.producer)}
    page = render_to_string("payments/statements_list.html", context)
    for name in ("releve/", "releve.pdf", "releve.csv"):
        assert f'href="/producteur/le-rucher/beauvais/2026-11-28/{name}"' in page
