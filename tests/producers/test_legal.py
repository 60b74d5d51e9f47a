"""What the law wants known before a product is bought, table by table. Rules and sources: producers/legal.py."""

import pytest

from marche.shop.oscar import Product, ProductClass
from producers.kinds import GoodsKind, Species
from producers.legal import NOT_FOOD, missing_fields, required_fields
from producers.models import ProductSheet
from producers.units import Unit

ALWAYS = {
    GoodsKind.FRUIT_VEGETABLES: {"origin", "species"},
    GoodsKind.MEAT: {"born_in", "raised_in", "slaughtered_in"},
    GoodsKind.POULTRY: {"raised_in", "slaughtered_in"},
    GoodsKind.CHARCUTERIE: {"ingredients", "raised_in", "slaughtered_in"},
    GoodsKind.EGGS: {"egg_code", "origin"},
    GoodsKind.DAIRY: {"milk_treatment", "origin"},
    GoodsKind.CHEESE: {"milk_treatment", "origin"},
    GoodsKind.BREAD: {"ingredients"},
    GoodsKind.HONEY: {"honey_countries"},
    GoodsKind.FISH: {"fishing_method", "fishing_area"},
    GoodsKind.PREPARED: {"ingredients"},
    GoodsKind.DRY_GOODS: {"origin"},
    GoodsKind.DRINKS: {"ingredients"},
    GoodsKind.ALCOHOL: {"alcohol_percent", "ingredients"},
    GoodsKind.READY_TO_EAT: {"ingredients"},
    GoodsKind.PLANTS: set(),
    GoodsKind.NON_FOOD: set(),
}
BY_SPECIES = {
    Species.APPLE: {"variety", "category"},
    Species.PEAR: {"variety", "category"},
    Species.CITRUS: {"variety", "category", "calibre"},
    Species.KIWI: {"category"},
    Species.LETTUCE: {"category"},
    Species.PEACH: {"category", "calibre"},
    Species.STRAWBERRY: {"category"},
    Species.PEPPER: {"category"},
    Species.GRAPE: {"variety", "category"},
    Species.TOMATO: {"category"},
    Species.OTHER: set(),
}
FILLED = {"milk_treatment": "raw", "alcohol_percent": 5, "species": "other", "category": "I", "no_allergens": True}


def sheet(kind=GoodsKind.BREAD, **fields):
    """In memory, with nothing filled in but what is said."""
    return ProductSheet(product=Product(title="Essai", product_class=ProductClass(slug=kind)), **fields)


def required(*args, **fields):
    return set(required_fields(sheet(*args, **fields)))


def test_the_table_of_kinds_is_whole():
    assert set(ALWAYS) == set(GoodsKind)


def test_the_table_of_species_is_whole():
    assert set(BY_SPECIES) == set(Species)


@pytest.mark.parametrize("kind", GoodsKind)
def test_each_kind_must_say_its_own(kind):
    allergens = set() if kind in NOT_FOOD else {"allergens"}

    assert required(kind) == ALWAYS[kind] | allergens


@pytest.mark.parametrize("kind", [kind for kind in GoodsKind if kind not in NOT_FOOD])
def test_what_is_prepacked_also_says_ingredients_storage_and_net_quantity(kind):
    assert required(kind, prepacked=True) == ALWAYS[kind] | {"allergens", "ingredients", "storage", "net_grams"}


@pytest.mark.parametrize("kind", sorted(NOT_FOOD))
def test_a_packed_plant_is_no_food(kind):
    assert required(kind, prepacked=True) == set()


@pytest.mark.parametrize("species", Species)
def test_the_marketing_standards_want_category_variety_or_size(species):
    wanted = required(GoodsKind.FRUIT_VEGETABLES, species=species)

    assert wanted == {"origin", "species", "allergens"} | BY_SPECIES[species]


@pytest.mark.parametrize("kind", GoodsKind)
@pytest.mark.parametrize("prepacked", [False, True])
def test_each_required_field_is_missing_alone_when_it_alone_is_empty(kind, prepacked):
    names = required_fields(sheet(kind, prepacked=prepacked))
    values = {name: FILLED.get(name, "rempli") for name in names if name not in ("allergens", "net_grams")}
    values |= {"no_allergens": True, "net_grams": 500, "unit": Unit.PIECE}
    whole = sheet(kind, prepacked=prepacked, **values)
    assert missing_fields(whole) == []
    for name in names:
        emptied = {"no_allergens": False} if name == "allergens" else {name: None if name == "net_grams" else ""}
        assert missing_fields(sheet(kind, prepacked=prepacked, **values | emptied)) == [name]


def test_allergens_are_answered_by_naming_one():
    assert "allergens" not in missing_fields(sheet(allergens=["gluten"], ingredients="Farine"))


def test_or_by_saying_that_there_is_none():
    assert "allergens" not in missing_fields(sheet(no_allergens=True, ingredients="Farine"))


@pytest.mark.parametrize("held", [{"net_grams": 500}, {"net_millilitres": 750}, {"pieces": 6}])
def test_the_net_quantity_is_a_weight_a_volume_or_a_number(held):
    assert "net_grams" not in missing_fields(sheet(prepacked=True, **held))


@pytest.mark.parametrize(
    ("unit", "missing"),
    [
        (Unit.PIECE, []),
        (Unit.BUNCH, []),
        (Unit.PACK, ["net_grams"]),
        (Unit.WEIGHT, ["step_grams"]),
        (Unit.WEIGHED, ["min_grams", "expected_grams", "max_grams"]),
    ],
)
def test_each_unit_wants_what_its_price_is_worked_out_from(unit, missing):
    assert missing_fields(sheet(GoodsKind.PLANTS, unit=unit)) == missing
