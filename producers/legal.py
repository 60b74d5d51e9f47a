"""What the law wants said of a product before anyone buys it, by kind of goods.

Sources: regulation (EU) 1169/2011 (INCO), articles 9, 14, 21 and 44; décret 2010-109 (origin of fruit and vegetables);
regulation (EU) 2023/2429 (marketing standards); regulation (EU) 1308/2013 (eggs); décret 2022-482 (honey);
regulation (EU) 1337/2013 and décret 2022-65 (origin of meat); regulation (EU) 1379/2013 (fish).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from producers.kinds import GoodsKind, Species

if TYPE_CHECKING:
    from producers.models import ProductSheet

_MEAT_ORIGIN = ("born_in", "raised_in", "slaughtered_in")

# Whatever is sold loose or prepacked must say these, beside the allergens that all food says.
BY_KIND: dict[GoodsKind, tuple[str, ...]] = {
    GoodsKind.FRUIT_VEGETABLES: ("origin", "species"),
    GoodsKind.MEAT: _MEAT_ORIGIN,
    GoodsKind.POULTRY: ("raised_in", "slaughtered_in"),
    GoodsKind.CHARCUTERIE: ("ingredients", "raised_in", "slaughtered_in"),
    GoodsKind.EGGS: ("egg_code", "origin"),
    GoodsKind.DAIRY: ("milk_treatment", "origin"),
    GoodsKind.CHEESE: ("milk_treatment", "origin"),
    GoodsKind.BREAD: ("ingredients",),
    GoodsKind.HONEY: ("honey_countries",),
    GoodsKind.FISH: ("fishing_method", "fishing_area"),
    GoodsKind.PREPARED: ("ingredients",),
    GoodsKind.DRY_GOODS: ("origin",),
    GoodsKind.DRINKS: ("ingredients",),
    GoodsKind.ALCOHOL: ("alcohol_percent", "ingredients"),
    GoodsKind.READY_TO_EAT: ("ingredients",),
    GoodsKind.PLANTS: (),
    GoodsKind.NON_FOOD: (),
}

_PREPACKED = ("ingredients", "storage")
_SPECIES: dict[Species, tuple[str, ...]] = {
    Species.APPLE: ("variety", "category"),
    Species.PEAR: ("variety", "category"),
    Species.CITRUS: ("variety", "category", "calibre"),
    Species.KIWI: ("category",),
    Species.LETTUCE: ("category",),
    Species.PEACH: ("category", "calibre"),
    Species.STRAWBERRY: ("category",),
    Species.PEPPER: ("category",),
    Species.GRAPE: ("variety", "category"),
    Species.TOMATO: ("category",),
}
NOT_FOOD = {GoodsKind.PLANTS, GoodsKind.NON_FOOD}


def required_fields(sheet: ProductSheet) -> list[str]:
    """The names of the fields that this sheet must fill in, in the order of its form."""
    kind = sheet.kind
    if kind is None:
        return ["product"]  # whose kind is to be chosen
    names = list(BY_KIND[kind])
    if sheet.species and kind is GoodsKind.FRUIT_VEGETABLES:
        names += _SPECIES.get(Species(sheet.species), ())
    if sheet.prepacked and kind not in NOT_FOOD:
        names += [*_PREPACKED, *(() if sheet.has_net_quantity else ("net_grams",))]
    if kind not in NOT_FOOD:
        names.append("allergens")
    return list(dict.fromkeys(names))


def missing_fields(sheet: ProductSheet) -> list[str]:
    """The names of the required fields that are empty: a sheet with any of them can't be listed."""
    missing = [name for name in required_fields(sheet) if _is_empty(sheet, name)]
    return missing + [name for name in sheet.missing_unit_fields() if name not in missing]


def _is_empty(sheet: ProductSheet, name: str) -> bool:
    if name == "product":
        return sheet.kind is None
    if name == "allergens":
        return not sheet.allergens and not sheet.no_allergens
    return getattr(sheet, name) in (None, "", [])
