"""The basket over HTTP: forms without JavaScript, cookies only once something is put in."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from orders.models import DayBasket
from producers.models import Listing, Producer
from tests import cast
from tests.pages import words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english(client):
    """The language of the source, so that a test does not hang on the wording of a translation."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"


def put(client: Client, listing: Listing, q: str = "1", **more: str):
    """Send the form of a product, and follow it to the page that it comes back to."""
    return client.post(reverse("basket-line", args=[listing.pk]), {"q": q, **more}, follow=True)


def held(listing: Listing) -> int | None:
    """Units of this listing in the only basket there is."""
    line = DayBasket.objects.get().basket.lines.filter(product=listing.sheet_id).first()
    return line and line.quantity


def test_an_empty_basket_says_what_to_do(client):
    assert "Your basket is empty" in words(client.get(reverse("basket")))


def test_looking_at_the_basket_sets_no_cookie(client):
    assert not client.get(reverse("basket")).cookies


def test_the_first_product_makes_a_basket_and_its_cookie(client, carrots):
    response = client.post(reverse("basket-line", args=[carrots.pk]), {"q": "2"})

    cookie = response.cookies[settings.BASKET_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert held(carrots) == 2


def test_the_number_typed_is_set_and_not_added(client, carrots):
    put(client, carrots, "2")
    put(client, carrots, "3")

    assert held(carrots) == 3


def test_plus_takes_one_more(client, carrots):
    put(client, carrots, "2", d="1")

    assert held(carrots) == 3


def test_minus_takes_one_less(client, carrots):
    put(client, carrots, "2")
    put(client, carrots, "2", d="-1")

    assert held(carrots) == 1


def test_none_takes_the_product_out(client, carrots):
    put(client, carrots, "2")
    put(client, carrots, "0")

    assert held(carrots) is None


def test_more_than_is_left_is_refused_and_the_basket_stays_as_it_was(client, carrots):
    put(client, carrots, "2")
    page = put(client, carrots, "11")

    assert "only 5 kg left" in words(page)
    assert held(carrots) == 2


@pytest.mark.parametrize("typed", ["-1", "1.5", "1000000000", "abc", "<script>alert(1)</script>"])
def test_what_is_no_quantity_is_refused_with_a_sentence(client, carrots, typed):
    page = put(client, carrots, typed)

    assert "note--error" in words(page)
    assert "<script>alert" not in words(page)
    assert not DayBasket.objects.exists()


def test_a_listing_that_does_not_exist_is_not_found(client, day):
    assert client.post(reverse("basket-line", args=[999_999]), {"q": "1"}).status_code == 404


def test_after_the_form_one_is_back_on_the_page_of_the_form(client, carrots):
    address = reverse("basket-line", args=[carrots.pk])
    response = client.post(address, {"q": "1"}, headers={"Referer": "http://testserver/marches/beauvais/?q=ca"})

    assert response["Location"] == f"/marches/beauvais/?q=ca#p{carrots.pk}"


def test_another_site_can_not_send_one_elsewhere(client, carrots):
    response = client.post(
        reverse("basket-line", args=[carrots.pk]), {"q": "1"}, headers={"Referer": "http://evil.example/x"}
    )

    assert response["Location"].startswith("/panier/")


@pytest.mark.parametrize("header", [{"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_another_site_can_not_fill_a_basket(client, carrots, header):
    response = client.post(reverse("basket-line", args=[carrots.pk]), {"q": "1"}, headers=header)

    assert response.status_code == 403
    assert not DayBasket.objects.exists()


def test_without_a_page_load_the_answer_is_json(client, carrots):
    response = client.post(
        reverse("basket-line", args=[carrots.pk]), {"q": "3"}, headers={"Accept": "application/json"}
    )

    assert response.json()["quantity"] == 3
    assert response.json()["count"] == 1


def test_the_basket_is_grouped_by_stall_with_subtotals(client, carrots, honey):
    put(client, carrots, "3")
    put(client, honey, "1")

    groups = client.get(reverse("basket")).context["baskets"][0][1].groups
    assert [(group.stall_number, group.amount_cents) for group in groups] == [(1, 563), (2, 850)]


@pytest.mark.parametrize(("means", "said"), [([], "To be paid at the stall."), (["cash"], "at the stall: cash.")])
def test_how_a_seller_is_paid_is_a_whole_sentence(client, carrots, means, said):
    put(client, carrots)
    Producer.objects.update(takes_cash=bool(means), takes_cheque=False, takes_card=False)

    assert said in words(client.get(reverse("basket")))


def test_a_pack_that_became_smaller_since_is_said_until_it_is_agreed_to(client, honey):
    put(client, honey, "3")
    Listing.objects.filter(pk=honey.pk).update(net_grams=250, quantity=9)
    sentence = "Miel d’acacia: it was 3 × 500 g, €25.50, it is now 3 × 250 g, €25.50."

    assert sentence in words(client.get(reverse("basket")))
    client.post(reverse("basket-fit", args=[DayBasket.objects.get().pk]))
    assert "it is now" not in words(client.get(reverse("basket")))


def test_a_weighed_piece_that_became_heavier_since_is_said(client, day):
    hen = cast.listing(cast.chicken(cast.ferme_du_ru(day.market)), day, price_cents=1000)
    put(client, hen, "1")
    Listing.objects.update(min_grams=2800, expected_grams=3200, max_grams=3600)

    page = words(client.get(reverse("basket")))

    assert "it was 1 × about 1.6 kg (1.4 kg to 1.8 kg), €16.00 (at most €18.00)" in page
    assert "it is now 1 × about 3.2 kg (2.8 kg to 3.6 kg), €32.00 (at most €36.00)" in page


def test_a_change_is_still_said_after_another_tap(client, carrots):
    put(client, carrots, "3")
    Listing.objects.update(price_cents=400)
    put(client, carrots, "4")

    assert "the price was €3.75 per kg, it is now €4.00 per kg" in words(client.get(reverse("basket")))


def test_what_changed_since_is_said_at_the_top(client, carrots, honey):
    put(client, carrots, "3")
    put(client, honey, "2")
    Listing.objects.filter(pk=carrots.pk).update(price_cents=400)
    Listing.objects.filter(pk=honey.pk).update(quantity=1)

    page = words(client.get(reverse("basket")))

    assert "the price was €3.75 per kg, it is now €4.00 per kg" in page
    assert "only 1 × 500 g left, you wanted 2 × 500 g" in page


def test_taking_what_is_left_keeps_the_rest(client, carrots, honey):
    put(client, carrots, "3")
    put(client, honey, "3")
    Listing.objects.filter(pk=honey.pk).update(quantity=1)

    client.post(reverse("basket-fit", args=[DayBasket.objects.get().pk]))

    assert (held(carrots), held(honey)) == (3, 1)


def test_somebody_elses_basket_is_not_found(client, carrots):
    basket = cast.basket_of({carrots: 1})

    assert client.post(reverse("basket-fit", args=[basket.pk])).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_basket(client, day, django_assert_num_queries):
    farm = cast.ferme_du_ru(day.market)
    for i in range(12):
        put(client, cast.listing(cast.carrots(farm, title=f"Carottes {i}"), day))

    # The baskets of the visitor, then lines and listings, for the page and for its head; what waits to be paid.
    with django_assert_num_queries(5):
        client.get(reverse("basket"))
