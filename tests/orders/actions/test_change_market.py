"""The habit of a market changes for the days that are not made yet."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from marche.common.actors import Actor
from marche.common.refusals import Refused
from marche.markets.actions.generate_days import generate_days
from marche.markets.models import Market, MarketDay
from marche.outbox.models import Message
from marche.outbox.rendering import render
from orders.actions.change_market import change_market
from orders.actions.close_day import close_day
from orders.manager.presenters.calls import call_list
from tests import cast
from tests.orders.manager.people import claire, signed_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


@pytest.fixture
def market() -> Market:
    return cast.beauvais()


def test_the_next_day_made_follows_the_new_habit(market: Market) -> None:
    made = cast.saturday(market)

    generate_days(
        change_market(
            market.pk, values={"starts": dt.time(9), "order_cap": 10, "weeks_ahead": 2}, by=Actor.manager()
        ).pk
    )

    new = MarketDay.objects.get(date=made.date + dt.timedelta(weeks=1))
    assert (new.starts_at.astimezone(cast.PARIS).hour, new.order_cap, new.slots.count()) == (9, 10, 6)
    made.refresh_from_db()
    assert (made.starts_at.astimezone(cast.PARIS).hour, made.order_cap, made.slots.count()) == (8, 350, 8)


@pytest.mark.parametrize(
    "values",
    [
        {"ends": dt.time(8)},
        {"slot_minutes": 300},
        {"closes_weekday": 5, "closes_time": dt.time(9)},
        {"order_cap": 0},
        {"weekday": 9},
        {"place": ""},
    ],
)
def test_a_habit_that_could_make_no_day_changes_nothing(market: Market, values: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        change_market(market.pk, values=values, by=Actor.manager())

    assert {problem.field for problem in refused.value.problems} & set(values)
    assert Market.objects.filter(pk=market.pk, ends=dt.time(12), slot_minutes=30, order_cap=350).exists()


def test_orders_may_close_on_the_morning_of_the_market(market: Market) -> None:
    changed = change_market(
        market.pk, values={"closes_weekday": market.weekday, "closes_time": market.starts}, by=Actor.manager()
    )

    day = cast.saturday(changed)

    assert day.closes_at == day.starts_at


def test_a_day_that_is_over_is_left_alone(market: Market) -> None:
    past = cast.saturday(market, cast.SATURDAY - dt.timedelta(weeks=1))

    change_market(market.pk, values={"place": "place Jeanne-Hachette"}, by=Actor.manager())

    assert MarketDay.objects.get(pk=past.pk).catalogue_version == past.catalogue_version


def test_who_has_ordered_is_told_of_a_new_place(market: Market) -> None:
    day = cast.saturday(market)
    carrots = cast.listing(cast.carrots(cast.ferme_du_ru(market)), day)
    cast.placed_order({carrots: 1})
    cast.placed_order({carrots: 1}, **cast.ODETTE)

    change_market(market.pk, values={"place": "place Jeanne-Hachette"}, by=Actor.manager())

    lea, grower = (
        render(Message.objects.get(kind=kind, recipient=to)).body
        for kind, to in (("day-changed", "lea@example.org"), ("day-changed-producer", "ferme-du-ru@example.org"))
    )
    assert "place Jeanne-Hachette" in lea
    assert "place des Halles" in lea
    assert "place Jeanne-Hachette" in grower
    assert [one.name for one in call_list(day.pk).waiting] == ["Odette Caron"]


def test_the_ticket_says_that_the_place_has_changed(market: Market) -> None:
    day = cast.saturday(market)
    pickup = cast.placed_order({cast.listing(cast.carrots(cast.ferme_du_ru(market)), day): 1})

    change_market(market.pk, values={"place": "place Jeanne-Hachette"}, by=Actor.manager())

    said = text_of(signed_in(claire(market)).get(pickup.get_absolute_url()))
    assert "place Jeanne-Hachette, 60000 Beauvais, au lieu de : place des Halles" in said.replace("\xa0", " ")


def test_summaries_that_were_sent_follow(market: Market) -> None:
    day = cast.saturday(market)
    cast.placed_order({cast.listing(cast.carrots(cast.ferme_du_ru(market)), day): 1})
    with time_machine.travel(cast.AFTER_CUTOFF, tick=False):
        close_day(day.pk)
        change_market(market.pk, values={"place": "place Jeanne-Hachette"}, by=Actor.manager())

    last = day.summaries.order_by("revision").last()
    assert last
    assert (last.revision, last.data["market"]["place"]) == (2, "place Jeanne-Hachette")


@pytest.mark.parametrize("values", [{"starts": dt.time(9)}, {"order_cap": 400}, {"place": "place des Halles"}])
def test_what_changes_no_ticket_tells_nobody(market: Market, values: dict[str, Any]) -> None:
    day = cast.saturday(market)
    cast.placed_order({cast.listing(cast.carrots(cast.ferme_du_ru(market)), day): 1})

    change_market(market.pk, values=values, by=Actor.manager())

    assert not Message.objects.filter(kind__startswith="day-changed").exists()
