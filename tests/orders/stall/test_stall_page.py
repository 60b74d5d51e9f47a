"""The stall's pages: a producer member finds an order on the phone, ticks it and notes what was paid."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from marche.common.actors import Actor
from orders.actions.cancel_order import cancel_order
from orders.models import Pickup, ProducerOrder
from producers.models import Listing, Producer
from tests import cast
from tests.pages import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def goods() -> dict[str, Listing]:
    market = cast.beauvais()
    day, farm = cast.saturday(market), cast.ferme_du_ru(market, takes_card=False)
    return {
        "carrots": cast.listing(cast.carrots(farm), day),
        "chicken": cast.listing(cast.chicken(farm), day, price_cents=980),
        "honey": cast.listing(cast.honey(cast.le_rucher(market)), day, price_cents=850),
    }


@pytest.fixture
def farm(goods: dict[str, Listing]) -> Producer:
    return goods["carrots"].producer


@pytest.fixture
def lea(goods: dict[str, Listing]) -> Pickup:
    return cast.placed_order({goods["carrots"]: 3, goods["honey"]: 1})


@pytest.fixture
def odette(goods: dict[str, Listing], lea: Pickup) -> Pickup:
    second = goods["carrots"].day.slots.all()[1]
    return cast.placed_order({goods["carrots"]: 1, goods["chicken"]: 1}, slot=second, **cast.ODETTE)


@pytest.fixture
def ines(goods: dict[str, Listing], odette: Pickup) -> Pickup:
    """Who ordered nothing of the farm."""
    return cast.placed_order({goods["honey"]: 1}, name="Inès Royer", email="ines@example.org")


@pytest.fixture
def phone(client: Client, farm: Producer, ines: Pickup, clock: time_machine.Traveller) -> Client:
    """The farm's, on the market day at nine."""
    client.force_login(farm.partner.users.get())
    clock.move_to(cast.NINE)
    return client


def address(name: str = "stall", *args: Any) -> str:
    return reverse(name, args=["ferme-du-ru", "beauvais", cast.SATURDAY, *args])


def part(pickup: Pickup) -> ProducerOrder:
    return pickup.parts.get(producer__slug="ferme-du-ru")


def lines(pickup: Pickup) -> list[int]:
    return [detail.pk for detail in part(pickup).details.order_by("title")]


def numbers(response: Any) -> list[int]:
    """The orders shown, in the order of the page."""
    return [order.part.pickup.number for _slot, _now, orders in response.context["slots"] for order in orders]


