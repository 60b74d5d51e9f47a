"""Fewer than were ordered, as a producer types it at the bench and at the stall."""

from __future__ import annotations

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from marche.markets.models import MarketDay
from orders.models import Pickup
from producers.units import Unit
from tests import cast
from tests.orders.fewer_cast import line_of, part_of, sold

pytestmark = pytest.mark.django_db


class TestTheScreens:
    @pytest.fixture
    def lea(self, day: MarketDay, clock: time_machine.Traveller) -> Pickup:
        pickup = cast.placed_order({sold(day, 120, unit=Unit.PIECE, step_grams=None, title="Laitue"): 3})
        clock.move_to(cast.AFTER_CUTOFF)
        return pickup

    @pytest.fixture
    def client(self, lea: Pickup) -> Client:
        client = Client()
        client.force_login(User.objects.get(email="ferme-du-ru-member@example.org"))
        return client

    def address(self, pickup: Pickup, where: str) -> str:
        return reverse(where, args=["ferme-du-ru", pickup.day.market.slug, pickup.day.date, pickup.number])

    def test_the_bench_takes_how_many_there_are(self, lea, client):
        pk = line_of(lea).pk
        page = client.get(self.address(lea, "prepare"))
        assert f'name="units_{pk}"' in page.content.decode()

        client.post(self.address(lea, "prepare"), {f"units_{pk}": "2", "off_seen": ""})

        assert line_of(lea).due_cents == 240

    def test_the_bench_says_what_cannot_be(self, lea, client):
        pk = line_of(lea).pk
        answer = client.post(self.address(lea, "prepare"), {f"units_{pk}": "4", "off_seen": ""})

        assert (answer.status_code, line_of(lea).units) == (422, 3)
        assert f"units_{pk}" in answer.context["form"].errors

    def test_none_on_the_bench_needs_no_reason(self, lea, client):
        client.post(self.address(lea, "prepare"), {f"units_{line_of(lea).pk}": "0", "off_seen": ""})

        assert line_of(lea).struck == "shortage"

    def test_the_stall_takes_how_many_are_given(self, lea, client, clock):
        clock.move_to(cast.SEVEN)
        pk = line_of(lea).pk
        form = {"lines": [pk], f"units_{pk}": "2", "amount": "2,40", "means": "cash"}

        client.post(self.address(lea, "stall-hand-over"), form)

        assert (line_of(lea).due_cents, part_of(lea).paid_cents) == (240, 240)

    def test_the_stall_says_what_cannot_be(self, lea, client, clock):
        clock.move_to(cast.SEVEN)
        pk = line_of(lea).pk
        for units in ("4", "-1", "two"):
            answer = client.post(self.address(lea, "stall-hand-over"), {"lines": [pk], f"units_{pk}": units})
            assert (answer.status_code, part_of(lea).handed_over_at) == (422, None)
            assert "open" in answer.content.decode().split("stall__fewer")[1][:20]

    def test_none_of_anything_is_not_handed_over(self, lea, client, clock):
        clock.move_to(cast.SEVEN)
        pk = line_of(lea).pk

        assert client.post(self.address(lea, "stall-hand-over"), {"lines": [pk], f"units_{pk}": "0"}).status_code == 422
