"""A weight that is unusual for so many pieces is asked about once at the stall, as it is at the bench."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from marche.common.actors import Actor
from marche.common.refusals import Refused
from marche.markets.models import MarketDay
from orders.actions.hand_over import hand_over
from orders.models import LineDetail, Pickup
from orders.steps.give import Given
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def lea(day: MarketDay, clock: time_machine.Traveller) -> Pickup:
    """Three chickens of 1.4 to 1.8 kg, at 12 € a kilogram, on the market day."""
    yard = cast.producer("La Basse-cour", "basse-cour", 3, day.market)
    pickup = cast.placed_order({cast.listing(cast.chicken(yard), day, price_cents=1200): 3})
    clock.move_to(cast.SEVEN)
    return pickup


@pytest.fixture
def member(lea: Pickup) -> User:
    return User.objects.get(email="basse-cour-member@example.org")


def line_of(pickup: Pickup) -> LineDetail:
    return LineDetail.objects.get(part__pickup=pickup)


def give(pickup: Pickup, user: User, units: int, grams: int, *, sure: bool = False) -> bool:
    pk = line_of(pickup).pk
    given, said = {pk: Given(units, grams)}, [pk] if sure else []
    return hand_over(pickup.parts.get().pk, given=given, sure=said, by=Actor.producer(user))[1]


def refusal(*args: Any, **kwargs: Any) -> str:
    with pytest.raises(Refused) as refused:
        give(*args, **kwargs)
    return refused.value.problems[0].code


class TestTheVerb:
    @pytest.mark.parametrize(("units", "grams"), [(2, 2799), (2, 3601), (1, 1399), (1, 1801)])
    def test_asks_about_what_so_many_pieces_do_not_weigh(self, lea, member, units, grams):
        assert refusal(lea, member, units, grams) == "unusual"
        assert lea.parts.get().handed_over_at is None

    @pytest.mark.parametrize(("units", "grams"), [(2, 2800), (2, 3600), (1, 1400), (1, 1800)])
    def test_takes_what_so_many_pieces_weigh(self, lea, member, units, grams):
        assert give(lea, member, units, grams)

    @pytest.mark.parametrize("grams", [1620, 4000])
    def test_takes_what_somebody_is_sure_of(self, lea, member, grams):
        assert give(lea, member, 2, grams, sure=True)
        assert line_of(lea).given_grams == grams

    @pytest.mark.parametrize(("grams", "code"), [(466, "too-light"), (2 * 1800 * 3 + 1, "too-heavy")])
    def test_refuses_what_cannot_be_however_sure(self, lea, member, grams, code):
        assert refusal(lea, member, 2, grams, sure=True) == code

    def test_does_not_ask_again_about_what_stands_there(self, lea, member):
        give(lea, member, 2, 1620, sure=True)

        assert not give(lea, member, 2, 1620)


class TestTheScreen:
    @pytest.fixture
    def phone(self, member: User) -> Client:
        client = Client()
        client.force_login(member)
        return client

    def post(self, phone: Client, pickup: Pickup, amount: str = "19,44", **typed: str) -> Any:
        pk = line_of(pickup).pk
        address = reverse("stall-hand-over", args=["basse-cour", "beauvais", pickup.day.date, pickup.number])
        form = {"lines": [pk], "means": "cash", "amount": amount}
        return phone.post(address, form | {f"{name}_{pk}": value for name, value in typed.items()})

    def test_asks_with_a_box_to_tick(self, lea, phone):
        page = self.post(phone, lea, units="2", grams="1620")

        assert (page.status_code, lea.parts.get().handed_over_at) == (422, None)
        assert f'name="sure_{line_of(lea).pk}" value="1620">' in page.content.decode()
        assert "open" in page.content.decode().split("stall__fewer")[1][:20]

    def test_passes_once_the_box_is_ticked(self, lea, phone):
        self.post(phone, lea, units="2", grams="1620", sure="1620")

        assert (line_of(lea).given_grams, lea.parts.get().paid_cents) == (1620, 1944)

    def test_asks_again_about_another_weight(self, lea, phone):
        page = self.post(phone, lea, units="2", grams="1500", sure="1620")

        assert page.status_code == 422
        assert f'name="sure_{line_of(lea).pk}" value="1500">' in page.content.decode()

    def test_keeps_the_tick_when_something_else_is_wrong(self, lea, phone):
        page = self.post(phone, lea, amount="x", units="2", grams="1620", sure="1620")

        assert f'name="sure_{line_of(lea).pk}" value="1620" checked>' in page.content.decode()

    @pytest.mark.parametrize("units", ["3", ""])
    def test_never_loses_a_weight_that_was_typed_without_saying_of_how_many(self, lea, phone, units):
        page = self.post(phone, lea, units=units, grams="3240")

        assert (page.status_code, lea.parts.get().handed_over_at) == (422, None)
        assert f"units_{line_of(lea).pk}" in page.context["give_form"].errors