class TestTheDay:
    def test_shows_the_stall_s_orders_by_slot(self, phone):
        slots = phone.get(address()).context["slots"]

        assert [[order.part.pickup.number for order in orders] for _slot, _now, orders in slots] == [[1], [2]]

    def test_says_which_slot_is_now(self, phone, clock):
        clock.move_to(cast.NINE - dt.timedelta(minutes=45))  # 8:15

        assert [is_now for _slot, is_now, _orders in phone.get(address()).context["slots"]] == [True, False]

    def test_shows_nothing_of_other_stalls(self, phone):
        page = words(phone.get(address()))

        assert "Inès" not in page
        assert "Miel" not in page

    def test_adds_up_what_was_taken(self, phone, lea, odette):
        phone.post(address("stall-hand-over", 1), {"lines": lines(lea), "means": "cheque", "amount": "3,30"})
        phone.post(address("stall-hand-over", 2), {"lines": lines(odette), "means": "cash", "amount": "17,00"})
        whole = phone.get(address()).context["whole"]

        assert (whole.handed_over, whole.taken_cents, whole.due_cents) == (2, 2030, 0)
        assert [(means.value, count, cents) for means, count, cents in whole.taken_by_means] == [
            ("cash", 1, 1700),
            ("cheque", 1, 330),
        ]

    def test_lists_first_what_is_still_to_hand_over(self, phone, lea):
        phone.post(address("stall-hand-over", 1), {"lines": lines(lea), "means": "cheque", "amount": "3,30"})

        assert numbers(phone.get(address())) == [2]
        assert numbers(phone.get(address(), {"liste": "remises"})) == [1]
        assert numbers(phone.get(address(), {"liste": "toutes"})) == [1, 2]

    def test_lists_what_was_handed_over_and_not_paid(self, phone, lea):
        phone.post(address("stall-hand-over", 1), {"lines": lines(lea), "means": ""})

        assert numbers(phone.get(address(), {"liste": "a-payer"})) == [1]
        assert phone.get(address()).context["whole"].due_cents == 330

    def test_hands_over_an_order_of_which_nothing_is_left_to_pay(self, phone, lea):
        part(lea).details.update(struck="shortage")
        page = phone.get(address("stall-order", 1)).content.decode()
        phone.post(address("stall-hand-over", 1), {"means": ""})

        assert 'name="amount"' not in page
        assert part(lea).handed_over_at
        assert numbers(phone.get(address(), {"liste": "a-payer"})) == []

    def test_leaves_out_what_was_missing(self, phone, odette):
        chicken, carrots = part(odette).details.get(title="Poulet fermier"), part(odette).details.get(title="Carottes")
        phone.post(address("stall-hand-over", 2), {"lines": [carrots.pk], "means": ""})
        page = words(phone.get(address(), {"liste": "remises"}))

        assert carrots.title in page
        assert chicken.title not in page

    def test_leaves_out_what_is_cancelled(self, phone, lea):
        cancel_order(lea.pk, reason="empêchement", by=Actor.manager())

        assert numbers(phone.get(address(), {"liste": "toutes"})) == [2]

    def test_finds_what_is_cancelled_where_nothing_else_is(self, phone, lea, odette):
        for pickup in (lea, odette):
            cancel_order(pickup.pk, reason="empêchement", by=Actor.manager())

        assert 'name="q"' in phone.get(address()).content.decode()
        assert phone.get(address(), {"q": "1"}).headers["Location"] == address("stall-order", 1)

    def test_without_an_order_says_so(self, client, farm):
        client.force_login(farm.partner.users.get())

        assert numbers(client.get(address())) == []

    def test_asks_as_many_questions_for_one_order_as_for_ten(self, phone, goods, django_assert_num_queries, clock):
        with django_assert_num_queries(7):
            phone.get(address())
        clock.move_to(cast.OPEN_TIME)
        for i in range(4):
            cast.placed_order({goods["carrots"]: 1}, name=f"Résident {i}", email="")
        clock.move_to(cast.NINE)
        with django_assert_num_queries(7):
            phone.get(address())


class TestFinding:
    @pytest.mark.parametrize("query", ["1", "n° 1", "Dumont", "lea", "LÉA"])
    def test_leads_straight_to_the_one_order(self, phone, query):
        assert phone.get(address(), {"q": query}).headers["Location"] == address("stall-order", 1)

    @pytest.mark.parametrize("what", ["short_code", "display_code", "code", "url"])
    def test_by_what_the_ticket_says(self, phone, odette, what):
        assert phone.get(address(), {"q": getattr(odette, what)}).headers["Location"] == address("stall-order", 2)

    def test_of_several_shows_them(self, phone):
        assert numbers(phone.get(address(), {"q": "e"})) == [1, 2]

    @pytest.mark.parametrize("query", ["Inès", "3", "zzz", "=1+1", "%", "\0", "é" * 300])
    def test_finds_nothing_that_is_not_of_the_stall(self, phone, query):
        response = phone.get(address(), {"q": query})

        assert response.status_code == 200
        assert "Inès Royer" not in words(response)

    def test_a_ticket_of_another_stall_is_not_found(self, phone, ines):
        assert numbers(phone.get(address(), {"q": ines.url})) == []

    def test_a_cancelled_order_is_found_to_be_told(self, phone, lea):
        cancel_order(lea.pk, reason="empêchement", by=Actor.manager())
        page = phone.get(address(), {"q": "1"}, follow=True)

        assert page.context["order"].stage == "cancelled"
        assert not page.context["can_note"]


class TestAnOrder:
    def test_shows_what_is_to_hand_over_and_its_amount(self, phone):
        response = phone.get(address("stall-order", 2))

        assert [detail.title for detail, _words in response.context["order"].lines] == ["Carottes", "Poulet fermier"]
        assert response.context["give_form"]["amount"].value() == "16,78"

    def test_offers_the_means_that_the_producer_takes(self, phone):
        assert phone.get(address("stall-order", 1)).context["means"] == ["cash", "cheque"]

    def test_shows_whom_to_call(self, phone):
        assert "tel:+33353010102" in phone.get(address("stall-order", 2)).content.decode()

    def test_of_another_stall_does_not_exist(self, phone):
        assert phone.get(address("stall-order", 3)).status_code == 404

    def test_before_the_market_day_can_be_read_only(self, phone, lea, clock):
        clock.move_to(cast.OPEN_TIME)
        page = phone.get(address("stall-order", 1))
        answer = phone.post(address("stall-hand-over", 1), {"lines": lines(lea), "means": ""})

        assert not page.context["can_note"]
        assert answer.status_code == 409
        assert part(lea).handed_over_at is None


