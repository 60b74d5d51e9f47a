"""The ticket in a calendar: published, taken for the last word when it has changed, and withdrawn when cancelled."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from marche.common.actors import Actor
from marche.markets.calendar import DayTimes
from marche.markets.models import Market
from marche.outbox import rendering
from marche.outbox.models import Message
from orders.actions.cancel_order import cancel_order
from orders.actions.cancel_part import cancel_part
from orders.actions.move_day import move_day
from orders.actions.strike_lines import strike_lines
from orders.documents.calendar import ticket_calendar
from orders.models import OrderChange, Pickup, StrikeReason
from producers.models import Listing
from tests import cast
from tests.orders.manager.people import claire

pytestmark = pytest.mark.django_db


@pytest.fixture
def pickup(carrots: Listing, honey: Listing) -> Pickup:
    return cast.placed_order({carrots: 3, honey: 1})


@pytest.fixture
def cancelled(pickup: Pickup, clock: Any) -> Pickup:
    """An hour later, by the market."""
    clock.shift(3600)
    cancel_order(pickup.pk, reason="Vent violent", by=Actor.manager(claire(pickup.market)))
    return again(pickup)


def again(pickup: Pickup) -> Pickup:
    return Pickup.objects.with_related().get(pk=pickup.pk)


def calendar_of(pickup: Pickup) -> Any:
    return Calendar.from_ical(ticket_calendar(again(pickup)))


def event_of(pickup: Pickup) -> Any:
    [event] = calendar_of(pickup).walk("VEVENT")
    return event


def evening_before(pickup: Pickup) -> dt.datetime:
    """When the calendar reminds."""
    event = event_of(pickup)
    [alarm] = event.walk("VALARM")
    return event.decoded("dtstart") + alarm.decoded("trigger")


class TestAnEntry:
    def test_is_published_by_the_market(self, pickup):
        Market.objects.update(contact_email="marche@beauvais.example")
        event = event_of(pickup)

        assert calendar_of(pickup)["method"] == "PUBLISH"
        assert str(event["organizer"]) == "mailto:marche@beauvais.example"
        assert event["organizer"].params["CN"] == "Marché de Beauvais"
        assert event["status"] == "CONFIRMED"
        assert "attendee" not in event, "RFC 5546, 3.2.1: must not be present"

    def test_of_a_market_without_an_address_has_that_of_the_sites_mails(self, pickup, settings):
        settings.DEFAULT_FROM_EMAIL = "Marché <ne-pas-repondre@ville.example>"

        assert str(event_of(pickup)["organizer"]) == "mailto:ne-pas-repondre@ville.example"

    def test_begins_with_nothing_before_it(self, pickup):
        assert event_of(pickup)["sequence"] == 0

    @pytest.mark.parametrize(("zone", "utc"), [("Europe/Paris", 7), ("Indian/Reunion", 4), ("America/Martinique", 12)])
    def test_is_at_the_hour_of_the_place(self, clock, zone, utc):
        """8 o'clock, and the reminder at 18 o'clock the day before, wherever the market is."""
        day = cast.saturday(cast.beauvais(time_zone=zone))
        pickup = cast.placed_order({cast.listing(cast.carrots(cast.ferme_du_ru(day.market)), day): 1})

        assert event_of(pickup).decoded("dtstart") == dt.datetime(2026, 11, 28, utc, tzinfo=dt.UTC)
        assert evening_before(pickup) == dt.datetime(2026, 11, 27, 18, tzinfo=day.market.zone)

    def test_of_an_afternoon_reminds_in_the_evening_before_and_not_at_night(self, clock):
        day = cast.saturday(cast.beauvais(starts=dt.time(16), ends=dt.time(19)))
        pickup = cast.placed_order({cast.listing(cast.carrots(cast.ferme_du_ru(day.market)), day): 1})

        assert evening_before(pickup) == dt.datetime(2026, 11, 27, 18, tzinfo=cast.PARIS)

    def test_names_no_stall_none(self, pickup):
        pickup.market.stalls.all().delete()

        assert "None" not in ticket_calendar(again(pickup)).decode()

    def test_leaves_out_a_stall_that_is_cancelled(self, pickup):
        cancel_part(
            pickup.parts.get(producer__slug="le-rucher").pk, reason="Gel", by=Actor.manager(claire(pickup.market))
        )

        assert "Rucher" not in event_of(pickup)["description"]

    def test_survives_signs_that_mean_something_in_the_file(self, pickup):
        name = 'Marché "d’hiver" ; Halles, ^n\\n : 1'
        Market.objects.update(name=name, place="place du Marché, côté « nord » ; quai \\ 3")
        event = event_of(pickup)

        assert event["summary"].startswith(name)
        assert event["location"] == "place du Marché, côté « nord » ; quai \\ 3, 60000 Beauvais"
        assert "hiver" in event["organizer"].params["CN"]

    def test_has_lines_of_75_octets_at_most_that_end_as_the_rfc_wants(self, pickup):
        Market.objects.update(place="é" * 150)
        text = ticket_calendar(again(pickup))

        assert text.endswith(b"END:VCALENDAR\r\n")
        assert max(map(len, text.split(b"\r\n"))) <= 75
        assert b"\n" not in text.replace(b"\r\n", b"")


class TestAChangedOrder:
    def test_has_a_higher_sequence_for_each_change(self, pickup):
        part = pickup.parts.get(producer__slug="ferme-du-ru")
        lines, user = list(part.details.values_list("pk", flat=True)), claire(pickup.market)
        strike_lines(part.pk, lines=lines, why=StrikeReason.SHORTAGE, reason="Gel", by=Actor.manager(user))
        cancel_part(pickup.parts.get(producer__slug="le-rucher").pk, reason="Gel", by=Actor.manager(user))

        assert event_of(pickup)["sequence"] == 2

    def test_that_is_nothing_but_noted_grows_too(self, pickup, clock):
        OrderChange.objects.create(
            pickup=pickup, kind=OrderChange.Kind.AT_STALL, at=cast.OPEN_TIME, actor="system", reason="x"
        )

        assert event_of(pickup)["sequence"] == 1

    def test_is_stamped_when_the_file_is_made(self, pickup, clock):
        clock.shift(7200)

        assert event_of(pickup).decoded("dtstamp") == (cast.OPEN_TIME + dt.timedelta(hours=2)).astimezone(dt.UTC)

    def test_of_a_day_that_is_moved_is_the_last_word_too(self, pickup):
        day, hour = pickup.day, dt.timedelta(hours=1)
        move_day(
            day.pk,
            times=DayTimes(day.opens_at, day.closes_at, day.starts_at + hour, day.ends_at + hour),
            reason="Gel",
            by=Actor.manager(),
        )
        event = event_of(pickup)

        assert event.decoded("dtstart") == dt.datetime(2026, 11, 28, 8, tzinfo=dt.UTC)
        assert event["sequence"] > 0


class TestACancelledTicket:
    def test_is_withdrawn(self, pickup, cancelled):
        event = event_of(cancelled)

        assert calendar_of(cancelled)["method"] == "CANCEL"
        assert event["status"] == "CANCELLED"
        assert "Vent violent" in event["description"]

    def test_is_known_again_and_is_the_last_word(self, pickup, clock):
        before = event_of(pickup)
        clock.shift(3600)
        cancel_order(pickup.pk, reason="empêchement", by=Actor.resident())
        after = event_of(pickup)

        assert (after["uid"], after["organizer"]) == (before["uid"], before["organizer"])
        assert after["sequence"] > before["sequence"]
        assert after.decoded("dtstamp") > before.decoded("dtstamp")

    def test_reminds_of_nothing(self, cancelled):
        assert event_of(cancelled).walk("VALARM") == []

    def test_is_a_file_of_its_method_on_the_site(self, client: Client, cancelled):
        answer = client.get(reverse("ticket-calendar", args=[cancelled.display_code]))

        assert answer.headers["Content-Type"] == "text/calendar; method=CANCEL; charset=utf-8"
        assert Calendar.from_ical(answer.content)["method"] == "CANCEL"

    def test_is_offered_on_its_page(self, client: Client, cancelled):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        page = client.get(reverse("ticket", args=[cancelled.display_code])).content.decode()

        assert reverse("ticket-calendar", args=[cancelled.display_code]) in page

    def test_goes_with_the_mail(self, cancelled):
        mail = rendering.render(Message.objects.get(kind="order-cancelled")).message()
        [part] = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]

        assert part.get_param("method") == "CANCEL"
        assert part.get_content_charset() == "utf-8"
        payload: Any = part.get_payload(decode=True)
        assert Calendar.from_ical(payload)["method"] == "CANCEL"
