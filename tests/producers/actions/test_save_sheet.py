"""A sheet is kept whole or with holes; what is on sale follows it."""

import pytest
import time_machine

from marche.common.refusals import Refused
from marche.markets.models import MarketDay
from producers.actions.archive_sheet import archive_sheet
from producers.actions.save_sheet import save_sheet
from producers.kinds import GoodsKind
from producers.models import Listing, ProductSheet
from producers.units import Unit
from tests.cast import CUTOFF, carrots, chicken, honey, listing

pytestmark = pytest.mark.django_db


@pytest.fixture
def on_sale(farm, day):
    return listing(carrots(farm), day)


def rewrite(sheet, **changes):
    return save_sheet(sheet.pk, producer=sheet.producer, **{"title": sheet.title, "kind": sheet.kind} | changes)


def is_on(on_sale):
    return Listing.objects.get(pk=on_sale.pk).on


def version(day):
    return MarketDay.objects.get(pk=day.pk).catalogue_version


def test_a_new_product_has_what_oscar_s_basket_needs(farm):
    product = carrots(farm).product

    assert (product.title, product.product_class.slug) == ("Carottes", GoodsKind.FRUIT_VEGETABLES)
    assert [record.partner for record in product.stockrecords.all()] == [farm.partner]


def test_an_incomplete_sheet_is_kept_and_says_what_is_missing(farm):
    assert ProductSheet.objects.get(pk=carrots(farm, origin="").pk).missing == ["origin"]


def test_a_contradiction_keeps_nothing(farm):
    with pytest.raises(Refused):
        chicken(farm, expected_grams=2000)

    assert not ProductSheet.objects.exists()


def test_allergens_and_none_of_them_is_a_contradiction(farm):
    with pytest.raises(Refused):
        carrots(farm, allergens=["celery"])


def test_a_name_of_any_signs_is_kept_as_it_is(farm):
    name = "Carottes 🥕 “d’antan” <script>alert(1)</script>"

    assert ProductSheet.objects.get(pk=carrots(farm, title=name).pk).title == name


def test_somebody_else_s_sheet_can_not_be_changed(farm, rucher):
    with pytest.raises(ProductSheet.DoesNotExist):
        save_sheet(honey(rucher).pk, producer=farm, title="Carottes", kind=GoodsKind.HONEY)


def test_a_change_makes_the_page_of_the_day_new(on_sale, day):
    before = version(day)
    rewrite(on_sale.sheet, description="Du sable, du vent")

    assert version(day) == before + 1
    assert is_on(on_sale)


def test_a_sheet_that_becomes_incomplete_is_taken_off_sale(on_sale):
    rewrite(on_sale.sheet, origin="")

    assert not is_on(on_sale)


def test_what_changes_its_unit_is_taken_off_sale_so_that_its_price_is_looked_at(on_sale):
    rewrite(on_sale.sheet, unit=Unit.BUNCH, step_grams=None)

    on_sale.refresh_from_db()
    assert (on_sale.on, on_sale.unit) == (False, Unit.BUNCH)


def test_what_somebody_ordered_keeps_its_unit_and_stays_on_sale(on_sale):
    Listing.objects.update(reserved=1)
    rewrite(on_sale.sheet, unit=Unit.BUNCH, step_grams=None)

    on_sale.refresh_from_db()
    assert (on_sale.on, on_sale.unit, on_sale.step_grams) == (True, Unit.WEIGHT, 500)


def test_a_day_past_its_cutoff_stays_as_it_was(on_sale):
    with time_machine.travel(CUTOFF, tick=False):
        rewrite(on_sale.sheet, origin="")

    assert is_on(on_sale)


def test_an_archived_product_is_taken_off_sale(on_sale, farm):
    archive_sheet(on_sale.sheet_id, producer=farm, archived=True)

    assert ProductSheet.objects.get().archived
    assert not is_on(on_sale)


def test_a_sheet_that_another_member_archived_meanwhile_stays_archived(on_sale, farm):
    opened = ProductSheet.objects.get()
    archive_sheet(on_sale.sheet_id, producer=farm, archived=True)
    rewrite(opened, description="Du sable, du vent")

    sheet = ProductSheet.objects.get()
    assert (sheet.archived, sheet.description) == (True, "Du sable, du vent")


def test_a_restored_product_is_back_but_not_on_sale_yet(on_sale, farm):
    archive_sheet(on_sale.sheet_id, producer=farm, archived=True)
    archive_sheet(on_sale.sheet_id, producer=farm, archived=False)

    assert not ProductSheet.objects.get().archived
    assert not is_on(on_sale)


def test_what_was_ordered_of_an_archived_product_stays_ordered(on_sale, farm):
    Listing.objects.update(reserved=3)
    archive_sheet(on_sale.sheet_id, producer=farm, archived=True)

    assert Listing.objects.get().reserved == 3


def test_somebody_else_s_sheet_can_not_be_archived(on_sale, rucher):
    with pytest.raises(ProductSheet.DoesNotExist):
        archive_sheet(on_sale.sheet_id, producer=rucher, archived=True)
