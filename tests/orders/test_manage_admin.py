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
from tests.orders.manage_cast import AFTER_CUTOFF, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    """A day with an order, and its summary."""
    with time_machine.travel(cast.OPEN_TIME, tick=False) as traveller:
        day = cast.saturday(cast.beauvais(weeks_ahead=1))
        cast.placed_order({cast.listing(cast.carrots(cast.ferme_du_ru(day.market)), day): 1})
        traveller.move_to(AFTER_CUTOFF)
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


def test_putting_the_times_of_a_day_right_leaves_its_counts_alone(client: Client) -> None:
    day = MarketDay.objects.get()
    page = f"/administration/markets/marketday/{day.pk}/change/"
    hours = {"opens_at": "09:00", "closes_at": "12:00", "starts_at": "08:00", "ends_at": "13:00"}
    dates = {"opens_at": "2026-11-23", "closes_at": "2026-11-26", "starts_at": "2026-11-28", "ends_at": "2026-11-28"}
    typed = {f"{name}_{i}": part[name] for name in hours for i, part in enumerate((dates, hours))}
    forms = {f"slots-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL")}

    response = client.post(page, {**typed, **forms, "order_cap": 1, "orders_count": 99})

    day.refresh_from_db()
    assert response.status_code == 302
    assert (day.ends_at.astimezone(cast.PARIS).hour, day.orders_count, day.order_cap) == (13, 1, 350)
