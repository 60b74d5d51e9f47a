"""Last week's market of the demo: as if it had been held, to the cent, on any day of the week."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest
import time_machine
from django.db.models import Sum

from dev.demo.catalogue import DATA
from dev.demo.last_market import DID_NOT_COME, RESIDENTS, play_last_market
from dev.demo.load import load
from dev.demo.logins import RESIDENT_EMAIL
from marche.markets.models import MarketDay, Phase
from orders.models import Pickup, ProducerOrder, Summary
from tests import cast

pytestmark = pytest.mark.django_db
THREE = ("01-les-jardins-du-therain.toml", "07-la-chevrerie-des-larris.toml", "09-le-fournil-du-moulin-gris.toml")
MOMENTS = {
    "on a Tuesday": cast.OPEN_TIME,
    "on the market day, early": dt.datetime(2026, 11, 28, 7, 0, tzinfo=cast.PARIS),
    "the moment after a market": dt.datetime(2026, 11, 28, 12, 1, tzinfo=cast.PARIS),
}


@pytest.fixture
def three(tmp_path: Path) -> Path:
    """A gardener, a baker and the goats."""
    for name in THREE:
        shutil.copy(DATA / name, tmp_path)
    return tmp_path


@pytest.mark.parametrize("now", MOMENTS.values(), ids=MOMENTS)
def test_it_was_held_within_the_week_and_its_stalls_can_still_be_ticked(three: Path, now: dt.datetime) -> None:
    with time_machine.travel(now, tick=False):
        play_last_market(load(folder=three))
        day = MarketDay.objects.filter(pickups__isnull=False).distinct().get()

        assert (day.phase(), day.is_noting_time(), day.orders_count) == (Phase.OVER, True, len(RESIDENTS))
    assert not Pickup.objects.exclude(placed_at__range=(day.opens_at, day.closes_at)).exists()
    assert not ProducerOrder.objects.filter(paid_at__gte=now).exists()


def test_some_did_not_come_some_are_still_to_pay_and_everybody_else_paid_what_was_due(three: Path) -> None:
    with time_machine.travel(cast.OPEN_TIME, tick=False):
        play_last_market(load(folder=three))
    parts = ProducerOrder.objects.all()
    paid = parts.filter(paid_at__isnull=False)

    assert set(parts.filter(handed_over_at=None).values_list("pickup__name", flat=True)) == set(DID_NOT_COME)
    assert parts.filter(handed_over_at__isnull=False, paid_at=None).exists()
    assert paid.aggregate(Sum("paid_cents")) == {"paid_cents__sum": paid.aggregate(t=Sum("total_cents"))["t"]}
    assert Summary.objects.count() == parts.values("producer").distinct().count()


def test_one_resident_has_a_mailbox_and_so_an_account_to_try(three: Path) -> None:
    with time_machine.travel(cast.OPEN_TIME, tick=False):
        play_last_market(load(folder=three))

    assert list(Pickup.objects.exclude(email="").values_list("email", flat=True)) == [RESIDENT_EMAIL]


def test_it_is_played_once(three: Path) -> None:
    with time_machine.travel(cast.OPEN_TIME, tick=False):
        market = load(folder=three)
        play_last_market(market)
        play_last_market(market)

    assert Pickup.objects.count() == len(RESIDENTS)
