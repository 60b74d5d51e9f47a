"""What an administrator reads of orders, and the little that it may change of a day."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from marche.markets.models import MarketDay
from orders.actions.close_day import close_day
from orders.models import Pickup, Summary
from tests import cast
from tests.orders.manager.people import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    """A day with an order, and its summary."""
    with time_machine.travel(cast.OPEN_TIME, tick=False) as traveller:
        day = cast.saturday(cast.beauvais())
        cast.placed_order({cast.listing(cast.carrots(cast.ferme_du_ru(day.market)), day): 1})
        traveller.move_to(cast.AFTER_CUTOFF)
        close_day(day.pk)
        yield


@pytest.fixture
def client() -> Client:
    return signed_in(cast.member("alex@example.org", is_superuser=True, is_staff=True))


@pytest.mark.parametrize("model", ["markets/market", "markets/marketday", "orders/pickup", "orders/summary"])
def test_the_lists_open(client: Client, model: str) -> None:
    assert client.get(f"/administration/{model}/").status_code == 200


def test_an_order_and_a_summary_are_read_and_not_written(client: Client) -> None:
    for address in (f"pickup/{Pickup.objects.get().pk}", f"summary/{Summary.objects.get().pk}"):
        page = f"/administration/orders/{address}/change/"
        assert client.get(page).status_code == 200
        assert client.post(page, {"name": "x"}).status_code == 403


def test_the_token_of_a_summary_is_not_shown(client: Client) -> None:
    summary = Summary.objects.get()

    assert summary.token not in client.get(f"/administration/orders/summary/{summary.pk}/change/").content.decode()


def test_the_times_of_a_day_are_read_and_not_written(client: Client) -> None:
    """Its managers move and prolong it, with its slots, and tell everybody (see test_move_day.py)."""
    day = MarketDay.objects.get()
    page = f"/administration/markets/marketday/{day.pk}/change/"

    assert client.get(page).status_code == 200
    assert client.post(page, {"ends_at_0": "2026-11-28", "ends_at_1": "13:00"}).status_code == 403
    assert MarketDay.objects.get().ends_at == day.ends_at


def test_where_a_market_is_and_its_zone_are_read_and_not_written(client: Client) -> None:
    page = client.get(f"/administration/markets/market/{MarketDay.objects.get().market_id}/change/").content.decode()

    assert 'name="name"' in page
    assert not [name for name in ("place", "street", "postcode", "town", "time_zone") if f'name="{name}"' in page]
