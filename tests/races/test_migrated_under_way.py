"""A migration adds a column while a process that keeps its plans goes on taking orders, as during an upgrade."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connection

from producers.models import Listing
from tests import cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
TABLES = ("markets_marketday", "orders_daybasket")


def elsewhere(statement: str) -> None:
    """In another connection, as a migration does."""

    def run() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(run).result()


@pytest.fixture
def carrots() -> Iterator[Listing]:
    with time_machine.travel(cast.OPEN_TIME, tick=False):
        market = cast.beauvais()
        yield cast.listing(cast.carrots(cast.ferme_du_ru(market)), cast.saturday(market), quantity=100)


@pytest.mark.parametrize("table", TABLES)
def test_an_order_placed_right_after_it_is_taken(carrots: Listing, table: str) -> None:
    for _i in range(6):
        cast.placed_order({carrots: 1})
    basket = cast.basket_of({carrots: 1})
    elsewhere(f"ALTER TABLE {table} ADD COLUMN later integer")
    try:
        pickup = cast.order(basket)
    finally:
        elsewhere(f"ALTER TABLE {table} DROP COLUMN later")

    assert pickup.number == 7
