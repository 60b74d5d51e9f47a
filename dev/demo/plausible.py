"""Between which prices goods are sold in the Oise, so that a slipped finger in a file of the demo is noticed."""

from __future__ import annotations

from producers.kinds import GoodsKind
from producers.units import Per, ReferencePrice

# Lowest and highest cents per kilogram, litre, piece or bunch.
BOUNDS: dict[GoodsKind, dict[Per, tuple[int, int]]] = {
    GoodsKind.FRUIT_VEGETABLES: {Per.KILOGRAM: (100, 2800), Per.PIECE: (80, 400), Per.BUNCH: (80, 400)},
    GoodsKind.MEAT: {Per.KILOGRAM: (700, 3500)},
    GoodsKind.POULTRY: {Per.KILOGRAM: (500, 2500)},
    GoodsKind.CHARCUTERIE: {Per.KILOGRAM: (900, 4500)},
    GoodsKind.EGGS: {Per.PIECE: (25, 60)},
    GoodsKind.DAIRY: {Per.KILOGRAM: (400, 1600), Per.LITRE: (100, 1200)},
    GoodsKind.CHEESE: {Per.KILOGRAM: (1000, 5500)},
    GoodsKind.BREAD: {Per.KILOGRAM: (450, 2600)},
    GoodsKind.HONEY: {Per.KILOGRAM: (1200, 5000)},
    GoodsKind.FISH: {Per.KILOGRAM: (3000, 8000)},
    GoodsKind.PREPARED: {Per.KILOGRAM: (500, 2500), Per.LITRE: (500, 1000)},
    GoodsKind.DRY_GOODS: {Per.KILOGRAM: (150, 2500), Per.LITRE: (500, 1500)},
    GoodsKind.DRINKS: {Per.LITRE: (250, 600)},
    GoodsKind.ALCOHOL: {Per.LITRE: (400, 2000)},
    GoodsKind.READY_TO_EAT: {Per.PIECE: (300, 900)},
    GoodsKind.PLANTS: {Per.PIECE: (150, 800)},
    GoodsKind.NON_FOOD: {Per.PIECE: (300, 2000)},
}


def implausible(kind: GoodsKind, price: ReferencePrice) -> list[str]:
    """A sentence when this is no price for goods of this kind, else nothing."""
    bounds = BOUNDS[kind].get(price.per)
    if bounds is None:
        return [f"{kind.value} is not sold per {price.per.value}: give its net quantity"]
    lowest, highest = bounds
    if lowest <= price.cents <= highest:
        return []
    return [f"{price.cents} cents per {price.per.value} is implausible for {kind.value}: {lowest} to {highest}"]
