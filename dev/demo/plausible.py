"""Between which prices goods are sold in the Oise, so that a slipped finger in a file of the demo is noticed."""

from __future__ import annotations

from producers.kinds import Kind
from producers.units import Per, ReferencePrice

# Lowest and highest cents per kilogram, litre, piece or bunch.
BOUNDS: dict[Kind, dict[Per, tuple[int, int]]] = {
    Kind.FRUIT_VEGETABLES: {Per.KILOGRAM: (100, 2800), Per.PIECE: (80, 400), Per.BUNCH: (80, 400)},
    Kind.MEAT: {Per.KILOGRAM: (700, 3500)},
    Kind.POULTRY: {Per.KILOGRAM: (500, 2500)},
    Kind.CHARCUTERIE: {Per.KILOGRAM: (900, 4500)},
    Kind.EGGS: {Per.PIECE: (25, 60)},
    Kind.DAIRY: {Per.KILOGRAM: (400, 1600), Per.LITRE: (100, 1200)},
    Kind.CHEESE: {Per.KILOGRAM: (1000, 5500)},
    Kind.BREAD: {Per.KILOGRAM: (450, 2600)},
    Kind.HONEY: {Per.KILOGRAM: (1200, 5000)},
    Kind.FISH: {Per.KILOGRAM: (3000, 8000)},
    Kind.PREPARED: {Per.KILOGRAM: (500, 2500), Per.LITRE: (500, 1000)},
    Kind.DRY_GOODS: {Per.KILOGRAM: (150, 2500), Per.LITRE: (500, 1500)},
    Kind.DRINKS: {Per.LITRE: (250, 600)},
    Kind.ALCOHOL: {Per.LITRE: (400, 2000)},
    Kind.READY_TO_EAT: {Per.PIECE: (300, 900)},
    Kind.PLANTS: {Per.PIECE: (150, 800)},
    Kind.NON_FOOD: {Per.PIECE: (300, 2000)},
}


def implausible(kind: Kind, price: ReferencePrice) -> list[str]:
    """A sentence when this is no price for goods of this kind, else nothing."""
    bounds = BOUNDS[kind].get(price.per)
    if bounds is None:
        return [f"{kind.value} is not sold per {price.per.value}: give its net quantity"]
    lowest, highest = bounds
    if lowest <= price.cents <= highest:
        return []
    return [f"{price.cents} cents per {price.per.value} is implausible for {kind.value}: {lowest} to {highest}"]
