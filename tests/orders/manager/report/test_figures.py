"""Every figure of the report, against a day computed by hand."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from marche.common.actors import Actor
from marche.markets.models import MarketDay
from marche.outbox.models import Message
from orders.actions.cancel_order import cancel_order
from orders.actions.close_day import close_day
from orders.actions.prepare_part import prepare_part
from orders.actions.take_payment import take_payment
from orders.manager.report.goods import shares
from orders.manager.report.report import Report, report_of
from orders.models import LineDetail
from orders.presenters.paying import Payment
from orders.presenters.tables import Row
from producers.kinds import PaymentMeans
from tests import cast
from tests.orders.manager.people import fail, sent
from tests.orders.manager.report.saturday import Orders, Saturday

pytestmark = pytest.mark.django_db


def read(saturday: Saturday) -> Report:
    with translation.override("en"):
        return report_of(saturday.day.pk)


def rows(saturday: Saturday, slug: str) -> list[Row]:
    return list(read(saturday).tables[slug].rows)


def test_a_day_without_orders_has_tables_without_rows(market_day: Saturday) -> None:
    report = read(market_day)

    assert (report.figures.orders, report.figures.ordered, report.figures.per_order) == (0, 0, 0)
    for slug in ("producteurs", "paiements", "produits", "categories", "tva", "non-retirees", "messages"):
        assert (list(report.tables[slug].rows), report.tables[slug].totals) == ([], None)
    assert len(report.tables["creneaux"].rows) == 8


def test_a_cancelled_order_is_in_no_figure(market_day: Saturday, orders: Orders) -> None:
    figures = read(market_day).figures

    assert (figures.orders, figures.taken_places, figures.parts) == (2, 2, 3)
    assert figures.ordered == 220 + 1568 + 850 + 110


def test_what_was_collected_and_paid(market_day: Saturday, collected: Orders) -> None:
    figures = read(market_day).figures

    assert (figures.handed_over, figures.waiting, figures.not_handed_over) == (2, 1, 110)
    assert (figures.missing, figures.due) == (220, 2748 - 220)
    assert (figures.taken, figures.difference, figures.to_pay) == (1500, 1500 - 1568, 850)


def test_producers(market_day: Saturday, collected: Orders) -> None:
    assert rows(market_day, "producteurs") == [
        # stall, name, parts, ordered, handed over, missing, four means, beside, to pay, waiting (2), due
        (1, "La Ferme du Ru", 2, 1898, 1, 220, 0, 0, 1500, 0, -68, 0, 1, 110, 1678),
        (2, "Le Rucher d’Hodenc", 1, 850, 1, 0, 0, 0, 0, 0, 0, 850, 0, 0, 850),
    ]


def test_payments_by_means_and_producer(market_day: Saturday, collected: Orders) -> None:
    market_day.give(collected.odette, "ferme-du-ru", PaymentMeans.CASH, 110)

    assert rows(market_day, "paiements") == [
        ("Cash", 1, "La Ferme du Ru", 1, 110, 110, 0),
        ("Card", 1, "La Ferme du Ru", 1, 1568, 1500, -68),
    ]


def test_what_is_paid_before_it_is_handed_over_is_taken_and_not_to_pay(market_day: Saturday, orders: Orders) -> None:
    part = market_day.part(orders.odette, "ferme-du-ru")
    with time_machine.travel(cast.SEVEN, tick=False):
        take_payment(part.pk, payment=Payment(PaymentMeans.CASH, 110), by=Actor.producer(market_day.seller))

    figures = read(market_day).figures
    assert (figures.taken, figures.to_pay, figures.waiting) == (110, 0, 3)


def test_products_with_their_quantity_and_what_was_missing(market_day: Saturday, collected: Orders) -> None:
    found = rows(market_day, "produits")

    assert [(row[0], row[2], row[3], *row[5:]) for row in found] == [
        # stall, name, units, ordered, missing (2), grams of what was there, due
        (1, "Carottes", 3, 330, 2, 220, 500, 110),
        (1, "Poulet fermier", 1, 1568, 0, 0, 1600, 1568),
        (2, "Miel d’acacia", 1, 850, 0, 0, None, 850),
    ]
    assert str(found[0][4]).replace("\xa0", " ") == "3 × 500 g = 1.5 kg"


def test_what_is_sold_by_the_piece_weighs_nothing_also_where_it_was_missing(
    market_day: Saturday, orders: Orders
) -> None:
    LineDetail.objects.filter(listing=market_day.honey).update(missing=True)
    LineDetail.objects.filter(listing=market_day.carrots).update(missing=True)

    assert {row[2]: row[8] for row in rows(market_day, "produits")} == {
        "Carottes": 0,
        "Poulet fermier": 1600,
        "Miel d’acacia": None,
    }


def test_what_was_weighed_and_what_there_was_less_of(market_day: Saturday, orders: Orders) -> None:
    part = market_day.part(orders.lea, "ferme-du-ru")
    line = {detail.listing_id: detail.pk for detail in part.details.all()}
    with time_machine.travel(cast.SEVEN, tick=False):
        units, grams = {line[market_day.carrots.pk]: 1}, {line[market_day.chicken.pk]: 1500}
        prepare_part(part.pk, grams=grams, struck={}, units=units, by=Actor.producer(market_day.seller))

    found = rows(market_day, "produits")

    assert [(row[2], row[3], *row[5:]) for row in found] == [
        ("Carottes", 3, 330, 1, 110, 1000, 220),
        ("Poulet fermier", 1, 1568, 0, 0, 1500, 1470),
        ("Miel d’acacia", 1, 850, 0, 0, None, 850),
    ]
    assert rows(market_day, "tva") == [
        # 1.10 € holds 0.06 twice, 14.70 € holds 0.77
        (550, 1690 - 89, 89, 1690),
        ("VAT not applicable, article 293 B of the CGI", 850, 0, 850),
    ]
    figures = read(market_day).figures
    assert (figures.ordered, figures.missing, figures.due, figures.not_handed_over) == (2748, 110, 2540, 2540)


def test_kinds_of_goods_from_the_one_that_sold_best(market_day: Saturday, orders: Orders) -> None:
    assert rows(market_day, "categories") == [
        ("Poultry", 1, 1568, 5706, 1568),
        ("Honey", 1, 850, 3093, 850),
        ("Fruit and vegetables", 1, 330, 1201, 330),
    ]


def test_vat_is_the_sum_of_the_lines_and_a_producer_without_vat_has_its_own(
    market_day: Saturday, orders: Orders
) -> None:
    assert rows(market_day, "tva") == [
        # 2.20 € holds 0.11, 1.10 € holds 0.06, 15.68 € holds 0.82
        (550, 1898 - 99, 99, 1898),
        ("VAT not applicable, article 293 B of the CGI", 850, 0, 850),
    ]


def test_slots(market_day: Saturday, orders: Orders) -> None:
    market_day.give(orders.odette, "ferme-du-ru")

    first, *others = rows(market_day, "creneaux")

    assert first[2:] == (15, 2, 1330, 2748, 1, 2748)
    assert {row[3:] for row in others} == {(0, 0, 0, 0, 0)}


def test_nothing_is_called_not_collected_before_the_market(market_day: Saturday, orders: Orders) -> None:
    assert rows(market_day, "non-retirees") == []


@pytest.mark.parametrize("when", [cast.SEVEN + dt.timedelta(hours=2), cast.SUNDAY], ids=["on", "over"])
def test_what_lies_at_the_stalls_still(
    market_day: Saturday, collected: Orders, clock: time_machine.Traveller, when: dt.datetime
) -> None:
    clock.move_to(when)

    assert rows(market_day, "non-retirees") == [
        (2, "Odette Caron", "03 53 01 01 02", market_day.day.slots.all()[0].starts_at, 1, "La Ferme du Ru", 110, None)
    ]


def test_messages_by_kind_and_state(market_day: Saturday, orders: Orders) -> None:
    confirmations = list(Message.objects.filter(kind="order-confirmation").order_by("pk"))
    fail(confirmations[0])
    sent(confirmations[1])

    assert rows(market_day, "messages") == [("Confirmation with the ticket", 1, 0, 1), ("Cancellation", 0, 1, 0)]
    assert rows(market_day, "messages-en-echec") == [
        (
            "Confirmation with the ticket",
            "Order 1, Léa Dumont",
            "lea@example.org",
            "L’adresse a été refusée (550 5.1.1).",
        )
    ]


def test_a_summary_that_failed_is_named_after_its_producer(
    market_day: Saturday, orders: Orders, clock: time_machine.Traveller
) -> None:
    clock.move_to(cast.CUTOFF)
    close_day(market_day.day.pk)
    fail(Message.objects.get(recipient="le-rucher@example.org"))

    assert [row[:3] for row in rows(market_day, "messages-en-echec")] == [
        ("Summary", "Le Rucher d’Hodenc", "le-rucher@example.org")
    ]


def test_another_day_is_in_no_figure(market_day: Saturday, collected: Orders) -> None:
    before = read(market_day)
    other = cast.saturday(market_day.day.market, cast.SATURDAY + dt.timedelta(weeks=1))
    with time_machine.travel(cast.OPEN_TIME + dt.timedelta(weeks=1), tick=False):
        sheet = market_day.carrots.sheet
        cast.placed_order({cast.listing(sheet, other): 1})

    after = read(market_day)

    assert after.figures == before.figures
    assert [table.rows for table in after.tables.values()] == [table.rows for table in before.tables.values()]


def test_every_table_comes_to_the_same_cent(market_day: Saturday, collected: Orders) -> None:
    report = read(market_day)
    tables, whole = report.tables, report.figures.ordered

    assert {
        tables[slug].total(key)
        for slug, key in (
            ("producteurs", "commande"),
            ("produits", "montant"),
            ("categories", "montant"),
            ("creneaux", "commande"),
            ("commandes", "montant"),
        )
    } == {whole}
    due = {tables[slug].total("du") for slug in ("producteurs", "produits", "categories", "creneaux")}
    assert due == {tables["tva"].total("ttc")} == {report.figures.due}
    assert tables["tva"].total("base") + tables["tva"].total("tva") == report.figures.due
    assert tables["categories"].total("part") == 10_000
    assert tables["producteurs"].total("manquant") == tables["produits"].total("manquant") == report.figures.missing
    assert tables["paiements"].total("encaisse") == report.figures.taken
    assert tables["commandes"].total("commandes") == tables["creneaux"].total("commandes") == report.figures.orders


@pytest.mark.parametrize("amounts", [[], [0], [0, 0], [1, 1, 1], [1568, 850, 330], [1] * 7, [99_999, 1]])
def test_shares_add_up_to_the_whole(amounts: list[int]) -> None:
    assert sum(shares(amounts)) == (10_000 if sum(amounts) else 0)


def test_the_number_of_queries_depends_on_nothing(market_day: Saturday, collected: Orders) -> None:
    with CaptureQueriesContext(connection) as with_few:
        read(market_day)
    for number in range(3, 9):
        farm = cast.producer(f"Ferme {number}", f"ferme-{number}", number, market_day.day.market)
        cast.placed_order({cast.listing(cast.carrots(farm), market_day.day): 1, market_day.carrots: 1})
    cancel_order(collected.odette.pk, reason="erreur", by=Actor.manager())
    for message in Message.objects.all():
        fail(message)

    with CaptureQueriesContext(connection) as with_many:
        read(market_day)

    assert len(with_many) == len(with_few) + 1 <= 16  # one more where messages failed: whose they are


def test_a_day_that_is_not_there_is_refused() -> None:
    with pytest.raises(MarketDay.DoesNotExist):
        report_of(0)
