"""The bench's pages: a producer member weighs and sets aside one order after the other."""

from __future__ import annotations

import re
from typing import Any

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from marche.common.actors import Actor
from marche.payments.models import Instruction, PaymentAttempt
from orders.actions.cancel_order import cancel_order
from orders.actions.hand_over import hand_over
from orders.models import LineDetail, Pickup, ProducerOrder
from producers.models import Listing, Producer
from producers.workspace.forms.fields import parse_weight
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def farm(goods: dict[str, Listing]) -> Producer:
    return goods["carrots"].producer


@pytest.fixture
def lea(goods: dict[str, Listing]) -> Pickup:
    """Number 1, in the first slot: carrots and a chicken of the farm."""
    return cast.placed_order({goods["carrots"]: 3, goods["chicken"]: 1})


@pytest.fixture
def odette(goods: dict[str, Listing], lea: Pickup) -> Pickup:
    """Number 2, in the second slot: carrots."""
    return cast.placed_order({goods["carrots"]: 1}, slot=goods["carrots"].day.slots.all()[1], **cast.ODETTE)


@pytest.fixture
def ines(goods: dict[str, Listing], odette: Pickup) -> Pickup:
    """Number 3, who ordered nothing of the farm."""
    return cast.placed_order({goods["honey"]: 1}, name="Inès Royer", email="ines@example.org")


@pytest.fixture
def phone(client: Client, farm: Producer, ines: Pickup, clock: time_machine.Traveller) -> Client:
    """The farm's, on the morning of the market."""
    client.force_login(farm.partner.users.get())
    clock.move_to(cast.SEVEN)
    return client


def address(name: str = "preparation", *args: Any) -> str:
    return reverse(name, args=["ferme-du-ru", "beauvais", cast.SATURDAY, *args])


def line(pickup: Pickup, title: str = "Poulet fermier") -> LineDetail:
    return part(pickup).details.get(title=title)


def part(pickup: Pickup) -> ProducerOrder:
    return pickup.parts.get(producer__slug="ferme-du-ru")


def weighing(pickup: Pickup, typed: str = "1,62 kg", **changes: str) -> dict[str, str]:
    return {f"grams_{line(pickup).pk}": typed, **changes}


class TestTheList:
    def test_shows_the_stall_s_orders_by_slot_and_how_far_each_is(self, phone, lea):
        phone.post(address("prepare", 1), weighing(lea))
        response = phone.get(address())

        found = [(o.part.pickup.number, o.progress) for _slot, _now, some in response.context["slots"] for o in some]
        assert found == [(1, "prepared"), (2, "to-prepare")]
        assert (response.context["whole"].done, response.context["whole"].expected) == (1, 2)

    def test_shows_nothing_of_other_stalls(self, phone):
        assert "Inès" not in phone.get(address()).content.decode()

    def test_says_what_is_cancelled_not_paid_or_handed_over(self, phone, lea, odette, goods, clock, farm):
        clock.move_to(cast.OPEN_TIME)
        zoe = cast.placed_order({goods["carrots"]: 1}, name="Zoé", email="zoe@example.org")
        clock.move_to(cast.SEVEN)
        cancel_order(lea.pk, reason="empêchement", by=Actor.manager())
        Pickup.objects.filter(pk=odette.pk).update(to_be_paid_by=cast.SEVEN)
        hand_over(part(zoe).pk, by=Actor.producer(farm.partner.users.get()))
        whole = phone.get(address()).context["whole"]

        assert {o.part.pickup.number: o.progress for o in whole.orders} == {
            1: "cancelled",
            2: "pending",
            4: "handed-over",
        }
        assert (whole.done, whole.expected) == (1, 1)

    def test_marks_what_needs_no_weighing_as_ready(self, phone, lea, odette):
        assert phone.get(address()).context["whole"].without_weighing == 1
        answer = phone.post(address("prepare-rest"))

        assert answer.headers["Location"] == address()
        assert (part(odette).prepared_at, part(lea).prepared_at) == (cast.SEVEN, None)

    def test_before_orders_close_can_be_read_only(self, phone, odette, clock):
        clock.move_to(cast.OPEN_TIME)
        page = phone.get(address())
        phone.post(address("prepare-rest"))

        assert page.context["not_now"]
        assert address("prepare-rest") not in page.content.decode()
        assert part(odette).prepared_at is None

    def test_without_an_order_says_so(self, client, farm):
        client.force_login(farm.partner.users.get())

        assert client.get(address()).context["whole"].orders == []

    def test_asks_as_many_questions_for_one_order_as_for_many(self, phone, goods, django_assert_num_queries, clock):
        with django_assert_num_queries(7):
            phone.get(address())
        clock.move_to(cast.OPEN_TIME)
        for i in range(4):
            cast.placed_order({goods["carrots"]: 1, goods["chicken"]: 1}, name=f"Résident {i}", email="")
        clock.move_to(cast.SEVEN)
        with django_assert_num_queries(7):
            phone.get(address())

    def test_is_led_to_from_the_home_and_the_stall(self, phone, clock):
        assert address() in phone.get(reverse("producer-home")).content.decode()
        assert address() in phone.get(address("stall")).content.decode()

        clock.move_to(cast.OPEN_TIME)
        assert address() not in phone.get(reverse("producer-home")).content.decode()


