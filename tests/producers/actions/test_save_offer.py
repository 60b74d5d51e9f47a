"""The verb behind the grid: what it saves, and what it refuses without changing anything."""

import datetime as dt

import pytest
import time_machine

from marche.common.refusals import Refused
from marche.markets.models import Market, MarketDay
from producers.actions.save_offer import OfferRow, save_offer
from producers.models import Listing, Producer, ProductSheet
from producers.units import Unit
from tests.cast import CUTOFF, OPEN_TIME, carrots, honey, listing

pytestmark = pytest.mark.django_db


def row(sheet: ProductSheet, **changes: object) -> OfferRow:
    return OfferRow(**{"sheet_id": sheet.pk, "on": True, "price_cents": 220, "quantity": 10, **changes})


def refusal(farm: Producer, day: MarketDay, sheet: ProductSheet, **changes: object) -> tuple[str, str]:
    """The field at fault and the sentence, for a line that differs in `changes` from a good one."""
    with pytest.raises(Refused) as refused:
        save_offer(day.pk, producer=farm, rows=[row(sheet, **changes)])
    assert not Listing.objects.exclude(price_cents=220, quantity=10, on=True).exists()
    [problem] = refused.value.problems
    assert problem.about == sheet.pk
    return problem.field, problem.sentence


def test_a_line_makes_a_listing_with_the_unit_of_its_sheet(farm, day):
    sheet = carrots(farm)
    assert save_offer(day.pk, producer=farm, rows=[row(sheet)]) == 1
    made = Listing.objects.get()
    assert (made.producer, made.on, made.price_cents, made.quantity, made.reserved) == (farm, True, 220, 10, 0)
    assert (made.unit, made.step_grams) == (Unit.WEIGHT, 500)


def test_a_change_makes_the_page_of_the_day_new(farm, day):
    save_offer(day.pk, producer=farm, rows=[row(carrots(farm))])
    assert MarketDay.objects.get(pk=day.pk).catalogue_version == day.catalogue_version + 1


def test_saving_the_same_again_changes_nothing(farm, day):
    sheet = carrots(farm)
    save_offer(day.pk, producer=farm, rows=[row(sheet)])
    version = MarketDay.objects.get(pk=day.pk).catalogue_version
    assert save_offer(day.pk, producer=farm, rows=[row(sheet)]) == 0
    assert MarketDay.objects.get(pk=day.pk).catalogue_version == version


def test_a_line_that_is_off_and_half_empty_makes_no_listing(farm, day):
    assert save_offer(day.pk, producer=farm, rows=[row(carrots(farm), on=False, quantity=None)]) == 0


def test_a_line_filled_in_but_not_switched_on_is_kept_off_sale(farm, day):
    save_offer(day.pk, producer=farm, rows=[row(carrots(farm), on=False)])
    assert (Listing.objects.get().on, Listing.objects.get().price_cents) == (False, 220)


def test_what_is_emptied_while_switching_off_keeps_its_price_and_quantity(farm, day):
    offered = listing(carrots(farm), day)
    save_offer(day.pk, producer=farm, rows=[row(offered.sheet, on=False, price_cents=None, quantity=None)])
    offered.refresh_from_db()
    assert (offered.on, offered.price_cents, offered.quantity) == (False, 220, 10)


def test_lines_that_are_not_sent_stay_as_they_are(farm, day):
    kept = listing(carrots(farm), day)
    save_offer(day.pk, producer=farm, rows=[row(carrots(farm, title="Carottes des sables"))])
    kept.refresh_from_db()
    assert kept.on


def test_one_wrong_line_keeps_all_others_from_being_saved(farm, day):
    good, wrong = carrots(farm), carrots(farm, title="Panais")
    with pytest.raises(Refused):
        save_offer(day.pk, producer=farm, rows=[row(good), row(wrong, price_cents=None)])
    assert not Listing.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"price_cents": None}, "price"),
        ({"price_cents": 0}, "price"),
        ({"price_cents": 100_001}, "price"),
        ({"quantity": None}, "quantity"),
        ({"quantity": 0}, "quantity"),
        ({"quantity": 10_000}, "quantity"),
    ],
)
def test_what_can_not_be_is_refused_at_its_field(farm, day, changes, field):
    assert refusal(farm, day, carrots(farm), **changes)[0] == field


