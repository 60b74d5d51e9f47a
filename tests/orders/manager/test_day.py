"""A market day in full, as its manager sees it, and what is decided there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from marche.common.actors import Actor
from marche.markets.models import MarketDay
from marche.outbox.models import Message
from orders.actions.acknowledge_summary import acknowledge_summary
from orders.actions.cancel_day import cancel_day
from orders.actions.cancel_order import cancel_order
from orders.actions.close_day import close_day
from orders.manager.presenters.orders import PAGE
from orders.models import Summary
from producers.models import Listing, Producer
from tests import cast
from tests.orders.manager.people import claire, fail, sent, signed_in, text_of, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


@pytest.fixture
def carrots(day: MarketDay) -> Listing:
    """1.10 € a step of 500 g."""
    return cast.listing(cast.carrots(cast.ferme_du_ru(day.market)), day, quantity=500)


@pytest.fixture
def honey(day: MarketDay) -> Listing:
    return cast.listing(cast.honey(cast.le_rucher(day.market)), day, price_cents=850)


@pytest.fixture
def client(day: MarketDay) -> Client:
    return signed_in(claire(day.market))


def test_a_day_without_anything_says_when_orders_open(client: Client, day: MarketDay) -> None:
    assert client.get(url(day)).status_code == 200


def test_the_figures_add_up(client: Client, day: MarketDay, carrots: Listing, honey: Listing) -> None:
    cast.placed_order({carrots: 2, honey: 1})
    cast.placed_order({carrots: 2})

    shown = client.get(url(day)).context["shown"]

    assert (shown.taken, shown.total_cents, shown.per_order_cents) == (2, 220 + 850 + 220, 645)
    assert [(s.stall_number, s.listed, s.orders, s.total_cents) for s in shown.stands] == [
        (1, 1, 2, 440),
        (2, 1, 1, 850),
    ]


def test_a_day_that_is_cancelled_promises_no_summaries(client: Client, day: MarketDay, carrots: Listing) -> None:
    cancel_day(day.pk, reason="Tempête", by=Actor.manager())

    page = text_of(client.get(url(day)))

    assert "Récapitulatifs confirmés" not in page
    assert "par commande" not in page


def test_a_cancelled_order_counts_for_nothing(client: Client, day: MarketDay, carrots: Listing) -> None:
    cancel_order(cast.placed_order({carrots: 2}).pk, reason="erreur", by=Actor.manager())

    shown = client.get(url(day)).context["shown"]

    assert (shown.taken, shown.total_cents, shown.orders.count, shown.orders.cancelled) == (0, 0, 0, 1)


def test_a_producer_who_gave_up_its_stall_keeps_its_orders_on_the_page(
    client: Client, day: MarketDay, carrots: Listing, honey: Listing
) -> None:
    cast.placed_order({carrots: 1})
    day.market.stalls.get(number=1).delete()

    stands = client.get(url(day)).context["shown"].stands

    assert [(stand.stall_number, stand.orders) for stand in stands] == [(2, 0), (None, 1)]


class TestSummaries:
    """Sent, failed and why, acknowledged and when."""

    @pytest.fixture(autouse=True)
    def _closed(self, carrots: Listing) -> Iterator[None]:
        cast.placed_order({carrots: 1}, **cast.ODETTE)
        with time_machine.travel(cast.AFTER_CUTOFF, tick=False):
            close_day(carrots.day_id)
            yield

    def stage(self, client: Client, day: MarketDay) -> str:
        [stand] = client.get(url(day)).context["shown"].stands
        return stand.stage.value

    def test_it_is_being_sent_at_first(self, client: Client, day: MarketDay) -> None:
        assert self.stage(client, day) == "waiting"

    def test_then_sent(self, client: Client, day: MarketDay) -> None:
        sent(Message.objects.get())

        assert self.stage(client, day) == "sent"

    def test_or_failed_and_why_with_a_way_to_send_it_again(self, client: Client, day: MarketDay) -> None:
        message = fail(Message.objects.get())

        response = client.get(url(day))

        assert "L’adresse a été refusée (550 5.1.1)." in text_of(response)
        assert url(day, f"messages/{message.pk}/renvoyer/") in response.content.decode()

    def test_then_acknowledged(self, client: Client, day: MarketDay) -> None:
        acknowledge_summary(Summary.objects.get().token)

        assert self.stage(client, day) == "acknowledged"

    def test_only_the_last_version_counts(self, client: Client, day: MarketDay, carrots: Listing) -> None:
        acknowledge_summary(Summary.objects.get().token)

        cancel_order(carrots.details.get().part.pickup_id, reason="erreur", by=Actor.manager())

        assert self.stage(client, day) == "waiting"

    def test_sending_again_makes_a_failed_message_wait_once_more(self, client: Client, day: MarketDay) -> None:
        message = fail(Message.objects.get())

        response = client.post(url(day, f"messages/{message.pk}/renvoyer/"))

        message.refresh_from_db()
        assert (response.status_code, message.state, message.error) == (302, "waiting", "")

    def test_sending_again_goes_to_the_address_that_was_corrected_since(self, client: Client, day: MarketDay) -> None:
        message = fail(Message.objects.get())
        Producer.objects.update(email="right@example.org")

        client.post(url(day, f"messages/{message.pk}/renvoyer/"))
        client.post(url(day, f"messages/{message.pk}/renvoyer/"))

        states = Message.objects.order_by("pk").values_list("recipient", "state")
        assert list(states) == [("ferme-du-ru@example.org", "failed"), ("right@example.org", "waiting")]
        assert self.stage(client, day) == "waiting"

    def test_the_message_to_the_corrected_address_is_itself_sent_again(self, client: Client, day: MarketDay) -> None:
        first = fail(Message.objects.get())
        Producer.objects.update(email="right@example.org")
        client.post(url(day, f"messages/{first.pk}/renvoyer/"))
        fail(Message.objects.get(recipient="right@example.org"))

        client.post(url(day, f"messages/{first.pk}/renvoyer/"))

        assert Message.objects.get(recipient="right@example.org").state == "waiting"

    def test_what_left_is_not_sent_to_the_corrected_address_too(self, client: Client, day: MarketDay) -> None:
        message = sent(Message.objects.get())
        Producer.objects.update(email="right@example.org")

        client.post(url(day, f"messages/{message.pk}/renvoyer/"))

        assert Message.objects.count() == 1

    def test_sending_again_what_left_does_nothing(self, client: Client, day: MarketDay) -> None:
        message = sent(Message.objects.get())

        client.post(url(day, f"messages/{message.pk}/renvoyer/"))

        message.refresh_from_db()
        assert message.state == "sent"

    def test_a_message_of_another_day_is_not_found(self, client: Client, day: MarketDay) -> None:
        other = cast.saturday(day.market, cast.SATURDAY + dt.timedelta(weeks=1))
        message = fail(Message.objects.get())

        assert client.post(url(other, f"messages/{message.pk}/renvoyer/")).status_code == 404


def test_a_failed_confirmation_is_shown_with_its_order(client: Client, day: MarketDay, carrots: Listing) -> None:
    pickup = cast.placed_order({carrots: 1})
    message = fail(Message.objects.get())

    response = client.get(url(day))

    [mail] = response.context["shown"].failed_mails
    assert (mail.number, mail.name, mail.message) == (pickup.number, "Léa Dumont", message)
    assert client.post(url(day, f"messages/{message.pk}/renvoyer/")).status_code == 302


class TestAMailThatTellsAProducerOfTheWholeDay:
    """Failed: it is shown with why, and sent again."""

    @pytest.fixture
    def message(self, day: MarketDay, carrots: Listing) -> Message:
        cancel_day(day.pk, reason="Tempête", by=Actor.manager())
        return fail(Message.objects.get(kind="day-cancelled"))

    def test_is_shown_with_its_producer(self, client: Client, day: MarketDay, message: Message) -> None:
        response = client.get(url(day))

        [mail] = response.context["shown"].failed_mails
        assert (mail.number, mail.name, mail.message) == (None, "La Ferme du Ru", message)
        assert "Jour de marché annulé, aux producteurs, à ferme-du-ru@example.org." in text_of(response)

    def test_is_sent_again(self, client: Client, day: MarketDay, message: Message) -> None:
        assert client.post(url(day, f"messages/{message.pk}/renvoyer/")).status_code == 302

        message.refresh_from_db()
        assert (message.state, message.error) == ("waiting", "")

    def test_keeps_a_name_when_the_address_was_changed_since(
        self, client: Client, day: MarketDay, message: Message
    ) -> None:
        Producer.objects.update(email="right@example.org")

        [mail] = client.get(url(day)).context["shown"].failed_mails
        assert mail.name == "ferme-du-ru@example.org"

    def test_is_an_alert_of_its_day_alone(self, client: Client, day: MarketDay, message: Message) -> None:
        later = cast.saturday(day.market, cast.SATURDAY + dt.timedelta(weeks=1))

        failed = {line.day: line.failed for line in client.get("/gestion/").context["coming"]}
        assert (failed[day], failed[later]) == (1, 0)


def found(client: Client, day: MarketDay, query: str) -> list[int]:
    orders = client.get(url(day), {"q": query}).context["shown"].orders
    return [line.pickup.number for line in orders.lines]


@pytest.mark.parametrize("query", ["2", " 2 ", "odette", "CARON", "odétte"])
def test_an_order_is_found_by_number_or_name(client: Client, day: MarketDay, carrots: Listing, query: str) -> None:
    cast.placed_order({carrots: 1})
    cast.placed_order({carrots: 1}, **cast.ODETTE)

    assert found(client, day, query) == [2]


@pytest.mark.parametrize(
    "query", ["0692123456", "+262 692 12 34 56", "06.92.12.34.56", "00262692123456", "0692\u202f12\u202f34", "12 34 56"]
)
def test_an_order_is_found_by_its_telephone_number_in_any_form(
    client: Client, day: MarketDay, carrots: Listing, query: str
) -> None:
    cast.placed_order({carrots: 1}, phone="0639123457")
    cast.placed_order({carrots: 1}, phone="0692123456")

    assert found(client, day, query) == [2]


def test_an_order_is_found_by_its_ticket_code_however_it_is_typed(
    client: Client, day: MarketDay, carrots: Listing
) -> None:
    cast.placed_order({carrots: 1})
    pickup = cast.placed_order({carrots: 1})

    for typed in (pickup.code, pickup.display_code, pickup.display_code.lower(), pickup.code[:6]):
        assert found(client, day, typed) == [2]


@pytest.mark.parametrize("query", ["%", "_", "'; drop table", "9" * 30, "<script>", "\x00zz\x00", "🥕"])
def test_a_strange_search_finds_nothing(client: Client, day: MarketDay, carrots: Listing, query: str) -> None:
    cast.placed_order({carrots: 1})

    assert found(client, day, query) == []


def test_orders_come_fifty_a_page_and_all_at_once_to_print(client: Client, day: MarketDay, carrots: Listing) -> None:
    MarketDay.objects.update(order_cap=500)
    day.slots.update(capacity=500)
    for _i in range(PAGE + 1):
        cast.placed_order({carrots: 1})

    pages = [client.get(url(day), query).context["shown"].orders for query in ({}, {"page": 2}, {"toutes": 1})]

    assert [len(orders.lines) for orders in pages] == [PAGE, 1, PAGE + 1]
    assert {orders.total_cents for orders in pages} == {110 * (PAGE + 1)}


def test_the_number_of_queries_depends_on_nothing(client: Client, day: MarketDay, carrots: Listing) -> None:
    cast.placed_order({carrots: 1})
    fail(Message.objects.get())
    with CaptureQueriesContext(connection) as with_one:
        client.get(url(day))
    for number in range(3, 9):
        farm = cast.producer(f"Ferme {number}", f"ferme-{number}", number, day.market)
        cast.placed_order({cast.listing(cast.carrots(farm), day): 1, carrots: 1})
    for message in Message.objects.all():
        fail(message)

    with CaptureQueriesContext(connection) as with_many:
        client.get(url(day))

    assert len(with_many) == len(with_one) <= 21


def test_a_day_that_is_not_made_is_not_found(client: Client, day: MarketDay) -> None:
    assert client.get("/gestion/beauvais/2026-11-27/").status_code == 404
    assert client.get("/gestion/beauvais/2026-02-30/").status_code == 404
