"""A report that is read while orders come in: its tables are of one moment, or they would not add up."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import pytest
from django.db import DatabaseError

from marche.markets.models import MarketDay
from orders.manager.report import report as reporting
from orders.manager.report.report import Report, report_of
from orders.models import DayBasket
from orders.snapshot import snapshot
from tests import cast
from tests.races.city import Gate
from tests.races.threads import in_thread

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race, pytest.mark.usefixtures("tuesday")]


@pytest.fixture
def basket() -> DayBasket:
    """Léa's second basket of a day on which she has ordered carrots for 1.10 € already."""
    day = cast.saturday(cast.beauvais())
    carrots = cast.listing(cast.carrots(cast.ferme_du_ru(day.market)), day)
    cast.placed_order({carrots: 1})
    return cast.basket_of({carrots: 1})


def read_while_an_order_comes_in(basket: DayBasket, threads: Any, monkeypatch: pytest.MonkeyPatch) -> Report:
    """The slots are read; somebody orders; the stalls are read."""
    gate, read_shares = Gate(), reporting.shares_of

    def held(*arguments: Any) -> Any:
        gate()
        return read_shares(*arguments)

    monkeypatch.setattr(reporting, "shares_of", held)
    report = in_thread(threads, report_of, basket.day_id)
    gate.wait()
    cast.order(basket)
    gate.open()
    read: Report = report.result(30)
    return read


def amounts(report: Report) -> set[int]:
    """What was ordered, as three tables say it."""
    tables = report.tables
    return {
        tables["creneaux"].total("commande"),
        tables["producteurs"].total("commande"),
        tables["produits"].total("montant"),
    }


def test_the_tables_agree_while_an_order_comes_in(basket, pool, monkeypatch):
    report = read_while_an_order_comes_in(basket, pool, monkeypatch)

    assert amounts(report) == {110}
    assert report.figures.orders == report.tables["commandes"].total("commandes") == 1


def test_without_the_snapshot_they_would_contradict_each_other(basket, pool, monkeypatch):
    monkeypatch.setattr(reporting, "snapshot", nullcontext)
    report = read_while_an_order_comes_in(basket, pool, monkeypatch)

    assert amounts(report) == {110, 220}


def test_the_next_report_has_the_order(basket, pool, monkeypatch):
    read_while_an_order_comes_in(basket, pool, monkeypatch)

    assert amounts(report_of(basket.day_id)) == {220}


def test_nothing_can_be_written_while_reading(basket):
    with pytest.raises(DatabaseError, match="read-only"), snapshot():
        MarketDay.objects.update(order_cap=1)


def test_what_comes_after_the_reading_can_be_written(basket):
    with snapshot():
        MarketDay.objects.get(pk=basket.day_id)

    assert MarketDay.objects.filter(pk=basket.day_id).update(order_cap=5) == 1
