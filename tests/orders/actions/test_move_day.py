"""A day is moved or prolonged: its slots go along with their residents, and whom it concerns is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
import time_machine

from marche.common.actors import Actor
from marche.common.refusals import Refused
from marche.markets.actions.generate_days import generate_days
from marche.markets.calendar import DayTimes
from marche.markets.models import MarketDay, Phase
from marche.outbox.models import Message
from marche.outbox.rendering import render
from orders.actions.cancel_order import cancel_order
from orders.actions.close_day import close_day
from orders.actions.move_day import move_day
from orders.mail_kinds import Mail
from orders.manager.presenters.calls import call_list
from orders.models import DayChange, Pickup
from producers.models import Listing
from tests import cast

HOUR = dt.timedelta(hours=1)
WHY = "Un spectacle occupe la place"
FRIDAY_18H = dt.datetime(2026, 11, 27, 18, 0, tzinfo=cast.PARIS)

pytestmark = pytest.mark.django_db


def times_of(day: MarketDay) -> DayTimes:
    day.refresh_from_db()
    return DayTimes(day.opens_at, day.closes_at, day.starts_at, day.ends_at)


def move(day: MarketDay, **changes: dt.datetime) -> DayChange | None:
    return move_day(day.pk, times=replace(times_of(day), **changes), reason=WHY, by=Actor.manager())


def refusal(day: MarketDay, **changes: dt.datetime) -> list[str]:
    before, slots = times_of(day), hours_of(day)
    with pytest.raises(Refused) as refused:
        move(day, **changes)
    assert (times_of(day), hours_of(day)) == (before, slots)
    assert all(problem.sentence.endswith(".") for problem in refused.value.problems)
    return [problem.code for problem in refused.value.problems]


def hours_of(day: MarketDay) -> list[tuple[str, int]]:
    """Each slot's beginning at the place, and who comes."""
    return [(f"{slot.starts_at.astimezone(cast.PARIS):%H:%M}", slot.reserved) for slot in day.slots.all()]


def taken(day: MarketDay) -> dict[str, int]:
    return {start: reserved for start, reserved in hours_of(day) if reserved}


def mail_to(recipient: str, kind: str = Mail.DAY_CHANGED) -> str:
    mail = render(Message.objects.get(recipient=recipient, kind=kind))
    return f"{mail.subject}\n{mail.body}"


@pytest.fixture
def lea(carrots: Listing) -> Pickup:
    """Comes from 9:00 to 9:30."""
    return cast.placed_order({carrots: 2}, slot=carrots.day.slots.all()[2])


def test_slots_go_along_with_the_residents_who_have_chosen_them(lea: Pickup, day: MarketDay) -> None:
    move(day, starts_at=day.starts_at + 2 * HOUR, ends_at=day.ends_at + 2 * HOUR)

    assert [start for start, _count in hours_of(day)][::7] == ["10:00", "13:30"]
    assert taken(day) == {"11:00": 1}
    lea.refresh_from_db()
    assert lea.slot.starts_at == dt.datetime(2026, 11, 28, 11, 0, tzinfo=cast.PARIS)


def test_a_longer_day_gets_more_slots_and_nobody_moves(lea: Pickup, day: MarketDay) -> None:
    move(day, starts_at=day.starts_at - HOUR, ends_at=day.ends_at + HOUR)

    assert [start for start, _count in hours_of(day)][::11] == ["07:00", "12:30"]
    assert taken(day) == {"09:00": 1}


def test_a_shorter_day_loses_the_slots_that_nobody_has_chosen(lea: Pickup, day: MarketDay) -> None:
    move(day, ends_at=day.ends_at - 2 * HOUR)

    assert hours_of(day) == [("08:00", 0), ("08:30", 0), ("09:00", 1), ("09:30", 0)]


def test_who_comes_at_nine_comes_at_nine_though_the_day_begins_later_and_ends_later_still(
    lea: Pickup, day: MarketDay
) -> None:
    move(day, starts_at=day.starts_at + HOUR, ends_at=day.ends_at + 2 * HOUR)

    assert taken(day) == {"09:00": 1}
    assert [start for start, _count in hours_of(day)][::9] == ["09:00", "13:30"]


def test_residents_follow_the_beginning_when_their_hour_is_gone(lea: Pickup, day: MarketDay) -> None:
    """A market of the afternoon, an hour shorter."""
    move(day, starts_at=day.starts_at + 6 * HOUR, ends_at=day.ends_at + 5 * HOUR)

    assert taken(day) == {"15:00": 1}
    assert len(hours_of(day)) == 6


