"""Product sheets over HTTP: what is asked follows the kind, and a sheet with holes is kept."""

import pytest
from django.urls import reverse

from producers.kinds import GoodsKind
from producers.models import Listing, ProductSheet
from tests.cast import carrots, listing

pytestmark = pytest.mark.django_db
CHEESE = {"kind": "cheese", "title": "Tome de brebis", "unit": "weight", "step_grams": "100", "drawing": "cheese"}


@pytest.fixture
def new(farm):
    return reverse("sheet-new", args=[farm.slug])


@pytest.fixture
def sheet(farm):
    return carrots(farm)


@pytest.fixture
def url(sheet):
    return reverse("sheet", args=[sheet.producer.slug, sheet.pk])


def as_typed(sheet, **changes):
    """The form of carrots as the browser sends it."""
    return {
        "kind": sheet.kind.value,
        "title": sheet.title,
        "unit": sheet.unit,
        "step_grams": "500",
        "drawing": sheet.drawing,
        "origin": sheet.origin,
        "species": sheet.species,
        "no_allergens": "on",
        **changes,
    }


def test_first_the_kind_is_asked(claire, new):
    text = claire.get(new).text

    assert text.count('name="kind"') == len(GoodsKind)
    assert 'name="title"' not in text


def test_then_only_what_concerns_it(claire, new):
    form = claire.get(new, {"kind": "cheese"}).context["form"]

    assert {"milk_treatment", "origin", "allergens"} <= set(form.fields)
    assert not {"species", "egg_code", "alcohol_percent"} & set(form.fields)


def test_what_is_no_food_is_not_asked_for_allergens(claire, new):
    assert "allergens" not in claire.get(new, {"kind": "plants"}).context["form"].fields


def test_a_kind_that_does_not_exist_is_asked_again(claire, new):
    assert 'name="title"' not in claire.get(new, {"kind": "dragons"}).text


def test_an_incomplete_sheet_is_kept_and_says_what_it_lacks(claire, new, farm):
    response = claire.post(new, CHEESE, follow=True)

    made = ProductSheet.objects.get()
    assert (made.producer, made.title, made.kind, made.step_grams) == (farm, "Tome de brebis", GoodsKind.CHEESE, 100)
    assert "This sheet is not complete yet" in response.text
    for name in ("milk_treatment", "origin", "allergens"):
        assert f'href="#id_{name}"' in response.text
        assert f'id="id_{name}"' in response.text


def test_a_whole_sheet_can_go_on_sale(claire, new):
    whole = CHEESE | {"milk_treatment": "raw", "origin": "Oise, France", "allergens": ["milk"], "months": ["4", "5"]}

    response = claire.post(new, whole, follow=True)

    made = ProductSheet.objects.get()
    assert (made.missing, made.allergens, made.months) == ([], ["milk"], [4, 5])
    assert "This product can go on sale." in response.text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"step_grams": "0"}, "step_grams"),
        ({"step_grams": "1,5"}, "step_grams"),
        ({"step_grams": "1000000000"}, "step_grams"),
        ({"allergens": ["milk"], "no_allergens": "on"}, "no_allergens"),
        ({"allergens": ["dragons"]}, "allergens"),
        ({"months": ["13"]}, "months"),
    ],
)
def test_what_can_not_be_is_said_at_its_field_and_nothing_typed_is_lost(claire, new, changes, field):
    response = claire.post(new, CHEESE | {"description": "Affinée “deux mois”"} | changes)

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert "Affinée “deux mois”" in response.text
    assert not ProductSheet.objects.exists()


def test_weights_that_contradict_each_other_are_refused(claire, new):
    weights = {"unit": "weighed", "min_grams": "1400", "expected_grams": "2000", "max_grams": "1800"}

    response = claire.post(new, CHEESE | weights)

    assert "The expected weight must lie between the smallest and the largest." in response.text


def test_what_belongs_to_another_unit_is_emptied_rather_than_refused(claire, new):
    claire.post(new, CHEESE | {"unit": "piece", "step_grams": "abc"})

    assert ProductSheet.objects.get().step_grams is None


def test_alcohol_is_written_with_a_comma(claire, new):
    cider = {"kind": "alcohol", "title": "Cidre", "unit": "pack", "net_millilitres": "750", "drawing": "bottle"}
    claire.post(new, cider | {"alcohol_percent": "4,5"})

    assert str(ProductSheet.objects.get().alcohol_percent) == "4.5"


def test_a_name_of_any_signs_is_shown_as_it_was_typed(claire, new):
    text = claire.post(new, CHEESE | {"title": "Tome 🧀 <script>alert('x')</script>"}, follow=True).text

    assert "<script>alert" not in text
    assert "Tome 🧀 &lt;script&gt;" in text


def test_a_sheet_is_shown_and_changed(claire, url, sheet):
    assert 'value="Oise, France"' in claire.get(url).text

    claire.post(url, as_typed(sheet, origin="Somme, France"))

    assert ProductSheet.objects.get().origin == "Somme, France"


def test_another_kind_shows_what_goes_with_it_and_empties_what_does_not(claire, url, sheet):
    assert "ingredients" in claire.get(url, {"kind": "prepared"}).context["form"].fields

    claire.post(url, as_typed(sheet, kind="prepared", ingredients="Carottes"))

    changed = ProductSheet.objects.get()
    assert (changed.kind, changed.species, changed.missing) == (GoodsKind.PREPARED, "", [])


def test_a_change_that_takes_a_product_off_sale_says_for_which_day(claire, url, sheet, day):
    listing(sheet, day)

    response = claire.post(url, as_typed(sheet, origin=""), follow=True)

    assert "Carottes was taken off sale for" in response.text
    assert not Listing.objects.get().on


def test_the_list_shows_what_lacks_something_first(claire, farm):
    carrots(farm), carrots(farm, title="Panais", origin="")

    sheets = claire.get(reverse("sheets", args=[farm.slug])).context["sheets"]

    assert [sheet.title for sheet in sheets] == ["Panais", "Carottes"]


def test_archiving_can_be_undone_at_once(claire, farm, sheet):
    response = claire.post(reverse("sheet-archive", args=[farm.slug, sheet.pk]), follow=True)

    restore = reverse("sheet-restore", args=[farm.slug, sheet.pk])
    assert f'action="{restore}"' in response.text
    assert ProductSheet.objects.get().archived
    claire.post(restore)
    assert not ProductSheet.objects.get().archived


@pytest.mark.parametrize("name", ["sheet-archive", "sheet-restore"])
def test_a_product_is_not_put_away_by_looking_at_it(claire, farm, sheet, name):
    assert claire.get(reverse(name, args=[farm.slug, sheet.pk])).status_code == 405


def test_the_list_takes_no_more_queries_for_60_products_than_for_12(claire, farm, django_assert_num_queries):
    url = reverse("sheets", args=[farm.slug])
    for number in range(12):
        carrots(farm, title=f"Carottes {number}")
    with django_assert_num_queries(4):  # session, person, producer, sheets
        claire.get(url)
    for number in range(12, 60):
        carrots(farm, title=f"Carottes {number}")
    with django_assert_num_queries(4):
        claire.get(url)
