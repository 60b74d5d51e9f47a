"""The managers' list of calls: whom to telephone about what, and who was called, by whom."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from marche.markets.models import MarketDay
from marche.outbox.models import Message
from orders.actions.cancel_day import cancel_day
from orders.actions.cancel_order import MANAGER, RESIDENT, cancel_order
from orders.actions.cancel_orders_of_day import cancel_orders_of_day
from orders.actions.hand_over import hand_over
from orders.actions.note_called import note_called
from orders.actions.strike_lines import strike_lines
from orders.actions.take_back_call import take_back_call
from orders.control.calls import CallList, call_list
from orders.forms_prepare import PrepareForm
from orders.models import Call, Pickup, StrikeReason
from orders.preparation import OrderToPrepare
from orders.stall import parts_of_stall
from producers.models import Listing
from tests import cast
from tests.orders.manage_cast import claire, clermont, fail, sent, signed_in, text_of, url

STORM = "Vent violent"


@pytest.fixture
def lea(carrots: Listing) -> Pickup:
    return cast.placed_order({carrots: 1})


@pytest.fixture
def odette(carrots: Listing) -> Pickup:
    return cast.placed_order({carrots: 1}, **cast.ODETTE)


@pytest.fixture
def manager(day: MarketDay) -> User:
    return claire(day.market)


@pytest.fixture
def cancelled(day: MarketDay, lea: Pickup, odette: Pickup) -> MarketDay:
    """The day is cancelled, with its orders."""
    cancel_day(day.pk, reason=STORM)
    cancel_orders_of_day(day.pk)
    return day


def names(calls: CallList) -> tuple[list[str], list[str]]:
    """Who is to be called, and who was."""
    return [one.name for one in calls.waiting], [one.name for one in calls.made]


def keys(calls: CallList) -> list[str]:
    return [fact.key for one in calls.waiting for fact in one.facts]


def message(kind: str) -> Message:
    return Message.objects.filter(kind=kind).latest("pk")


def struck(pickup: Pickup, user: User) -> None:
    part = pickup.parts.get()
    lines = list(part.details.values_list("pk", flat=True))
    strike_lines(part.pk, lines, actor=MANAGER, user=user, why=StrikeReason.SHORTAGE, reason="Gel")


class TestWhoIsOnIt:
    def test_who_gave_no_address(self, cancelled):
        assert names(call_list(cancelled.pk)) == (["Odette Caron"], [])

    def test_whose_mail_failed_for_good(self, cancelled):
        fail(message("order-cancelled"))

        assert names(call_list(cancelled.pk)) == (["Léa Dumont", "Odette Caron"], [])

    def test_not_any_more_when_the_mail_has_left_after_all(self, cancelled, manager):
        fail(message("order-cancelled"))
        note_called(cancelled.pk, keys(call_list(cancelled.pk)), user=manager)
        take_back_call(cancelled.pk, [call.key for call in Call.objects.all()])
        sent(message("order-cancelled"))

        assert names(call_list(cancelled.pk)) == (["Odette Caron"], [])

    def test_a_producer_whose_mail_failed(self, cancelled):
        fail(message("day-cancelled"))

        assert names(call_list(cancelled.pk)) == (["La Ferme du Ru", "Odette Caron"], [])

    def test_nobody_who_cancelled_by_the_link(self, day, lea):
        cancel_order(lea.pk, actor=RESIDENT, reason="empêchement")
        fail(message("order-cancelled"))

        assert call_list(day.pk).count == 0

    def test_nobody_whose_confirmation_failed(self, day, lea):
        """That is told beside, with its reason: the order stands."""
        fail(message("order-confirmation"))

        assert call_list(day.pk).count == 0

    def test_once_for_two_orders_of_one_number(self, day, odette, carrots):
        cast.placed_order({carrots: 1}, **cast.ODETTE)
        cancel_day(day.pk, reason=STORM)

        [one] = call_list(day.pk).waiting
        assert [pickup.number for pickup in one.pickups] == [1, 2]
        assert len(one.facts) == 2

    def test_nobody_whose_lines_were_struck_once_the_resident_has_come(self, day, odette, manager, clock):
        struck(odette, manager)
        assert call_list(day.pk).count == 1
        clock.move_to(day.starts_at)
        hand_over(odette.parts.get().pk, user=manager)

        assert call_list(day.pk).count == 0

    def test_nobody_whose_lines_were_struck_once_the_market_is_over(self, day, odette, manager, clock):
        struck(odette, manager)
        clock.move_to(day.ends_at)

        assert call_list(day.pk).count == 0

    def test_nobody_about_a_line_of_an_order_that_is_cancelled_since(self, day, odette, manager):
        struck(odette, manager)
        cancel_order(odette.pk, actor=MANAGER, reason="Erreur", user=manager)

        [one] = call_list(day.pk).waiting
        assert [fact.call.kind for fact in one.facts] == ["order-cancelled"]

    def test_of_each_day_its_own(self, cancelled):
        next_week = cast.saturday(cancelled.market, cast.SATURDAY + dt.timedelta(days=7))

        assert call_list(next_week.pk).count == 0


class TestATick:
    def test_notes_when_and_by_whom(self, cancelled, manager, clock):
        clock.shift(60)

        assert note_called(cancelled.pk, keys(call_list(cancelled.pk)), user=manager) == 1
        [one] = call_list(cancelled.pk).made
        assert (one.name, one.called_by) == ("Odette Caron", manager)
        assert one.called_at == cast.OPEN_TIME + dt.timedelta(seconds=60)

    def test_twice_keeps_the_first(self, cancelled, manager):
        seen = keys(call_list(cancelled.pk))
        note_called(cancelled.pk, seen, user=manager)

        assert note_called(cancelled.pk, seen, user=cast.member("paul@example.org")) == 0
        assert Call.objects.get().called_by == manager

    def test_is_of_what_was_seen_and_nothing_else(self, day, odette, manager):
        struck(odette, manager)
        seen = keys(call_list(day.pk))
        note_called(day.pk, seen, user=manager)
        cancel_order(odette.pk, actor=MANAGER, reason="Erreur", user=manager)
        note_called(day.pk, seen, user=manager)

        assert names(call_list(day.pk)) == (["Odette Caron"], ["Odette Caron"])

    def test_of_a_failed_mail_stays(self, cancelled, manager):
        fail(message("order-cancelled"))
        note_called(cancelled.pk, keys(call_list(cancelled.pk)), user=manager)
        sent(message("order-cancelled"))

        assert names(call_list(cancelled.pk)) == ([], ["Léa Dumont", "Odette Caron"])

    def test_of_another_day_notes_nothing(self, cancelled, manager):
        other = cast.saturday(cancelled.market, cast.SATURDAY + dt.timedelta(days=7))

        assert note_called(other.pk, keys(call_list(cancelled.pk)), user=manager) == 0

    def test_is_taken_back(self, cancelled, manager):
        seen = keys(call_list(cancelled.pk))
        note_called(cancelled.pk, seen, user=manager)

        assert take_back_call(cancelled.pk, seen) == 1
        assert take_back_call(cancelled.pk, seen) == 0
        assert names(call_list(cancelled.pk)) == (["Odette Caron"], [])


class TestThePage:
    @pytest.fixture
    def client(self, manager: User) -> Client:
        return signed_in(manager)

    def form(self, calls: CallList) -> dict[str, list[str]]:
        return {"facts": keys(calls)}

    def test_says_whom_to_call_under_which_number_and_what_to_say(self, client, cancelled):
        page = client.get(url(cancelled, "appels/"))

        assert 'href="tel:+33353010102"' in page.content.decode()
        said = text_of(page)
        assert "03 53 01 01 02" in said.replace("\xa0", " ")
        assert f"({STORM})" in said
        assert "0 sur 1 appelé" in said

    def test_shows_a_number_of_elsewhere_with_its_country_code(self, client, day, odette):
        Pickup.objects.filter(pk=odette.pk).update(phone="+3225551234")
        cancel_day(day.pk, reason=STORM)

        assert "+32 2 555 12 34" in text_of(client.get(url(day, "appels/"))).replace("\xa0", " ")

    def test_says_why_a_mail_did_not_arrive(self, client, cancelled):
        fail(message("order-cancelled"))
        said = text_of(client.get(url(cancelled, "appels/")))

        assert "550 5.1.1" in said
        assert "1 non remis" in said

    def test_ticks_a_call_and_takes_it_back(self, client, cancelled, manager):
        seen = self.form(call_list(cancelled.pk))
        page = client.post(url(cancelled, "appels/appele/"), seen, follow=True)
        assert "1 sur 1 appelé" in text_of(page)
        assert "Claire Moreau" in text_of(page)

        page = client.post(url(cancelled, "appels/pas-appele/"), seen, follow=True)
        assert "0 sur 1 appelé" in text_of(page)

    def test_says_that_a_call_was_noted_already(self, client, cancelled):
        seen = self.form(call_list(cancelled.pk))
        client.post(url(cancelled, "appels/appele/"), seen)

        page = client.post(url(cancelled, "appels/appele/"), seen, follow=True)
        assert len(page.context["messages"]) == 1

    @pytest.mark.parametrize("facts", [[], ["x"], ["order1.order-cancelled.1\0"], ["producer0.day-cancelled.1"] * 300])
    def test_notes_nothing_that_is_not_on_the_list(self, client, cancelled, facts):
        client.post(url(cancelled, "appels/appele/"), {"facts": facts})

        assert not Call.objects.filter(called_at__isnull=False).exists()

    def test_says_when_there_is_nobody_to_call(self, client, day, lea):
        cancel_day(day.pk, reason=STORM)

        page = client.get(url(day, "appels/"))
        assert "Personne à appeler" in text_of(page)
        assert "data-print" not in page.content.decode()

    def test_comes_after_cancelling_when_somebody_is_to_be_called(self, client, day, odette):
        answer = client.post(url(day, "annuler/"), {"reason": "weather", "detail": ""})

        assert answer.headers["Location"] == url(day, "appels/")

    def test_comes_after_refusing_a_holiday_as_well(self, client, day, odette):
        MarketDay.objects.filter(pk=day.pk).update(holiday="Noël", holiday_decision="pending")

        assert client.post(url(day, "jour-ferie/annuler/")).headers["Location"] == url(day, "appels/")

    def test_is_found_from_the_day_and_from_the_list_of_days(self, client, cancelled):
        assert url(cancelled, "appels/") in client.get(url(cancelled)).content.decode()
        assert "1 personne à appeler" in text_of(client.get("/gestion/"))

    def test_takes_as_many_queries_for_many_as_for_one(self, client, cancelled, carrots):
        fail(message("order-cancelled"))
        fail(message("day-cancelled"))
        with CaptureQueriesContext(connection) as few:
            client.get(url(cancelled, "appels/"))
        MarketDay.objects.filter(pk=cancelled.pk).update(cancelled_at=None)
        for number in range(3):
            cast.placed_order({carrots: 1}, **cast.ODETTE | {"phone": f"+3335301010{number}"})
            cast.placed_order({carrots: 1}, email=f"ines{number}@example.org")
        MarketDay.objects.filter(pk=cancelled.pk).update(cancelled_at=cast.OPEN_TIME)
        cancel_orders_of_day(cancelled.pk)
        for row in Message.objects.exclude(kind="order-confirmation"):
            fail(row)

        with CaptureQueriesContext(connection) as many:
            client.get(url(cancelled, "appels/"))
        assert len(many) == len(few)

    def test_is_of_ones_own_markets(self, cancelled):
        stranger = signed_in(claire(clermont()))

        assert stranger.get(url(cancelled, "appels/")).status_code == 404


class TestNoScreenPromisesMoreThanIsTrue:
    """That a mail will be sent is said where there is an address; else whom to call."""

    @pytest.fixture
    def client(self, manager: User) -> Client:
        return signed_in(manager)

    def test_before_an_order_is_cancelled(self, client, day, lea, odette):
        pages = [text_of(client.get(url(day, f"commandes/{pickup.number}/"))) for pickup in (lea, odette)]

        assert "Un e-mail sera envoyé à lea@example.org." in pages[0]
        assert "Odette Caron n’a pas d’adresse e-mail" in pages[1]
        assert not any("prévenu" in page for page in pages)

    def test_after_an_order_is_cancelled(self, client, day, lea, odette):
        form = {"reason": "supply", "detail": ""}
        said = []
        for number in (lea.number, odette.number):
            page = client.post(url(day, f"commandes/{number}/annuler/"), form, follow=True)
            said.append([str(one) for one in page.context["messages"]])

        assert "lea@example.org" in said[0][1]
        assert "03 53 01 01 02" in said[1][1].replace("\xa0", " ")

    def test_before_a_day_is_cancelled(self, client, day, lea, odette):
        page = text_of(client.get(url(day)))

        assert "1 commande est sans adresse" in page
        assert "prévenu" not in page

    def test_after_a_day_is_cancelled(self, client, day, lea, odette):
        page = client.post(url(day, "annuler/"), {"reason": "weather", "detail": ""}, follow=True)

        assert "prévenu" not in text_of(page)

    def test_on_the_order_that_is_to_be_called_about(self, client, day, odette, manager):
        struck(odette, manager)

        assert url(day, "appels/") in client.get(url(day, f"commandes/{odette.number}/")).content.decode()

    def test_on_the_bench(self, day, odette, manager, clock):
        clock.move_to(cast.CUTOFF)
        part = odette.parts.get()
        bench = signed_in(part.producer.partner.users.get())
        address = f"/producteur/{part.producer.slug}/{day.market.slug}/{day.date}/preparation/{odette.number}/"
        line = part.details.get().pk
        form = {f"off_{line}": "on", f"why_{line}": "shortage", "off_seen": ""}

        page = bench.post(address, form, follow=True)
        assert "Odette Caron n’a pas d’adresse e-mail" in text_of(page)


class TestReasonsFitTheThing:
    @pytest.fixture
    def client(self, manager: User) -> Client:
        return signed_in(manager)

    @pytest.mark.parametrize("reason", ["supply", "resident", "mistake", "shortage"])
    def test_a_day_is_not_cancelled_for_a_reason_of_an_order(self, client, day, reason):
        client.post(url(day, "annuler/"), {"reason": reason, "detail": ""})

        day.refresh_from_db()
        assert day.cancelled_at is None

    @pytest.mark.parametrize("reason", ["weather", "works", "authorities", "holiday", "producers"])
    def test_a_day_has_its_own(self, client, day, reason):
        client.post(url(day, "annuler/"), {"reason": reason, "detail": ""})

        day.refresh_from_db()
        assert day.cancelled_at
        assert day.cancel_reason

    @pytest.mark.parametrize("reason", ["weather", "market", "absent"])
    def test_an_order_is_not_cancelled_for_a_reason_of_a_day_or_a_part(self, client, day, lea, reason):
        client.post(url(day, f"commandes/{lea.number}/annuler/"), {"reason": reason, "detail": ""})

        lea.refresh_from_db()
        assert not lea.is_cancelled

    def test_on_the_bench_nobody_has_complained(self, day, odette, clock):
        clock.move_to(cast.CUTOFF)
        form = PrepareForm(OrderToPrepare(parts_of_stall(odette.parts.get().producer, day).get()))

        [one] = form.lines
        assert "complaint" not in dict(one.why.field.choices)  # type: ignore[attr-defined]