def test_nobody_is_left_without_a_place(carrots: Listing, day: MarketDay) -> None:
    cast.placed_order({carrots: 1}, slot=day.slots.first())
    cast.placed_order({carrots: 1}, slot=day.slots.last())

    assert refusal(day, ends_at=day.ends_at - HOUR) == ["stranded"]


def test_a_cancelled_order_does_not_hold_a_slot(carrots: Listing, day: MarketDay) -> None:
    pickup = cast.placed_order({carrots: 1}, slot=day.slots.last())
    cancel_order(pickup.pk, reason="Annulé", by=Actor.resident())

    move(day, ends_at=day.ends_at - HOUR)

    pickup.refresh_from_db()
    assert pickup.slot.ends_at == day.ends_at - HOUR


def test_a_basket_whose_slot_goes_chooses_again(carrots: Listing, day: MarketDay) -> None:
    basket = cast.basket_of({carrots: 1}, slot=day.slots.last())

    move(day, ends_at=day.ends_at - HOUR)

    with pytest.raises(Refused) as refused:
        cast.order(basket)
    assert [problem.code for problem in refused.value.problems] == ["no-slot"]


def test_a_day_moves_to_another_date_and_the_habit_makes_no_second_one(lea: Pickup, day: MarketDay) -> None:
    sunday = dt.timedelta(days=1)
    move(day, starts_at=day.starts_at + sunday, ends_at=day.ends_at + sunday)

    assert generate_days(day.market.pk, today=cast.SATURDAY - dt.timedelta(days=3)) == []
    day.refresh_from_db()
    assert (day.date, day.moved_from) == (dt.date(2026, 11, 29), cast.SATURDAY)
    assert {slot.starts_at.astimezone(cast.PARIS).date() for slot in day.slots.all()} == {day.date}
    assert taken(day) == {"09:00": 1}


def test_a_date_that_has_its_day_already_is_refused(day: MarketDay) -> None:
    cast.next_saturday(day)
    week = dt.timedelta(days=7)
    assert refusal(day, starts_at=day.starts_at + week, ends_at=day.ends_at + week) == ["date"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"closes_at": cast.OPEN_TIME - HOUR}, "closes_at"),
        ({"closes_at": dt.datetime(2026, 11, 28, 8, 1, tzinfo=cast.PARIS)}, "closes"),
        ({"ends_at": dt.datetime(2026, 11, 28, 8, 0, tzinfo=cast.PARIS)}, "ends"),
        ({"ends_at": dt.datetime(2026, 11, 29, 8, 0, tzinfo=cast.PARIS)}, "ends"),
        ({"opens_at": cast.OPEN_TIME + HOUR}, "opens_at"),
    ],
)
def test_times_that_make_no_sense_are_refused_in_words(
    day: MarketDay, changes: dict[str, dt.datetime], code: str
) -> None:
    assert refusal(day, **changes) == [code]


def test_a_day_that_is_shorter_than_a_slot_is_refused(day: MarketDay) -> None:
    assert refusal(day, ends_at=day.starts_at + dt.timedelta(minutes=20)) == ["too-short"]


def test_a_cancelled_day_is_not_moved(day: MarketDay) -> None:
    MarketDay.objects.filter(pk=day.pk).update(cancelled_at=cast.OPEN_TIME)
    assert refusal(day, ends_at=day.ends_at + HOUR) == ["cancelled"]


def test_what_has_begun_can_only_be_prolonged(day: MarketDay, clock: time_machine.Traveller) -> None:
    clock.move_to(day.starts_at + HOUR)

    assert refusal(day, starts_at=day.starts_at + 2 * HOUR) == ["starts_at"]
    move(day, ends_at=day.ends_at + HOUR)
    assert times_of(day).ends_at == dt.datetime(2026, 11, 28, 13, 0, tzinfo=cast.PARIS)


def test_the_same_times_change_nothing_and_tell_nobody(lea: Pickup, day: MarketDay) -> None:
    assert move(day) is None
    assert not DayChange.objects.exists()


def test_residents_are_told_with_a_new_ticket(lea: Pickup, day: MarketDay) -> None:
    move(day, starts_at=day.starts_at + HOUR, ends_at=day.ends_at + HOUR)

    said = mail_to("lea@example.org")
    assert "samedi 28 novembre, de 9 h à 13 h" in said.replace("\xa0", " ")
    assert "de 8 h à 12 h" in said.replace("\xa0", " ")
    assert "entre 10 h et 10 h 30" in said.replace("\xa0", " ")
    assert WHY in said
    mail = render(Message.objects.get(recipient="lea@example.org", kind=Mail.DAY_CHANGED))
    assert [name for name, *_rest in mail.attachments] == ["billet-1.pdf", "billet-1.ics"]