class TestTicking:
    def test_hands_over_and_notes_the_payment_in_one(self, phone, lea):
        answer = phone.post(address("stall-hand-over", 1), {"lines": lines(lea), "means": "cheque", "amount": "3,30"})

        assert answer.headers["Location"] == address()
        done = part(lea)
        assert (done.handed_over_at, done.paid_means, done.paid_cents) == (cast.NINE, "cheque", 330)

    def test_what_is_not_ticked_is_missing(self, phone, odette):
        chicken = lines(odette)[1]
        phone.post(address("stall-hand-over", 2), {"lines": [chicken], "means": "cash", "amount": "15,68"})

        assert [detail.missing for detail in part(odette).details.order_by("title")] == [True, False]

    def test_a_restaurant_pays_more_than_a_thousand_euros(self, phone, goods, clock):
        """One price is never so high, what is paid for many goods is."""
        clock.move_to(cast.OPEN_TIME)
        Listing.objects.update(quantity=100, price_cents=30_000)
        placed = cast.placed_order({goods["carrots"]: 10}, name="Le Bistrot", email="bistrot@example.org")
        clock.move_to(cast.NINE)
        form = {"lines": lines(placed), "means": "cheque", "amount": "1 500,00"}
        phone.post(address("stall-hand-over", placed.number), form)

        assert part(placed).paid_cents == 150_000

    def test_twice_says_that_it_was_noted_already(self, phone, lea):
        form = {"lines": lines(lea), "means": "cheque", "amount": "3,30"}
        phone.post(address("stall-hand-over", 1), form)
        phone.post(address("stall-hand-over", 1), form)

        assert lea.changes.count() == 2

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"amount": "trois"}, "amount"),
            ({"amount": ""}, "amount"),
            ({"amount": "0"}, "amount"),
            ({"amount": "-3"}, "amount"),
            ({"means": "gold"}, "means"),
            ({"lines": []}, "lines"),
            ({"lines": ["999999"]}, "lines"),
            ({"lines": ["x"]}, "lines"),
            ({"lines": ["9" * 5000]}, "lines"),
        ],
        ids=[
            "words",
            "nothing",
            "zero",
            "negative",
            "unknown means",
            "nothing ticked",
            "a line of others",
            "no key",
            "a number that no key has",
        ],
    )
    def test_wrong_input_is_said_and_kept(self, phone, lea, change, field):
        form = {"lines": lines(lea), "means": "cheque", "amount": "3,30"} | change
        answer = phone.post(address("stall-hand-over", 1), form)

        assert answer.status_code == 422
        assert field in answer.context["refused"].errors
        assert answer.context["give_form"]["amount"].value() == form["amount"]
        assert part(lea).handed_over_at is None

    def test_too_much_is_refused_and_kept(self, phone, lea):
        answer = phone.post(address("stall-hand-over", 1), {"lines": lines(lea), "means": "cheque", "amount": "33,00"})

        assert answer.status_code == 409
        assert answer.context["give_form"]["amount"].value() == "33,00"

    def test_a_later_payment_closes_it(self, phone, lea):
        phone.post(address("stall-hand-over", 1), {"lines": lines(lea), "means": ""})
        phone.post(address("stall-pay", 1), {"means": "cash", "amount": "3.3"})

        assert (part(lea).paid_means, part(lea).paid_cents) == ("cash", 330)

    def test_a_mistake_is_taken_back(self, phone, lea):
        phone.post(address("stall-hand-over", 1), {"lines": lines(lea), "means": "cheque", "amount": "3,30"})
        answer = phone.post(address("stall-take-back", 1), {"reason": "mistake"})

        assert answer.headers["Location"] == address("stall-order", 1)
        assert (part(lea).handed_over_at, part(lea).paid_at) == (None, None)

    @pytest.mark.parametrize("name", ["stall-hand-over", "stall-pay", "stall-take-back"])
    def test_is_never_done_by_looking(self, phone, name):
        assert phone.get(address(name, 1)).status_code == 405
