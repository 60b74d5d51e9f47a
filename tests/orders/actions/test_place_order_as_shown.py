"""An order is what its page showed: anything that has changed since refuses it, and is named."""

from __future__ import annotations

import pytest
from django.utils import translation

from marche.shop.oscar import Product
from orders.actions.set_quantity import write_lines
from orders.models import Pickup
from orders.presenters.basket import Item
from orders.presenters.seen import Shown
from producers.models import Listing
from tests import cast
from tests.refusals import codes_of, problems_of

pytestmark = pytest.mark.django_db


def sentences(basket, shown) -> list[str]:
    problems = problems_of(cast.order, basket, shown=shown)
    assert not Pickup.objects.exists()
    return [problem.sentence for problem in problems]


def test_a_price_that_changed_since_it_was_shown_is_never_charged(carrots):
    basket = cast.basket_of({carrots: 1})
    shown = cast.shown(basket)
    Listing.objects.update(price_cents=400)

    assert codes_of(cast.order, basket, shown=shown) == ["price"]


def test_two_changes_that_cancel_out_in_the_sum_are_both_named(day):
    farm = cast.ferme_du_ru(day.market)
    leeks, chard = (
        cast.listing(cast.honey(farm, title=title), day, price_cents=500) for title in ("Poireaux", "Blettes")
    )
    basket = cast.basket_of({leeks: 1, chard: 1})
    shown = cast.shown(basket)
    Listing.objects.filter(pk=leeks.pk).update(price_cents=400)
    Listing.objects.filter(pk=chard.pk).update(price_cents=600)

    with translation.override("en"):
        assert sentences(basket, shown) == [
            "Poireaux: the price was €5.00, it is now €4.00.",
            "Blettes: the price was €5.00, it is now €6.00.",
        ]


def test_a_larger_maximum_at_the_same_estimate_is_refused_and_named(day):
    hen = cast.listing(cast.chicken(cast.ferme_du_ru(day.market)), day, price_cents=980)
    basket = cast.basket_of({hen: 1})
    shown = cast.shown(basket)
    Listing.objects.update(max_grams=3600)

    with translation.override("en"):
        (said,) = sentences(basket, shown)
    assert said == (
        "Poulet fermier: it was 1\xa0×\xa0about 1.6\xa0kg (1.4\xa0kg to 1.8\xa0kg), €15.68 (at most €17.64), "
        "it is now 1\xa0×\xa0about 1.6\xa0kg (1.4\xa0kg to 3.6\xa0kg), €15.68 (at most €35.28)."
    )


def test_a_quantity_set_in_another_tab_is_refused_and_named(carrots):
    basket = cast.basket_of({carrots: 1})
    shown = cast.shown(basket)
    write_lines(basket, [Item(carrots, 4)])

    with translation.override("en"):
        assert sentences(basket, shown) == ["Carottes: it was 500\xa0g, €1.88, it is now 2\xa0kg, €7.50."]


def test_a_line_added_in_another_tab_is_refused_and_named(carrots, honey):
    basket = cast.basket_of({carrots: 1})
    shown = cast.shown(basket)
    write_lines(basket, [Item(honey, 1)])

    with translation.override("en"):
        assert sentences(basket, shown) == [
            "Miel d’acacia: it was not there before, your basket now holds 1\xa0×\xa0500\xa0g, €8.50."
        ]


def test_a_line_removed_in_another_tab_is_refused_and_named(carrots, honey):
    basket = cast.basket_of({carrots: 1, honey: 1})
    shown = cast.shown(basket)
    basket.basket.lines.filter(product=honey.sheet_id).delete()

    with translation.override("en"):
        assert sentences(basket, shown) == [
            "Miel d’acacia: it was 1\xa0×\xa0500\xa0g, €8.50, it is no longer in your basket."
        ]


def test_a_product_that_got_another_name_is_refused_and_named(carrots):
    basket = cast.basket_of({carrots: 1})
    shown = cast.shown(basket)
    Product.objects.update(title="Panais")

    with translation.override("en"):
        assert sentences(basket, shown) == [
            "Panais: it was “Carottes”, 500\xa0g, €1.88, it is now “Panais”, 500\xa0g, €1.88."
        ]


def test_a_seller_who_got_another_name_is_refused_and_named(carrots):
    basket = cast.basket_of({carrots: 1})
    shown = cast.shown(basket)
    cast.Partner.objects.update(name="La Grange")

    with translation.override("en"):
        assert sentences(basket, shown) == [
            "Carottes: it was 500\xa0g, €1.88, La Ferme du Ru, it is now 500\xa0g, €1.88, La Grange."
        ]


def test_a_change_that_has_no_words_is_refused_all_the_same(carrots):
    basket = cast.basket_of({carrots: 1})
    shown = cast.shown(basket)
    Listing.objects.update(max_grams=1)

    with translation.override("en"):
        assert sentences(basket, shown) == ["Carottes: it is sold in another way now. Look at it once more."]


def test_what_is_short_and_changed_is_told_both(carrots):
    basket = cast.basket_of({carrots: 3})
    shown = cast.shown(basket)
    Listing.objects.update(quantity=1, price_cents=400)

    assert codes_of(cast.order, basket, shown=shown) == ["too-few", "price"]


def test_what_is_gone_is_named_once(carrots, honey):
    basket = cast.basket_of({carrots: 1, honey: 1})
    shown = cast.shown(basket)
    honey.delete()

    assert codes_of(cast.order, basket, shown=shown) == ["gone"]


def test_what_a_page_carries_is_read_back_as_it_was_written(day, carrots, honey):
    hen = cast.listing(cast.chicken(carrots.producer), day)
    shown = cast.shown(cast.basket_of({carrots: 1, honey: 2, hen: 3}))

    again = Shown.read(shown.write())
    assert again
    assert again.write() == shown.write()