def test_a_price_at_which_one_unit_costs_less_than_a_cent_is_refused_at_its_field(farm, day):
    """100 g at a cent a kilogram."""
    field, sentence = refusal(farm, day, carrots(farm, step_grams=100), price_cents=1)
    assert field == "price"
    assert "cent" in sentence


def test_the_largest_price_and_quantity_are_accepted(farm, day):
    assert save_offer(day.pk, producer=farm, rows=[row(carrots(farm), price_cents=100_000, quantity=9_999)]) == 1


def test_the_quantity_can_not_go_below_what_is_reserved(farm, day):
    offered = listing(carrots(farm), day, reserved=4)
    field, sentence = refusal(farm, day, offered.sheet, quantity=3)
    assert field == "quantity"
    assert "4" in sentence


def test_nor_when_the_product_is_switched_off(farm, day):
    offered = listing(carrots(farm), day, reserved=4)
    assert refusal(farm, day, offered.sheet, on=False, quantity=3)[0] == "quantity"


def test_the_quantity_can_go_down_to_what_is_reserved(farm, day):
    offered = listing(carrots(farm), day, reserved=4)
    save_offer(day.pk, producer=farm, rows=[row(offered.sheet, quantity=4)])
    offered.refresh_from_db()
    assert (offered.quantity, offered.remaining) == (4, 0)


def test_what_is_reserved_keeps_the_unit_it_was_ordered_in(farm, day):
    offered = listing(carrots(farm), day, reserved=1)
    ProductSheet.objects.filter(pk=offered.sheet_id).update(step_grams=1000)
    save_offer(day.pk, producer=farm, rows=[row(offered.sheet, quantity=20)])
    offered.refresh_from_db()
    assert offered.step_grams == 500


def test_an_incomplete_sheet_can_not_be_on_sale_and_is_told_what_is_missing(farm, day):
    field, sentence = refusal(farm, day, carrots(farm, origin=""))
    assert field == "on"
    assert "origin" in sentence.lower()


def test_an_incomplete_sheet_can_still_be_switched_off(farm, day):
    offered = listing(carrots(farm, origin=""), day)
    assert save_offer(day.pk, producer=farm, rows=[row(offered.sheet, on=False)]) == 1


def test_an_archived_product_can_not_be_on_sale(farm, day):
    assert refusal(farm, day, carrots(farm, archived=True))[0] == "on"


def test_alcohol_can_not_be_on_sale_where_the_market_does_not_sell_it(farm, day):
    cider = carrots(farm, kind="alcohol", alcohol_percent="4.5", ingredients="Pommes", species="")
    assert refusal(farm, day, cider)[0] == "on"


def test_alcohol_can_be_on_sale_where_the_market_sells_it(farm, day):
    Market.objects.update(sells_alcohol=True)
    cider = carrots(farm, kind="alcohol", alcohol_percent="4.5", ingredients="Pommes", species="")
    assert save_offer(day.pk, producer=farm, rows=[row(cider)]) == 1


def test_after_the_cutoff_nothing_changes(farm, day):
    sheet = carrots(farm)
    with time_machine.travel(CUTOFF, tick=False), pytest.raises(Refused) as refused:
        save_offer(day.pk, producer=farm, rows=[row(sheet)])
    assert [problem.about for problem in refused.value.problems] == [None]
    assert not Listing.objects.exists()


def test_a_minute_before_the_cutoff_it_still_does(farm, day):
    sheet = carrots(farm)
    with time_machine.travel(CUTOFF - dt.timedelta(minutes=1), tick=False):
        assert save_offer(day.pk, producer=farm, rows=[row(sheet)]) == 1


def test_the_offer_of_a_cancelled_day_does_not_change(farm, day):
    MarketDay.objects.filter(pk=day.pk).update(cancelled_at=OPEN_TIME)
    with pytest.raises(Refused) as refused:
        save_offer(day.pk, producer=farm, rows=[row(carrots(farm))])
    assert [problem.about for problem in refused.value.problems] == [None]


def test_somebody_else_s_product_does_not_exist(farm, day, rucher):
    with pytest.raises(ProductSheet.DoesNotExist):
        save_offer(day.pk, producer=farm, rows=[row(honey(rucher))])
    assert not Listing.objects.exists()