class TestAnOrder:
    def test_asks_for_weights_where_something_is_weighed(self, phone, lea):
        lines = phone.get(address("prepare", 1)).context["form"].lines

        assert [(one.line.title, one.grams is not None) for one in lines] == [
            ("Carottes", False),
            ("Poulet fermier", True),
        ]

    def test_is_weighed_and_leads_to_the_next(self, phone, lea):
        answer = phone.post(address("prepare", 1), weighing(lea))

        assert answer.headers["Location"] == address("prepare", 2)
        assert (line(lea).final_grams, line(lea).final_cents) == (1620, 1588)

    def test_leads_round_to_those_that_were_left_out(self, phone, lea):
        assert phone.post(address("prepare", 2)).headers["Location"] == address("prepare", 1)

    def test_that_was_the_last_leads_to_the_list(self, phone, lea):
        phone.post(address("prepare", 2))

        assert phone.post(address("prepare", 1), weighing(lea)).headers["Location"] == address()

    def test_a_form_that_is_older_than_what_was_taken_off_puts_nothing_back(self, phone, lea):
        carrots = line(lea, "Carottes").pk
        phone.post(address("prepare", 1), weighing(lea, **{f"off_{carrots}": "on", f"why_{carrots}": "quality"}))
        stale = phone.post(address("prepare", 1), weighing(lea, off_seen=""))

        assert stale.status_code == 422
        assert line(lea, "Carottes").struck == "quality"

    def test_takes_off_what_there_is_not(self, phone, lea):
        carrots = line(lea, "Carottes").pk
        phone.post(address("prepare", 1), weighing(lea, **{f"off_{carrots}": "on", f"why_{carrots}": "quality"}))

        assert line(lea, "Carottes").struck == "quality"

    def test_shows_again_what_was_weighed_and_taken_off(self, phone, lea):
        carrots = line(lea, "Carottes").pk
        phone.post(address("prepare", 1), weighing(lea, **{f"off_{carrots}": "on", f"why_{carrots}": "quality"}))
        form = phone.get(address("prepare", 1)).context["form"]

        assert form[f"grams_{line(lea).pk}"].value().replace("\xa0", " ") == "1,62 kg"
        assert (form[f"off_{carrots}"].value(), form[f"why_{carrots}"].value()) == (True, "quality")

    def test_says_that_the_price_of_a_heavy_piece_stays(self, phone, lea):
        answer = phone.post(address("prepare", 1), weighing(lea, "1900") | {f"sure_{line(lea).pk}": "1900"})

        assert [message.level_tag for message in get_messages(answer.wsgi_request)] == ["success", "warning"]

    def test_names_the_price_at_which_fewer_heavy_pieces_stay(self, phone, goods, clock):
        clock.move_to(cast.OPEN_TIME)
        two = cast.placed_order({goods["chicken"]: 2}, slot=goods["chicken"].day.slots.all()[2])
        clock.move_to(cast.SEVEN)
        key = line(two).pk
        typed = {f"grams_{key}": "1900", f"units_{key}": "1", f"sure_{key}": "1900"}
        answer = phone.post(address("prepare", two.number), typed)

        said = [message.message for message in get_messages(answer.wsgi_request)][-1]
        assert "17,64" in said, "the most that one can cost, not two"

    @pytest.mark.parametrize(
        "typed",
        ["", "beaucoup", "-1", "0", "2", "9 kg", "1,2,3", "9" * 50],
        ids=["nothing", "words", "negative", "zero", "too light", "too heavy", "two marks", "endless"],
    )
    def test_says_what_is_wrong_and_keeps_what_was_typed(self, phone, lea, typed):
        answer = phone.post(address("prepare", 1), weighing(lea, typed))

        assert answer.status_code == 422
        assert answer.context["form"].errors.keys() == {f"grams_{line(lea).pk}"}
        assert answer.context["form"][f"grams_{line(lea).pk}"].value() == typed
        assert f'href="#id_grams_{line(lea).pk}"' in answer.content.decode()
        assert part(lea).prepared_at is None

    def test_refuses_what_was_handed_over_meanwhile(self, phone, lea, farm):
        hand_over(part(lea).pk, by=Actor.producer(farm.partner.users.get()))

        assert phone.post(address("prepare", 1), weighing(lea)).status_code == 409
        assert line(lea).final_grams is None

    @pytest.mark.parametrize("number", [3, 99])
    def test_of_another_stall_does_not_exist(self, phone, number):
        assert phone.get(address("prepare", number)).status_code == 404
        assert phone.post(address("prepare", number)).status_code == 404

    def test_that_is_cancelled_is_struck_through(self, phone, lea):
        cancel_order(lea.pk, reason="empêchement", by=Actor.manager())

        page = phone.get(address("prepare", 1)).content.decode()

        assert len(re.findall(r"<s>[^<]*(?:Carottes|Poulet fermier)</s>", page)) == 2

    def test_of_who_is_to_be_called_and_has_no_number_says_nothing_of_a_call(self, phone, odette):
        Pickup.objects.filter(pk=odette.pk).update(phone="", note="")

        assert "note--warning" not in phone.get(address("prepare", 2)).content.decode()

    def test_of_another_producer_does_not_exist(self, phone):
        other = reverse("prepare", args=["le-rucher", "beauvais", cast.SATURDAY, 3])

        assert phone.post(other).status_code == 404

    def test_asks_about_an_unusual_weight_and_keeps_what_was_typed(self, phone, lea):
        carrots = line(lea, "Carottes").pk
        typed = weighing(lea, "900 g") | {f"off_{carrots}": "on", f"why_{carrots}": "quality"}
        asked = phone.post(address("prepare", 1), typed)
        page = asked.content.decode()

        assert asked.status_code == 422
        assert f'name="sure_{line(lea).pk}" value="900">' in page
        assert 'value="900 g"' in page
        assert re.search(rf'name="off_{carrots}"[^>]* checked', page)
        assert part(lea).prepared_at is None

    def test_takes_the_unusual_weight_that_was_said_to_be_right_and_no_other(self, phone, lea):
        said = {f"sure_{line(lea).pk}": "900"}
        assert phone.post(address("prepare", 1), weighing(lea, "800 g") | said).status_code == 422
        assert phone.post(address("prepare", 1), weighing(lea, "0,9 kg") | said).status_code == 302

        assert line(lea).final_grams == 900

    def test_keeps_the_tick_when_something_else_is_wrong(self, phone, lea):
        said = {f"sure_{line(lea).pk}": "900", "off_seen": "123456"}
        page = phone.post(address("prepare", 1), weighing(lea, "900 g") | said)

        assert page.status_code == 422
        assert f'name="sure_{line(lea).pk}" value="900" checked' in page.content.decode()

    def test_asks_a_fixed_number_of_questions(self, phone, django_assert_num_queries):
        with django_assert_num_queries(7):
            phone.get(address("prepare", 1))


