"""A manager takes lines off an order, whenever that turns out to be right, and never twice."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client

from marche.common.actors import Actor
from orders.actions.cancel_order import cancel_order
from orders.actions.hand_over import hand_over
from orders.actions.strike_lines import strike_lines
from orders.actions.take_payment import take_payment
from orders.manager.presenters.history import history_of
from orders.models import LineDetail, Pickup, StrikeReason
from orders.presenters.paying import Payment
from producers.kinds import PaymentMeans
from tests import cast
from tests.cast import farm_part
from tests.orders.manager.people import claire, signed_in, url
from tests.refusals import refusal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def lea(clock: time_machine.Traveller) -> Pickup:
    """Carrots (3.30 €) and a chicken (15.68 €) of the farm, a honey elsewhere."""
    market = cast.beauvais()
    day, farm = cast.saturday(market), cast.ferme_du_ru(market)
    carrots = cast.listing(cast.carrots(farm), day)
    chicken = cast.listing(cast.chicken(farm), day, price_cents=980)
    honey = cast.listing(cast.honey(cast.le_rucher(market)), day, price_cents=850)
    return cast.placed_order({carrots: 3, chicken: 1, honey: 1})


@pytest.fixture
def manager(lea: Pickup) -> User:
    return claire(lea.day.market)


def line(pickup: Pickup, title: str = "Carottes") -> LineDetail:
    return farm_part(pickup).details.get(title=title)


def struck(pickup: Pickup, user: User, *lines: int, **changes: Any) -> bool:
    values: dict[str, Any] = {"why": StrikeReason.COMPLAINT, "reason": "abîmées"} | changes
    return strike_lines(farm_part(pickup).pk, lines=lines or [line(pickup).pk], by=Actor.manager(user), **values)[1]


class TestTakingOff:
    def test_leaves_nothing_due_for_the_line(self, lea, manager):
        assert struck(lea, manager)

        assert (line(lea).struck, line(lea).due_cents) == ("complaint", 0)
        assert line(lea, "Poulet fermier").due_cents == 1568

    def test_is_told_with_who_and_why(self, lea, manager):
        struck(lea, manager)
        change = lea.changes.get()

        assert (change.kind, change.actor, change.user, change.part) == ("struck", "manager", manager, farm_part(lea))
        assert "Carottes" in change.reason
        assert "abîmées" in change.reason
        assert "Claire Moreau" in history_of(lea)[-1].sentence

    def test_twice_is_the_same_as_once(self, lea, manager):
        struck(lea, manager)

        assert not struck(lea, manager, why=StrikeReason.OTHER, reason="autre")
        assert line(lea).struck == "complaint"
        assert lea.changes.count() == 1

    def test_is_possible_after_the_goods_were_handed_over(self, lea, manager, clock):
        clock.move_to(cast.NINE)
        hand_over(farm_part(lea).pk, by=Actor.producer(manager))

        assert struck(lea, manager)

    def test_never_touches_the_line_of_another_stall(self, lea, manager):
        other = lea.parts.get(producer__slug="le-rucher").details.get()

        assert not struck(lea, manager, other.pk)
        other.refresh_from_db()
        assert not other.struck

    def test_with_a_long_reason_fits_the_history(self, lea, manager):
        assert struck(lea, manager, reason="x" * 250)


class TestIsRefused:
    def test_for_a_cancelled_order(self, lea, manager):
        cancel_order(lea.pk, reason="empêchement", by=Actor.manager())

        assert refusal(struck, lea, manager) == "cancelled"

    def test_for_what_was_paid_at_the_stall(self, lea, manager, clock):
        clock.move_to(cast.NINE)
        take_payment(farm_part(lea).pk, payment=Payment(PaymentMeans.CASH, 1898), by=Actor.producer(manager))

        assert refusal(struck, lea, manager) == "paid-at-stall"
        assert not line(lea).struck


class TestTheManagersForm:
    @pytest.fixture
    def client(self, manager: User) -> Client:
        return signed_in(manager)

    def address(self, pickup: Pickup, part: int | None = None) -> str:
        return url(pickup.day, f"commandes/{pickup.number}/lignes/{part or farm_part(pickup).pk}/")

    def page(self, client: Client, pickup: Pickup) -> Any:
        return client.get(url(pickup.day, f"commandes/{pickup.number}/"))

    def test_takes_off_the_ticked_lines(self, client, lea):
        form = {"lines": [line(lea).pk], "reason": "shortage", "detail": "gel de la nuit"}
        answer = client.post(self.address(lea), form)

        assert answer.headers["Location"] == url(lea.day, "commandes/1/")
        assert line(lea).struck == "shortage"
        assert "gel de la nuit" in lea.changes.get().reason

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"lines": []}, "lines"),
            ({"lines": ["999999"]}, "lines"),
            ({"reason": ""}, "reason"),
            ({"reason": "whim"}, "reason"),
            ({"reason": "other"}, "detail"),
            ({"detail": "y" * 101}, "detail"),
        ],
        ids=["nothing ticked", "a line of others", "no reason", "unknown reason", "other, unsaid", "too long"],
    )
    def test_says_what_is_wrong_and_keeps_the_rest(self, client, lea, change, field):
        answer = client.post(self.address(lea), {"lines": [line(lea).pk], "reason": "shortage"} | change)

        assert answer.status_code == 422
        assert field in answer.context["wrong"].errors
        assert not lea.changes.exists()

    def test_says_why_it_is_refused(self, client, lea, manager, clock):
        clock.move_to(cast.NINE)
        take_payment(farm_part(lea).pk, payment=Payment(PaymentMeans.CASH, 1898), by=Actor.producer(manager))
        client.post(self.address(lea), {"lines": [line(lea).pk], "reason": "shortage"})

        assert not line(lea).struck

    def test_stands_where_something_can_be_taken_off(self, client, lea, manager):
        struck(lea, manager, line(lea).pk, line(lea, "Poulet fermier").pk)
        sections = self.page(client, lea).context["sections"]

        assert [(part.producer.slug, strike is not None) for part, strike, _cancel in sections] == [
            ("ferme-du-ru", False),
            ("le-rucher", True),
        ]

    def test_of_another_order_does_not_exist(self, client, lea):
        other = cast.placed_order({line(lea).listing: 1}, email="ines@example.org")

        assert client.post(self.address(lea, farm_part(other).pk)).status_code == 404

    def test_is_never_sent_by_looking(self, client, lea):
        assert client.get(self.address(lea)).status_code == 405
