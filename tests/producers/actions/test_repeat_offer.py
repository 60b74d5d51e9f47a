"""“Same as last time”: what comes back, what is left out, and what is left alone."""

import datetime as dt

import pytest
import time_machine
from django.utils import translation

from marche.common.refusals import Refused
from marche.markets.models import MarketDay
from producers.actions.archive_sheet import archive_sheet
from producers.actions.repeat_offer import repeat_offer
from producers.actions.save_sheet import save_sheet
from producers.kinds import GoodsKind
from producers.models import Listing, ProductSheet
from tests.cast import CUTOFF, SATURDAY, carrots, honey, listing, saturday

pytestmark = pytest.mark.django_db
WEEK = dt.timedelta(days=7)


@pytest.fixture
def last_week(day):
    return saturday(day.market, SATURDAY - WEEK)


def test_what_was_on_sale_is_on_sale_again_at_the_same_price_and_quantity(farm, day, last_week):
    listing(carrots(farm), last_week, price_cents=210, quantity=25, reserved=25)

    repeated = repeat_offer(day.pk, producer=farm)

    again = Listing.objects.get(day=day)
    assert (again.on, again.price_cents, again.quantity, again.reserved) == (True, 210, 25, 0)
    assert (repeated.made, repeated.left_out, repeated.last_day) == (1, [], last_week)


def test_what_was_off_sale_stays_out(farm, day, last_week):
    listing(carrots(farm), last_week)
    listing(carrots(farm, title="Panais"), last_week, on=False)

    assert repeat_offer(day.pk, producer=farm).made == 1


def test_what_is_in_the_offer_already_stays_as_it_is(farm, day, last_week):
    sheet = carrots(farm)
    listing(sheet, last_week, price_cents=210)
    changed = listing(sheet, day, price_cents=250, on=False)

    assert repeat_offer(day.pk, producer=farm).made == 0
    changed.refresh_from_db()
    assert (changed.price_cents, changed.on) == (250, False)


def test_repeating_twice_makes_nothing_twice(farm, day, last_week):
    listing(carrots(farm), last_week)
    repeat_offer(day.pk, producer=farm)

    assert repeat_offer(day.pk, producer=farm).made == 0


def test_the_last_day_with_an_offer_counts_when_a_week_was_left_out(farm, day, last_week):
    earlier = saturday(day.market, SATURDAY - 2 * WEEK)
    listing(carrots(farm), earlier)
    listing(carrots(farm, title="Panais"), last_week, on=False)

    assert repeat_offer(day.pk, producer=farm).last_day == earlier


def test_a_cancelled_day_is_not_repeated(farm, day, last_week):
    listing(carrots(farm), last_week)
    MarketDay.objects.filter(pk=last_week.pk).update(cancelled_at=CUTOFF)

    assert repeat_offer(day.pk, producer=farm).last_day is None


def test_without_an_earlier_offer_nothing_happens(farm, day):
    repeated = repeat_offer(day.pk, producer=farm)

    assert (repeated.made, repeated.last_day) == (0, None)


def test_another_producer_s_offer_is_not_repeated(farm, rucher, day, last_week):
    listing(honey(rucher), last_week)

    assert repeat_offer(day.pk, producer=farm).last_day is None


def test_a_sheet_that_became_incomplete_is_left_out_and_named(farm, day, last_week):
    sheet = carrots(farm)
    listing(sheet, last_week)
    ProductSheet.objects.filter(pk=sheet.pk).update(origin="")

    repeated = repeat_offer(day.pk, producer=farm)

    assert [left.title for left in repeated.left_out] == ["Carottes"]
    assert not Listing.objects.filter(day=day).exists()


def test_an_archived_product_is_left_out(farm, day, last_week):
    sheet = carrots(farm)
    listing(sheet, last_week)
    archive_sheet(sheet.pk, producer=farm, archived=True)

    assert len(repeat_offer(day.pk, producer=farm).left_out) == 1


def test_what_is_out_of_its_season_on_that_day_is_left_out_and_named_with_its_months(farm, day, last_week):
    listing(carrots(farm, title="Chapon", months=[12]), last_week)
    listing(carrots(farm, months=[10, 11]), last_week)

    with translation.override("en"):
        repeated = repeat_offer(day.pk, producer=farm)

    assert [listing.sheet.title for listing in Listing.objects.filter(day=day)] == ["Carottes"]
    assert repeated.left_out == [("Chapon", "It is out of season: its months are December.")]


def test_a_product_sold_another_way_is_left_out_for_its_price_was_meant_for_the_old_way(farm, day, last_week):
    sheet = carrots(farm)
    listing(sheet, last_week)
    with time_machine.travel(CUTOFF):
        save_sheet(
            sheet.pk, producer=farm, title="Carottes", kind=GoodsKind.FRUIT_VEGETABLES, unit="bunch", step_grams=None
        )
    with time_machine.travel(CUTOFF - WEEK + dt.timedelta(days=1)):
        assert len(repeat_offer(day.pk, producer=farm).left_out) == 1


def test_after_the_cutoff_it_is_refused(farm, day, last_week):
    listing(carrots(farm), last_week)

    with time_machine.travel(CUTOFF, tick=False), pytest.raises(Refused):
        repeat_offer(day.pk, producer=farm)