def charged(pickup: Pickup) -> None:
    """Its card was charged."""
    state = PaymentAttempt.State.CAPTURED
    attempt = PaymentAttempt.objects.create(
        order=pickup.order,
        till="x",
        parameters={},
        amount_cents=1764,
        captured_cents=1568,
        expires_at=cast.SEVEN,
        state=state,
    )
    Instruction.objects.create(attempt=attempt, kind="capture", state="done", cents=1568, due_at=cast.SEVEN)


class TestAtTheStall:
    """The farm's parts are paid by card on the site."""

    @pytest.fixture
    def paid(self, lea: Pickup) -> Pickup:
        ProducerOrder.objects.filter(producer__slug="ferme-du-ru").update(online=True)
        return lea

    def test_nothing_can_be_paid(self, phone, paid):
        page = phone.get(address("stall-order", 1)).content.decode()

        assert 'name="amount"' not in page
        assert address("stall-pay", 1) not in page
        assert phone.post(address("stall-pay", 1), {"means": "cash", "amount": "3,30"}).status_code == 409

    def test_it_is_done_once_it_is_handed_over(self, phone, paid):
        keys = [line(paid, "Carottes").pk, line(paid).pk]
        phone.post(address("stall-hand-over", 1), {"lines": keys, "means": ""})
        whole = phone.get(address("stall"), {"liste": "remises"}).context["whole"]

        assert [order.stage for order in whole.orders] == ["done", "to-hand-over"]
        assert (whole.due_cents, whole.taken_cents) == (0, 0)

    def test_twice_is_noted_once_also_with_something_missing(self, phone, paid):
        form = {"lines": [line(paid).pk], "means": ""}
        phone.post(address("stall-hand-over", 1), form)

        assert phone.post(address("stall-hand-over", 1), form).status_code == 302
        assert paid.changes.count() == 1

    def test_what_was_missing_is_not_offered_again_once_the_card_was_charged(self, phone, paid):
        phone.post(address("stall-hand-over", 1), {"lines": [line(paid).pk], "means": ""})
        charged(paid)
        phone.post(address("stall-take-back", 1), {"reason": "mistake"})
        page = phone.get(address("stall-order", 1))

        assert [one.title for one, _words in page.context["order"].lines_there] == ["Poulet fermier"]
        phone.post(address("stall-hand-over", 1), {"lines": [line(paid).pk], "means": ""})
        assert line(paid, "Carottes").missing

    def test_an_order_of_which_nothing_is_left_is_ticked_off(self, phone, paid):
        LineDetail.objects.filter(part=part(paid)).update(struck="shortage")
        phone.post(address("stall-hand-over", 1), {"means": ""})

        assert part(paid).handed_over_at == cast.SEVEN

    def test_a_line_taken_off_meanwhile_is_said(self, phone, paid):
        keys = [line(paid, "Carottes").pk, line(paid).pk]
        LineDetail.objects.filter(pk=keys[0]).update(struck="shortage")

        assert phone.post(address("stall-hand-over", 1), {"lines": keys, "means": ""}).status_code == 422

    def test_an_order_that_is_not_paid_yet_is_found_and_not_handed_over(self, phone, paid):
        Pickup.objects.filter(pk=paid.pk).update(to_be_paid_by=cast.SEVEN)
        page = phone.get(address("stall"), {"q": "1"}, follow=True)

        assert (page.context["order"].stage, page.context["can_note"]) == ("pending", False)
        assert [order.part.pickup.number for order in phone.get(address("stall")).context["whole"].orders] == [2]


@pytest.mark.parametrize(
    ("typed", "grams"),
    [
        ("1620", 1620),
        ("1620 g", 1620),
        ("1 620g", 1620),
        ("1,62 kg", 1620),
        ("1.62", 1620),
        ("2 KG", 2000),
        ("0,9", 900),
    ],
)
def test_a_weight_is_read_as_people_write_it(typed, grams):
    assert parse_weight(typed) == grams


@pytest.mark.parametrize("typed", ["1,6205", "1.62 g", "kg", "1e3", "-1", "१", "1,2,3", "1000000"])
def test_a_weight_that_could_be_anything_is_refused(typed):
    with pytest.raises(ValueError, match=r"\w"):
        parse_weight(typed)