def test_who_has_no_address_is_on_the_list_of_calls(carrots: Listing, day: MarketDay) -> None:
    cast.placed_order({carrots: 1}, **cast.ODETTE)

    move(day, starts_at=day.starts_at + HOUR, ends_at=day.ends_at + HOUR)

    assert [callee.name for callee in call_list(day.pk).waiting] == ["Odette Caron"]


def test_producers_with_an_offer_are_told(carrots: Listing, day: MarketDay) -> None:
    move(day, starts_at=day.starts_at + HOUR, ends_at=day.ends_at + HOUR)

    assert "de 9 h à 13 h" in mail_to("ferme-du-ru@example.org", Mail.DAY_CHANGED_PRODUCER).replace("\xa0", " ")


class TestADayThatIsClosed:
    @pytest.fixture(autouse=True)
    def _closed(self, lea: Pickup, close: Callable[[], None]) -> None:
        close()

    def test_prolonging_it_lets_orders_enter_again(self, carrots: Listing, day: MarketDay) -> None:
        change = move(day, closes_at=FRIDAY_18H)

        day.refresh_from_db()
        assert (day.phase(), day.closed_at) == (Phase.OPEN, None)
        assert change
        assert change.reopened
        assert cast.placed_order({carrots: 1}, email="paul@example.org").number == 2
        assert "récapitulatif" in mail_to("ferme-du-ru@example.org", Mail.DAY_CHANGED_PRODUCER)

    def test_every_producers_last_summary_is_right_at_the_new_closing(
        self, carrots: Listing, honey: Listing, day: MarketDay, clock: time_machine.Traveller
    ) -> None:
        """The gardener has sold more, and the beekeeper, who had no summary, has sold something at all."""
        move(day, closes_at=FRIDAY_18H)
        cast.placed_order({carrots: 3, honey: 1}, email="paul@example.org")
        clock.move_to(FRIDAY_18H)

        assert close_day(day.pk)

        last = {summary.producer.slug: summary for summary in day.summaries.latest_of_each_producer()}
        assert {slug: summary.revision for slug, summary in last.items()} == {"ferme-du-ru": 2, "le-rucher": 1}
        assert last["ferme-du-ru"].data["orders"] == 2
        assert last["ferme-du-ru"].data["totals"][0]["quantity"] == 5
        assert Message.objects.filter(kind="summary").count() == 3

    def test_who_was_told_that_a_new_one_comes_gets_it_also_when_nothing_has_changed(
        self, day: MarketDay, clock: time_machine.Traveller
    ) -> None:
        move(day, closes_at=FRIDAY_18H)
        clock.move_to(FRIDAY_18H)
        assert close_day(day.pk)
        assert not close_day(day.pk)

        last = day.summaries.order_by("revision").last()
        assert last
        assert (last.revision, last.changes[0]["what"]) == (2, "same")
        message = Message.objects.get(kind="summary", subject_id=last.pk)
        assert "Rien" in render(message).body

    def test_what_is_cancelled_while_it_is_open_again_is_not_in_the_last_summary(
        self, lea: Pickup, day: MarketDay, clock: time_machine.Traveller
    ) -> None:
        move(day, closes_at=FRIDAY_18H)
        cancel_order(lea.pk, reason="Annulé", by=Actor.resident())
        clock.move_to(FRIDAY_18H)
        close_day(day.pk)

        last = day.summaries.order_by("revision").last()
        assert last
        assert (last.revision, last.data["orders"], last.data["totals"]) == (2, 0, [])

    def test_new_hours_make_new_versions_at_once(self, day: MarketDay) -> None:
        move(day, starts_at=day.starts_at + HOUR, ends_at=day.ends_at + HOUR)

        day.refresh_from_db()
        assert day.closed_at == cast.AFTER_CUTOFF
        last = day.summaries.order_by("revision").last()
        assert last
        assert (last.revision, last.changes[0]["what"]) == (2, "day")
        assert last.data["slots"][0]["starts_at"] == "2026-11-28T09:00:00+00:00"
        said = render(Message.objects.get(kind="summary", subject_id=last.pk)).body
        assert "9 h – 13 h" in said.replace("\xa0", " ")
