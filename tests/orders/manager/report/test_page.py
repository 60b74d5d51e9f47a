"""The page of the report, and who reads it."""

from __future__ import annotations

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from orders.manager.report.report import Report
from tests import cast
from tests.orders.manager.people import claire, clermont, signed_in, text_of, url
from tests.orders.manager.report.saturday import Orders, Saturday

pytestmark = pytest.mark.django_db


def report_on(manager: Client, saturday: Saturday, **query: str) -> Report:
    report: Report = manager.get(url(saturday.day, "bilan/"), query).context["report"]
    return report


def test_the_page_shows_producers_products_and_money(manager: Client, market_day: Saturday, collected: Orders) -> None:
    page = text_of(manager.get(url(market_day.day, "bilan/"))).replace("\xa0", " ")

    for words in ("La Ferme du Ru", "Carottes", "3 × 500 g = 1,5 kg", "27,48 €", "15,00 €", "−0,68 €", "5,5 %"):
        assert words in page


def test_a_day_that_is_not_open_yet_says_when_it_will_be(manager: Client, market_day: Saturday) -> None:
    later = cast.saturday(market_day.day.market, cast.SATURDAY.replace(month=12, day=19))

    response = manager.get(url(later, "bilan/"))

    assert (response.status_code, b"chart__bar" in response.content) == (200, False)


def test_an_open_day_without_orders_has_its_page(manager: Client, market_day: Saturday) -> None:
    assert manager.get(url(market_day.day, "bilan/")).status_code == 200


@pytest.mark.parametrize(
    ("tri", "stalls"),
    [
        ("producteurs.commande", [2, 1]),
        ("producteurs.-commande", [1, 2]),
        ("producteurs.-producteur", [2, 1]),
        ("producteurs.zzz", [1, 2]),
        ("zzz.-commande", [1, 2]),
        ("tva.-taux", [1, 2]),
        ("", [1, 2]),
    ],
)
def test_a_table_is_sorted_as_its_address_asks(
    manager: Client, market_day: Saturday, orders: Orders, tri: str, stalls: list[int]
) -> None:
    assert [row[0] for row in report_on(manager, market_day, tri=tri).tables["producteurs"].rows] == stalls


def test_sorting_leaves_the_total_where_it_is(manager: Client, market_day: Saturday, orders: Orders) -> None:
    totals = {report_on(manager, market_day, tri=tri).tables["produits"].totals for tri in ("", "produits.-montant")}

    assert len(totals) == 1


def test_a_long_table_is_cut_on_the_page_and_whole_when_asked(
    manager: Client,
    market_day: Saturday,
    orders: Orders,
    clock: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock.move_to(cast.SUNDAY)
    monkeypatch.setattr("orders.manager.views.report.ROWS", 2)

    cut, whole = (
        {shown.table.slug: shown for shown in manager.get(url(market_day.day, "bilan/"), query).context["tables"]}
        for query in ({}, {"toutes": "1"})
    )

    assert (len(cut["non-retirees"].rows), cut["non-retirees"].hidden) == (2, 1)
    assert (len(whole["non-retirees"].rows), whole["non-retirees"].hidden) == (3, 0)


def test_the_manager_next_door_is_told_that_there_is_none(market_day: Saturday) -> None:
    client = signed_in(claire(clermont()))

    for rest in ("bilan/", "bilan.xlsx", "bilan/tva.csv", "bilan/tva.xlsx"):
        assert client.get(url(market_day.day, rest)).status_code == 404


def test_what_people_typed_is_shown_and_never_run(
    manager: Client, market_day: Saturday, clock: time_machine.Traveller
) -> None:
    cast.placed_order({market_day.carrots: 1}, name="<script>alert(1)</script>")
    clock.move_to(cast.SUNDAY)

    assert "<script>alert" not in manager.get(url(market_day.day, "bilan/")).content.decode()


def test_the_days_page_leads_to_the_report_once_orders_are_open(manager: Client, market_day: Saturday) -> None:
    later = cast.saturday(market_day.day.market, cast.SATURDAY.replace(month=12, day=19))

    assert url(market_day.day, "bilan/") in manager.get(url(market_day.day)).content.decode()
    assert url(later, "bilan/") not in manager.get(url(later)).content.decode()


def test_past_days_lead_to_their_reports(manager: Client, market_day: Saturday, clock: time_machine.Traveller) -> None:
    clock.move_to(cast.SUNDAY)

    assert url(market_day.day, "bilan/") in manager.get("/gestion/").content.decode()


def test_the_number_of_queries_depends_on_nothing(manager: Client, market_day: Saturday, collected: Orders) -> None:
    with CaptureQueriesContext(connection) as with_few:
        manager.get(url(market_day.day, "bilan/"))
    for number in range(3, 9):
        farm = cast.producer(f"Ferme {number}", f"ferme-{number}", number, market_day.day.market)
        cast.placed_order({cast.listing(cast.carrots(farm), market_day.day): 1, market_day.carrots: 1})

    with CaptureQueriesContext(connection) as with_many:
        manager.get(url(market_day.day, "bilan/"))

    assert len(with_many) == len(with_few) <= 22
