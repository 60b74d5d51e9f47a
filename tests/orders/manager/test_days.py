"""A manager's home: every day of every market that it manages, in a line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from marche.markets.models import Market, MarketDay
from marche.outbox.models import Message
from orders.actions.acknowledge_summary import acknowledge_summary
from orders.actions.close_day import close_day
from orders.models import Summary
from producers.models import Listing
from tests import cast
from tests.orders.manager.people import claire, clermont, fail, sent, signed_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


@pytest.fixture
def market() -> Market:
    return cast.beauvais()


@pytest.fixture
def day(market: Market) -> MarketDay:
    return cast.saturday(market)


@pytest.fixture
def carrots(day: MarketDay) -> Listing:
    return cast.listing(cast.carrots(cast.ferme_du_ru(day.market)), day)


@pytest.fixture
def client(market: Market) -> Client:
    return signed_in(claire(market))


def test_who_is_not_signed_in_is_sent_to_the_sign_in_page(market: Market) -> None:
    response = Client().get("/gestion/")

    assert (response.status_code, response["Location"]) == (302, "/connexion/?next=/gestion/")


def test_who_manages_nothing_has_no_business_here(market: Market) -> None:
    assert signed_in(cast.member("odette@example.org")).get("/gestion/").status_code == 403


def test_an_administrator_sees_every_market(day: MarketDay) -> None:
    admin = signed_in(cast.member("alex@example.org", is_superuser=True))

    assert "Samedi 28 novembre" in text_of(admin.get("/gestion/"))


def test_an_administrator_without_any_market_is_told_what_to_do() -> None:
    admin = signed_in(cast.member("alex@example.org", is_superuser=True))

    assert admin.get("/gestion/").status_code == 200


def test_a_manager_does_not_see_the_market_next_door(client: Client, day: MarketDay) -> None:
    next_door = clermont()
    cast.saturday(next_door, dt.date(2026, 11, 29))

    lines = client.get("/gestion/").context["coming"]

    assert [line.day.market for line in lines] == [day.market]


def test_a_day_shows_its_orders_places_and_offers(client: Client, carrots: Listing) -> None:
    cast.le_rucher(carrots.day.market)
    cast.placed_order({carrots: 1})

    [line] = client.get("/gestion/").context["coming"]

    assert (line.day.orders_count, line.taken, line.places, line.ready, line.stalls) == (1, 1, 8 * 15, 1, 2)


def test_an_offer_taken_off_is_no_offer(client: Client, carrots: Listing) -> None:
    Listing.objects.update(on=False)

    [line] = client.get("/gestion/").context["coming"]

    assert line.ready == 0


def alerts(client: Client) -> list[str]:
    context = client.get("/gestion/").context
    return [alert.sentence for line in [*context["coming"], *context["past"]] for alert in line.alerts]


def test_a_producer_without_an_offer_is_an_alert_while_orders_are_open(client: Client, carrots: Listing) -> None:
    cast.le_rucher(carrots.day.market)

    assert len(alerts(client)) == 1


def test_it_is_none_before(client: Client, carrots: Listing) -> None:
    cast.le_rucher(carrots.day.market)

    with time_machine.travel(cast.OPEN_TIME - dt.timedelta(days=2), tick=False):
        assert alerts(client) == []


def test_a_holiday_to_decide_is_an_alert(client: Client, carrots: Listing) -> None:
    MarketDay.objects.update(holiday="Noël", holiday_decision="pending")

    assert [sentence for sentence in alerts(client) if "Noël" in sentence]


def test_a_holiday_decided_is_none(client: Client, carrots: Listing) -> None:
    MarketDay.objects.update(holiday="Noël", holiday_decision="kept")

    assert alerts(client) == []


def test_a_failed_confirmation_is_an_alert(client: Client, carrots: Listing) -> None:
    cast.placed_order({carrots: 1})
    fail(Message.objects.get())

    assert len(alerts(client)) == 1


def test_a_message_that_waits_or_left_is_none(client: Client, carrots: Listing) -> None:
    cast.placed_order({carrots: 1})
    cast.placed_order({carrots: 1})
    sent(Message.objects.first())  # type: ignore[arg-type]

    assert alerts(client) == []


@pytest.fixture
def closed(carrots: Listing) -> Iterator[MarketDay]:
    """The day with one order, its summary made."""
    cast.placed_order({carrots: 1}, **cast.ODETTE)
    with time_machine.travel(cast.AFTER_CUTOFF, tick=False):
        close_day(carrots.day_id)
        yield carrots.day


def test_summaries_are_counted_as_made_sent_and_acknowledged(client: Client, closed: MarketDay) -> None:
    [line] = client.get("/gestion/").context["coming"]
    assert (line.summaries, line.sent, line.acknowledged) == (1, 0, 0)

    sent(Message.objects.get(kind="summary"))
    [line] = client.get("/gestion/").context["coming"]
    assert (line.summaries, line.sent, line.acknowledged) == (1, 1, 0)

    acknowledge_summary(Summary.objects.get().token)
    [line] = client.get("/gestion/").context["coming"]
    assert (line.summaries, line.sent, line.acknowledged) == (1, 1, 1)


def test_a_failed_summary_is_an_alert(client: Client, closed: MarketDay) -> None:
    fail(Message.objects.get(kind="summary"))

    assert len(alerts(client)) == 1


def test_a_failed_summary_that_was_acknowledged_all_the_same_is_none(client: Client, closed: MarketDay) -> None:
    fail(Message.objects.get(kind="summary"))
    acknowledge_summary(Summary.objects.get().token)

    assert alerts(client) == []


@pytest.mark.parametrize(("hours_before", "count"), [(13, 0), (12, 1), (0, 1)])
def test_a_summary_not_acknowledged_is_an_alert_from_twelve_hours_before(
    client: Client, closed: MarketDay, hours_before: int, count: int
) -> None:
    with time_machine.travel(closed.starts_at - dt.timedelta(hours=hours_before), tick=False):
        assert len(alerts(client)) == count


def test_a_day_that_is_over_goes_to_the_past(client: Client, day: MarketDay) -> None:
    with time_machine.travel(cast.SUNDAY, tick=False):
        context = client.get("/gestion/").context

    assert (context["coming"], [line.day for line in context["past"]]) == ([], [day])


@pytest.fixture
def a_year_of_days(market: Market) -> None:
    market.weeks_ahead = 26
    market.save(update_fields=["weeks_ahead"])
    cast.saturday(market, dt.date(2026, 5, 2))


def test_past_days_come_ten_a_page_the_latest_first(client: Client, a_year_of_days: None) -> None:
    first = client.get("/gestion/").context
    third = client.get("/gestion/?page=3").context

    assert [len(context["past"]) for context in (first, third)] == [10, 6]
    assert first["past"][0].day.date == dt.date(2026, 10, 24)


def test_days_are_sorted_by_date_either_way(client: Client, a_year_of_days: None, day: MarketDay) -> None:
    context = client.get("/gestion/?a-venir=-date&passes=date").context

    assert context["past"][0].day.date == dt.date(2026, 5, 2)


@pytest.mark.parametrize("query", ["page=abc", "page=-1", "page=999", "a-venir=%00", "passes=1"])
def test_a_strange_address_shows_the_days_all_the_same(client: Client, day: MarketDay, query: str) -> None:
    assert client.get(f"/gestion/?{query}").status_code == 200


def test_the_number_of_queries_depends_on_nothing(client: Client, market: Market, day: MarketDay) -> None:
    cast.saturday(market, cast.SATURDAY - dt.timedelta(weeks=1))
    with CaptureQueriesContext(connection) as with_two_days:
        client.get("/gestion/")
    market.weeks_ahead = 12
    market.save(update_fields=["weeks_ahead"])
    cast.saturday(market, dt.date(2026, 10, 3))
    for number in range(3, 9):
        farm = cast.producer(f"Ferme {number}", f"ferme-{number}", number, market)
        cast.placed_order({cast.listing(cast.carrots(farm), day): 1})

    with CaptureQueriesContext(connection) as with_many:
        client.get("/gestion/")

    assert len(with_many) == len(with_two_days) <= 14
