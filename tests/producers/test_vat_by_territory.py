"""VAT goes by where the market is: metropolitan France, the départements overseas that have it, or those without."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from marche.common.actors import Actor
from marche.common.refusals import Refused
from marche.markets.models import Market, MarketDay
from marche.markets.territories import Territory, territory_of
from orders.actions.change_market import change_market
from orders.documents.summary import context_of
from orders.manager.report.report import report_of
from orders.models import LineDetail, Summary
from producers.actions.save_offer import OfferRow, save_offer
from producers.catalogue.facts import price_words
from producers.kinds import GoodsKind
from producers.models import Listing, VatRate
from tests import cast
from tests.orders.conftest import carrots, close, day
from tests.orders.manager.people import claire, signed_in

__all__ = ["carrots", "close", "day"]

pytestmark = pytest.mark.django_db
NOWHERE = "TVA non applicable, article\xa0294 du CGI"


def held_in(market: Market, territory: Territory) -> None:
    Market.objects.filter(pk=market.pk).update(vat_territory=territory)


def rates(market: Market) -> dict[str, int]:
    """The rate of each kind of goods that an offer of the market has."""
    found = Listing.objects.with_vat().filter(day__market=market)
    return {listing.sheet.product.product_class.slug: listing.vat_bp for listing in found}  # type: ignore[misc]


@pytest.fixture
def one_of_each(day: MarketDay) -> Market:
    """An offer of food, of plants, of something eaten right away, and of something else."""
    farm = cast.ferme_du_ru(day.market)
    bare = {"no_allergens": True, "ingredients": "farine"}
    for kind in (GoodsKind.HONEY, GoodsKind.PLANTS, GoodsKind.READY_TO_EAT, GoodsKind.NON_FOOD):
        cast.listing(cast.honey(farm, title=kind.label, kind=kind, **bare), day)
    return day.market


@pytest.mark.parametrize(
    ("territory", "expected"),
    [
        (Territory.METROPOLITAN, {"honey": 550, "plants": 1000, "ready-to-eat": 1000, "non-food": 2000}),
        (Territory.OVERSEAS, {"honey": 210, "plants": 210, "ready-to-eat": 210, "non-food": 850}),
        (Territory.NONE, {"honey": 0, "plants": 0, "ready-to-eat": 0, "non-food": 0}),
    ],
)
def test_the_rate_is_that_of_the_territory_of_the_market(one_of_each, territory, expected):
    held_in(one_of_each, territory)

    assert rates(one_of_each) == expected


def test_every_kind_of_goods_has_a_rate_in_every_territory():
    found = VatRate.objects.filter(valid_until=None).values_list("territory", "product_class__slug")

    assert set(found) == {(territory, kind) for territory in Territory.values for kind in GoodsKind.values}


def test_a_producer_without_vat_has_none_anywhere(day):
    cast.listing(cast.honey(cast.le_rucher(day.market)), day)
    held_in(day.market, Territory.OVERSEAS)

    assert rates(day.market) == {"honey": 0}


def test_the_time_zone_has_no_say(day, carrots):
    Market.objects.update(time_zone="Indian/Reunion")

    assert rates(day.market) == {"fruit-vegetables": 550}


def test_a_rate_of_another_territory_does_not_help(day, carrots):
    VatRate.objects.filter(territory=Territory.OVERSEAS).delete()
    held_in(day.market, Territory.OVERSEAS)
    row = OfferRow(carrots.sheet_id, on=True, price_cents=100, quantity=1)

    assert rates(day.market) == {"fruit-vegetables": None}
    with translation.override("en"), pytest.raises(Refused) as refused:
        save_offer(day.pk, producer=carrots.producer, rows=[row])
    assert [problem.about for problem in refused.value.problems] == [carrots.sheet_id]
    assert refused.value.sentences[0].startswith("No VAT rate is known")


def test_the_next_rate_of_one_territory_is_not_that_of_the_others(day, carrots):
    food = carrots.sheet.product.product_class
    VatRate.objects.create(
        product_class=food, territory=Territory.OVERSEAS, rate_bp=300, valid_from=day.date - dt.timedelta(days=1)
    )
    assert rates(day.market) == {"fruit-vegetables": 550}

    held_in(day.market, Territory.OVERSEAS)
    assert rates(day.market) == {"fruit-vegetables": 300}


def test_a_rate_is_history_by_what_is_offered_in_its_own_territory(day, carrots):
    tomorrow, food = day.date - dt.timedelta(days=3), carrots.sheet.product.product_class
    new = [
        VatRate.objects.create(product_class=food, territory=where, rate_bp=300, valid_from=tomorrow)
        for where in (Territory.METROPOLITAN, Territory.OVERSEAS)
    ]

    assert [rate.is_history() for rate in new] == [True, False]


class TestAnOrder:
    def test_holds_the_vat_of_the_island(self, day, carrots):
        held_in(day.market, Territory.OVERSEAS)
        line = cast.placed_order({carrots: 3}).parts.get().details.get()

        assert (line.amount_cents, line.vat_bp, line.vat_cents) == (563, 210, 12)

    def test_keeps_the_vat_with_which_it_was_placed(self, day, carrots):
        cast.placed_order({carrots: 3})
        before = report_of(day.pk).tables["tva"].rows
        held_in(day.market, Territory.OVERSEAS)

        assert LineDetail.objects.get().vat_bp == 550
        assert report_of(day.pk).tables["tva"].rows == before

    def test_says_why_where_there_is_no_vat(self, day, carrots, close, client):
        held_in(day.market, Territory.NONE)
        listing = Listing.objects.with_related().with_vat().get()
        basket = cast.basket_of({carrots: 3})
        client.cookies["basket"] = basket.visitor
        shown = client.get(reverse("verify", args=[basket.pk])).content.decode()
        cast.order(basket)
        close()

        with translation.override("fr"):
            assert price_words(listing).endswith("TVA non applicable, art.\xa0294 du CGI")
            assert "TVA non applicable, art.\xa0294 du CGI." in shown
            assert context_of(Summary.objects.get())["amounts"][1:] == [NOWHERE]
            assert [row[0] for row in report_of(day.pk).tables["tva"].rows] == [NOWHERE]


class TestTheMarketsField:
    @pytest.mark.parametrize(
        ("postcode", "territory"),
        [
            ("60000", Territory.METROPOLITAN),
            ("20000", Territory.METROPOLITAN),
            ("97100", Territory.OVERSEAS),
            ("97200", Territory.OVERSEAS),
            ("97410", Territory.OVERSEAS),
            ("97300", Territory.NONE),
            ("97600", Territory.NONE),
            ("97500", Territory.NONE),
            ("97133", Territory.NONE),
            ("97150", Territory.NONE),
            ("98800", Territory.NONE),
        ],
    )
    def test_fits_the_postcode(self, postcode, territory):
        assert territory_of(postcode) is territory

    def test_that_does_not_fit_the_postcode_is_refused(self, day):
        with pytest.raises(Refused) as refused:
            change_market(day.market_id, values={"postcode": "97410"}, by=Actor.manager())
        assert "97410" in refused.value.sentences[0]
        market = change_market(
            day.market_id, values={"postcode": "97410", "vat_territory": Territory.OVERSEAS}, by=Actor.manager()
        )

        assert market.vat_territory == Territory.OVERSEAS

    def test_is_shown_on_the_managers_settings(self, day):
        held_in(day.market, Territory.OVERSEAS)
        page = signed_in(claire(day.market)).get(reverse("manage-market", args=[day.market.slug])).content.decode()

        assert "Guadeloupe, Martinique, La Réunion" in page

    def test_that_does_not_fit_is_told_to_the_manager_who_types_another_postcode(self, day):
        url, manager = reverse("manage-market", args=[day.market.slug]), signed_in(claire(day.market))
        form = manager.get(url).context["form"]
        typed = {name: form[name].value() or "" for name in form.fields}
        answer = manager.post(url, typed | {"postcode": "97410"})

        assert "97410" in str(answer.context["form"].non_field_errors())
        assert Market.objects.get().postcode == "60000"

    def test_is_written_in_the_administration(self, day):
        boss = Client()
        boss.force_login(cast.member("boss@example.org", is_staff=True, is_superuser=True))
        page = boss.get(reverse("admin:markets_market_change", args=[day.market_id])).content.decode()

        assert 'name="vat_territory"' in page
