"""What is owed: Python and the database say the same of every state that a line, a part or an order can be in."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from django.db.models import Sum
from django.utils import timezone

from marche.markets.models import MarketDay
from orders import owed
from orders.models import LineDetail, Pickup, ProducerOrder
from producers.models import Listing
from tests import cast

pytestmark = pytest.mark.django_db
STATES = {
    "missing": (False, True),
    "struck": ("", "shortage"),
    "final": ((None, None), (1620, 1588), (1800, 1764)),
    "vat_bp": (0, 550, 2000),
}


@pytest.fixture
def chicken(carrots: Listing, day: MarketDay) -> Listing:
    """9.80 € a kilogram: 15.68 €, 17.64 € at most; of the farm whose carrots there are."""
    return cast.listing(cast.chicken(carrots.producer), day, price_cents=980, quantity=10)


@pytest.fixture
def lea(carrots: Listing, chicken: Listing, honey: Listing) -> Pickup:
    return cast.placed_order({carrots: 3, chicken: 1, honey: 1})


def put(line: LineDetail, missing: bool, struck: str, final: tuple[Any, Any], vat_bp: int) -> LineDetail:
    line.missing, line.struck, (line.final_grams, line.final_cents), line.vat_bp = missing, struck, final, vat_bp
    line.save()
    return line


@pytest.mark.parametrize("state", list(product(*STATES.values())), ids=str)
def test_of_a_line_python_and_the_database_say_the_same(lea: Pickup, chicken: Listing, state: tuple[Any, ...]) -> None:
    line = put(LineDetail.objects.get(listing=chicken), *state)
    rows = LineDetail.objects.annotate(due=owed.DUE, most=owed.MOST, vat=owed.VAT)

    found = rows.values_list("due", "most", "vat").get(pk=line.pk)

    assert found == (owed.due(line), owed.most(line), owed.vat(line))
    assert rows.filter(owed.OFF, pk=line.pk).exists() is owed.is_off(line)


@pytest.mark.parametrize(
    ("state", "due", "most"),
    [
        ({}, 1568, 1764),
        ({"final_grams": 1620, "final_cents": 1588}, 1588, 1588),
        ({"final_grams": 1620, "final_cents": 1588, "struck": "quality"}, 0, 0),
        ({"missing": True}, 0, 0),
        ({"struck": "shortage"}, 0, 0),
    ],
    ids=["ordered", "weighed", "weighed, then taken off", "missing", "taken off"],
)
def test_what_is_owed_for_a_line(lea: Pickup, chicken: Listing, state: dict[str, Any], due: int, most: int) -> None:
    LineDetail.objects.filter(listing=chicken).update(**state)
    line = LineDetail.objects.get(listing=chicken)

    assert (line.due_cents, line.most_cents) == (due, most)


@pytest.mark.parametrize("cancelled", [(), ("ferme-du-ru",), ("ferme-du-ru", "le-rucher")], ids=["none", "one", "all"])
def test_of_parts_and_orders_python_and_the_database_say_the_same(
    lea: Pickup, carrots: Listing, cancelled: tuple[str, ...]
) -> None:
    LineDetail.objects.filter(listing=carrots).update(missing=True)
    ProducerOrder.objects.filter(producer__slug__in=cancelled).update(cancelled_at=timezone.now())
    parts = list(ProducerOrder.objects.with_owed())
    pickup = Pickup.objects.with_owed().get()

    sums = [(owed.due_of(part), owed.most_of(part)) for part in parts]

    assert [(part.due_cents, part.most_cents) for part in parts] == sums
    assert (pickup.due_cents, pickup.most_cents) == tuple(map(sum, zip(*sums, strict=True)))
    assert Pickup.objects.with_owed().aggregate(sum=Sum("due_cents"))["sum"] == pickup.due_cents
    assert pickup.due_cents == {0: 1568 + 850, 1: 850, 2: 0}[len(cancelled)]


def test_a_card_owes_the_most_until_the_part_is_final(lea: Pickup, carrots: Listing) -> None:
    part = lea.parts.get(producer=carrots.producer)
    most = owed.charge_of(part)

    part.prepared_at = timezone.now()

    assert (most, owed.charge_of(part)) == (563 + 1764, 563 + 1568)
