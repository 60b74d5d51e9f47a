"""At the cutoff the day closes by itself; a change after it makes a revision that says what changed."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marche.common.actors import Actor
from marche.common.refusals import Refused
from marche.markets.models import MarketDay
from marche.outbox.models import Message
from orders.actions.cancel_order import cancel_order
from orders.actions.close_day import close_day
from orders.actions.place_order import place_order
from orders.models import Summary
from orders.steps.revise_summaries import revise_summaries
from orders.tasks import close_due_days
from producers.models import Listing
from tests import cast

pytestmark = pytest.mark.django_db


def revisions(listing: Listing) -> list[int]:
    """The revisions of the summaries of whoever sells this."""
    return list(Summary.objects.filter(producer=listing.producer).values_list("revision", flat=True))


def cancel(pickup_id: int) -> None:
    cancel_order(pickup_id, reason="The resident is ill.", by=Actor.manager())


def test_each_producer_with_something_to_bring_gets_one_summary_and_one_message(carrots, honey, close):
    cast.placed_order({carrots: 3, honey: 1})
    cast.placed_order({carrots: 2})
    close()

    assert (revisions(carrots), revisions(honey)) == ([1], [1])
    told = Message.objects.filter(kind="summary").values_list("recipient", flat=True)
    assert sorted(told) == ["ferme-du-ru@example.org", "le-rucher@example.org"]


def test_a_producer_with_nothing_to_bring_gets_none(carrots, honey, close):
    cast.placed_order({carrots: 3})
    close()

    assert revisions(honey) == []


def test_what_was_cancelled_is_not_to_be_brought(carrots, honey, close):
    cancel(cast.placed_order({carrots: 3, honey: 1}).pk)
    cast.placed_order({carrots: 2})
    close()

    assert revisions(honey) == []
    assert Summary.objects.get(producer=carrots.producer).data["totals"][0]["quantity"] == 2


def test_a_day_without_orders_closes_too(day, carrots, close):
    close()

    day.refresh_from_db()
    assert day.closed_at == cast.AFTER_CUTOFF
    assert not Summary.objects.exists()


def test_before_the_cutoff_nothing_closes(day, carrots, clock):
    clock.move_to(cast.CUTOFF - dt.timedelta(seconds=1))

    assert not close_day(day.pk)


def test_a_cancelled_day_is_not_closed(day, carrots, clock):
    cast.placed_order({carrots: 1})
    MarketDay.objects.update(cancelled_at=cast.OPEN_TIME)
    clock.move_to(cast.AFTER_CUTOFF)

    assert not close_day(day.pk)
    assert not Summary.objects.exists()


def test_closing_twice_is_the_same_as_once(day, carrots, close):
    cast.placed_order({carrots: 1})
    close()

    assert not close_day(day.pk)
    assert revisions(carrots) == [1]
    assert Message.objects.filter(kind="summary").count() == 1


def test_what_was_missed_for_days_is_closed_when_the_workers_are_back(day, carrots, clock):
    cast.placed_order({carrots: 1})
    clock.move_to(cast.CUTOFF + dt.timedelta(days=5))
    close_due_days()

    assert revisions(carrots) == [1]


def test_a_day_that_cannot_be_closed_does_not_keep_the_others_open(day, carrots, clock, close):
    cast.placed_order({carrots: 1})
    Summary.objects.create(day=day, producer=carrots.producer, revision=1, data={}, made_at=cast.OPEN_TIME)  # a ruin
    next_week = cast.saturday(day.market, cast.SATURDAY + dt.timedelta(days=7))
    clock.move_to(cast.AFTER_CUTOFF + dt.timedelta(days=7))
    close_due_days()

    next_week.refresh_from_db()
    assert next_week.closed_at
    assert day in MarketDay.objects.due_to_close()


def test_the_number_of_queries_does_not_grow_with_producers_or_orders(day, carrots, clock):
    def cost(market_day: MarketDay) -> int:
        with CaptureQueriesContext(connection) as queries:
            close_day(market_day.pk)
        return len(queries)

    later = cast.saturday(day.market, cast.SATURDAY + dt.timedelta(days=7))
    cast.placed_order({carrots: 1})
    clock.move_to(later.opens_at)
    for number in range(3, 9):
        seller = cast.producer(f"Ferme {number}", f"ferme-{number}", number, day.market)
        sold = cast.listing(cast.carrots(seller), later)
        for _order in range(2):
            cast.placed_order({sold: 1})
    clock.move_to(later.closes_at)

    assert cost(later) == cost(day)
    assert Summary.objects.filter(day=later).count() == 6


def test_after_the_closing_no_order_enters(carrots, clock, close):
    basket = cast.basket_of({carrots: 1})
    close()
    clock.move_to(cast.OPEN_TIME)  # even if a clock is wrong

    with pytest.raises(Refused):
        place_order(basket.pk, shown=cast.shown(basket), terms_version="2026-11")


def test_a_cancellation_after_the_closing_says_what_changed(carrots, close):
    cast.placed_order({carrots: 3})
    gone = cast.placed_order({carrots: 2})
    close()
    cancel(gone.pk)

    second = Summary.objects.get(producer=carrots.producer, revision=2)
    line, total = second.changes
    assert (line["what"], line["number"], line["before"], line["after"]) == ("line", gone.number, 2, 0)
    assert (total["what"], total["before"], total["after"]) == ("total", 5, 3)
    assert second.data["reason"] == "The resident is ill."
    assert Message.objects.filter(kind="summary", revision=2).count() == 1


def test_only_the_producers_of_a_cancelled_order_are_told(carrots, honey, close):
    cast.placed_order({honey: 1})
    gone = cast.placed_order({carrots: 1})
    close()
    cancel(gone.pk)

    assert (revisions(carrots), revisions(honey)) == ([1, 2], [1])


def test_a_producer_whose_lines_have_all_vanished_is_told_so(carrots, close):
    gone = cast.placed_order({carrots: 1})
    close()
    cancel(gone.pk)

    last = Summary.objects.get(revision=2)
    assert last.data["totals"] == []
    assert last.data["total_cents"] == 0


def test_a_late_order_gives_a_first_summary_to_who_had_none(day, carrots, honey, clock):
    cast.placed_order({carrots: 1})
    MarketDay.objects.filter(pk=day.pk).update(closed_at=cast.AFTER_CUTOFF)  # closed with nothing told yet
    made = revise_summaries(MarketDay.objects.get(pk=day.pk), [carrots.producer_id, honey.producer_id], "A late order.")

    assert [(summary.producer, summary.revision, summary.changes) for summary in made] == [(carrots.producer, 1, [])]


def test_telling_again_what_did_not_change_makes_no_revision(day, carrots, close):
    cast.placed_order({carrots: 1})
    close()

    assert revise_summaries(MarketDay.objects.get(pk=day.pk), [carrots.producer_id], "Nothing.") == []
    assert revisions(carrots) == [1]


def test_before_the_closing_there_is_nothing_to_revise(day, carrots):
    cast.placed_order({carrots: 1})

    assert revise_summaries(day, [carrots.producer_id], "Too early.") == []
