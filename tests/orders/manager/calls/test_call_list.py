"""The managers' list of calls: whom to telephone about what, and who was called, by whom."""

from __future__ import annotations

import datetime as dt

from marche.common.actors import Actor
from orders.actions.cancel_day import cancel_day
from orders.actions.cancel_order import cancel_order
from orders.actions.hand_over import hand_over
from orders.actions.note_called import note_called
from orders.actions.take_back_call import take_back_call
from orders.manager.presenters.calls import CallList, call_list
from orders.models import Call
from tests import cast
from tests.orders.manager.calls.lists import STORM, keys, message, struck
from tests.orders.manager.people import fail, sent


def names(calls: CallList) -> tuple[list[str], list[str]]:
    """Who is to be called, and who was."""
    return [one.name for one in calls.waiting], [one.name for one in calls.made]


class TestWhoIsOnIt:
    def test_who_gave_no_address(self, cancelled):
        assert names(call_list(cancelled.pk)) == (["Odette Caron"], [])

    def test_whose_mail_failed_for_good(self, cancelled):
        fail(message("order-cancelled"))

        assert names(call_list(cancelled.pk)) == (["Léa Dumont", "Odette Caron"], [])

    def test_not_any_more_when_the_mail_has_left_after_all(self, cancelled, manager):
        fail(message("order-cancelled"))
        note_called(cancelled.pk, keys=keys(call_list(cancelled.pk)), by=Actor.manager(manager))
        take_back_call(cancelled.pk, keys=[call.key for call in Call.objects.all()])
        sent(message("order-cancelled"))

        assert names(call_list(cancelled.pk)) == (["Odette Caron"], [])

    def test_a_producer_whose_mail_failed(self, cancelled):
        fail(message("day-cancelled"))

        assert names(call_list(cancelled.pk)) == (["La Ferme du Ru", "Odette Caron"], [])

    def test_nobody_who_cancelled_by_the_link(self, day, lea):
        cancel_order(lea.pk, reason="empêchement", by=Actor.resident())
        fail(message("order-cancelled"))

        assert call_list(day.pk).count == 0

    def test_nobody_whose_confirmation_failed(self, day, lea):
        """That is told beside, with its reason: the order stands."""
        fail(message("order-confirmation"))

        assert call_list(day.pk).count == 0

    def test_once_for_two_orders_of_one_number(self, day, odette, carrots):
        cast.placed_order({carrots: 1}, **cast.ODETTE)
        cancel_day(day.pk, reason=STORM, by=Actor.manager())

        [one] = call_list(day.pk).waiting
        assert [pickup.number for pickup in one.pickups] == [1, 2]
        assert len(one.facts) == 2

    def test_nobody_whose_lines_were_struck_once_the_resident_has_come(self, day, odette, manager, clock):
        struck(odette, manager)
        assert call_list(day.pk).count == 1
        clock.move_to(day.starts_at)
        hand_over(odette.parts.get().pk, by=Actor.producer(manager))

        assert call_list(day.pk).count == 0

    def test_nobody_whose_lines_were_struck_once_the_market_is_over(self, day, odette, manager, clock):
        struck(odette, manager)
        clock.move_to(day.ends_at)

        assert call_list(day.pk).count == 0

    def test_nobody_about_a_line_of_an_order_that_is_cancelled_since(self, day, odette, manager):
        struck(odette, manager)
        cancel_order(odette.pk, reason="Erreur", by=Actor.manager(manager))

        [one] = call_list(day.pk).waiting
        assert [fact.call.kind for fact in one.facts] == ["order-cancelled"]

    def test_of_each_day_its_own(self, cancelled):
        next_week = cast.saturday(cancelled.market, cast.SATURDAY + dt.timedelta(days=7))

        assert call_list(next_week.pk).count == 0


class TestATick:
    def test_notes_when_and_by_whom(self, cancelled, manager, clock):
        clock.shift(60)

        assert note_called(cancelled.pk, keys=keys(call_list(cancelled.pk)), by=Actor.manager(manager)) == 1
        [one] = call_list(cancelled.pk).made
        assert (one.name, one.called_by) == ("Odette Caron", manager)
        assert one.called_at == cast.OPEN_TIME + dt.timedelta(seconds=60)

    def test_twice_keeps_the_first(self, cancelled, manager):
        seen = keys(call_list(cancelled.pk))
        note_called(cancelled.pk, keys=seen, by=Actor.manager(manager))

        assert note_called(cancelled.pk, keys=seen, by=Actor.manager(cast.member("paul@example.org"))) == 0
        assert Call.objects.get().called_by == manager

    def test_is_of_what_was_seen_and_nothing_else(self, day, odette, manager):
        struck(odette, manager)
        seen = keys(call_list(day.pk))
        note_called(day.pk, keys=seen, by=Actor.manager(manager))
        cancel_order(odette.pk, reason="Erreur", by=Actor.manager(manager))
        note_called(day.pk, keys=seen, by=Actor.manager(manager))

        assert names(call_list(day.pk)) == (["Odette Caron"], ["Odette Caron"])

    def test_of_a_failed_mail_stays(self, cancelled, manager):
        fail(message("order-cancelled"))
        note_called(cancelled.pk, keys=keys(call_list(cancelled.pk)), by=Actor.manager(manager))
        sent(message("order-cancelled"))

        assert names(call_list(cancelled.pk)) == ([], ["Léa Dumont", "Odette Caron"])

    def test_of_another_day_notes_nothing(self, cancelled, manager):
        other = cast.saturday(cancelled.market, cast.SATURDAY + dt.timedelta(days=7))

        assert note_called(other.pk, keys=keys(call_list(cancelled.pk)), by=Actor.manager(manager)) == 0

    def test_is_taken_back(self, cancelled, manager):
        seen = keys(call_list(cancelled.pk))
        note_called(cancelled.pk, keys=seen, by=Actor.manager(manager))

        assert take_back_call(cancelled.pk, keys=seen) == 1
        assert take_back_call(cancelled.pk, keys=seen) == 0
        assert names(call_list(cancelled.pk)) == (["Odette Caron"], [])
