"""A kind of goods without a VAT rate, or that the site does not know: not sold, said in words, and no page fails."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from marche.common.refusals import Refused
from marche.shop.oscar import Product, ProductClass
from orders.actions.fit_basket import fit_basket
from orders.actions.set_quantity import set_quantity
from orders.presenters.basket import contents_of
from producers.actions.repeat_offer import repeat_offer
from producers.actions.save_offer import OfferRow, save_offer
from producers.models import Listing, ProductSheet, VatRate
from tests import cast
from tests.producers.people import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def carrots(farm, day) -> Listing:
    return cast.listing(cast.carrots(farm), day)


def without_rate(listing: Listing) -> None:
    VatRate.objects.filter(product_class=listing.sheet.product.product_class).delete()


def of_unknown_kind(listing: Listing) -> None:
    unknown = ProductClass.objects.create(name="Bijoux", slug="bijoux")
    Product.objects.filter(pk=listing.sheet_id).update(product_class=unknown)


HOLES = pytest.mark.parametrize("hole", [without_rate, of_unknown_kind])


def why_refused(listing: Listing) -> str:
    row = OfferRow(listing.sheet_id, on=True, price_cents=100, quantity=1)
    with translation.override("en"), pytest.raises(Refused) as refused:
        save_offer(listing.day_id, producer=listing.producer, rows=[row])
    return next(one.sentence for one in refused.value.problems if one.about == listing.sheet_id)


def test_what_has_no_rate_on_the_day_is_refused_in_words(carrots):
    without_rate(carrots)

    assert why_refused(carrots) == "No VAT rate is known for “Fruit and vegetables” on this day: tell the market."


def test_what_has_no_rate_any_more_on_the_day_is_refused(carrots, day):
    VatRate.objects.update(valid_until=day.date - dt.timedelta(days=1))

    assert why_refused(carrots).startswith("No VAT rate is known")


def test_what_is_of_an_unknown_kind_is_refused_in_words(carrots):
    of_unknown_kind(carrots)

    assert why_refused(carrots) == "The site does not know the kind of this product: choose one on its sheet."


@HOLES
def test_the_same_as_last_time_leaves_it_out_and_names_it(carrots, day, hole):
    next_day = cast.saturday(day.market, cast.SATURDAY + dt.timedelta(days=7))
    hole(carrots)

    assert [left.title for left in repeat_offer(next_day.pk, producer=carrots.producer).left_out] == ["Carottes"]


@HOLES
def test_no_rate_is_made_up(carrots, hole):
    hole(carrots)

    assert Listing.objects.with_vat().get().vat_bp is None


@HOLES
def test_it_is_neither_put_into_a_basket_nor_ordered(carrots, hole):
    basket = cast.basket_of({carrots: 1})
    shown = cast.shown(basket)
    hole(carrots)

    with pytest.raises(Refused, match="no-rate"):
        set_quantity(carrots.pk, visitor=None, quantity=1)
    with pytest.raises(Refused, match="no-rate"):
        cast.order(basket, shown=shown)
    fit_basket(basket.pk)
    assert contents_of(basket).is_empty


@HOLES
def test_no_page_fails(carrots, day, hole):
    cast.placed_order({carrots: 1})
    basket = cast.basket_of({carrots: 1})
    hole(carrots)
    visitor = Client()
    visitor.cookies[settings.BASKET_COOKIE_NAME] = basket.visitor
    member = signed_in(carrots.producer.partner.users.get())
    claire = cast.member("claire@example.org")
    day.market.managers.add(claire)
    farm, market = carrots.producer.slug, day.market.slug
    pages = [
        (visitor, reverse("home")),
        (visitor, day.get_absolute_url()),
        (visitor, carrots.get_absolute_url()),
        (visitor, reverse("producer", args=[farm])),
        (visitor, reverse("basket")),
        (visitor, reverse("verify", args=[basket.pk])),
        (member, reverse("sheets", args=[farm])),
        (member, reverse("offer", args=[farm, market, day.date])),
        (signed_in(claire), reverse("manage-report", args=[market, day.date])),
    ]

    assert {page: status for who, page in pages if (status := who.get(page).status_code) != 200} == {}


def test_a_product_of_an_unknown_kind_asks_its_producer_for_one(carrots):
    of_unknown_kind(carrots)
    member = signed_in(carrots.producer.partner.users.get())

    response = member.get(reverse("sheet", args=[carrots.producer.slug, carrots.sheet_id]))

    assert response["Location"] == reverse("sheet-kind", args=[carrots.producer.slug, carrots.sheet_id])
    assert member.get(response["Location"]).status_code == 200
    with translation.override("en"):
        assert ProductSheet.objects.get().missing_labels == ["kind of goods"]
