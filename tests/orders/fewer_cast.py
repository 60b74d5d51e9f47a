"""An order of one line, of which there may be less."""

from __future__ import annotations

from typing import Any

from marche.markets.models import MarketDay
from orders.models import LineDetail, Pickup, ProducerOrder
from producers.kinds import GoodsKind
from producers.models import Listing
from tests import cast


def sold(day: MarketDay, price: int, **unit: Any) -> Listing:
    sheet = cast.carrots(cast.ferme_du_ru(day.market), kind=GoodsKind.FRUIT_VEGETABLES, **unit)
    return cast.listing(sheet, day, price_cents=price)


def line_of(pickup: Pickup) -> LineDetail:
    return LineDetail.objects.get(part__pickup=pickup)


def part_of(pickup: Pickup) -> ProducerOrder:
    return pickup.parts.get()
