"""The day's offer over HTTP: saved whole or not at all, and nothing typed is lost."""

import pytest
import time_machine
from django.urls import reverse

from marche.markets.models import MarketDay
from producers.models import Listing
from tests.cast import CUTOFF, SATURDAY, carrots, chicken, honey, listing, saturday
from tests.producers.people import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(farm, day):
    return reverse("offer", args=[farm.slug, "beauvais", SATURDAY])


def typed(sheet, on="on", price="2,20", quantity="10"):
    """One line as the browser sends it; a box that is not ticked is not sent."""
    line = {f"{sheet.pk}-price": price, f"{sheet.pk}-quantity": quantity}
    return line | ({f"{sheet.pk}-on": on} if on else {})


def as_loaded(offered):
    """What the page said of a listing when it was loaded: the hidden fields beside its line."""
    line = f"initial-{offered.sheet_id}"
    price = f"{offered.price_cents // 100},{offered.price_cents % 100:02d}"
    return {f"{line}-on": str(offered.on), f"{line}-price": price, f"{line}-quantity": str(offered.quantity)}


def test_a_line_typed_is_on_sale_and_the_page_says_so(claire, url, farm):
    response = claire.post(url, typed(carrots(farm)), follow=True)

    assert Listing.objects.get().price_cents == 220
    assert "1 line saved. 1 product is on sale." in response.text


@pytest.mark.parametrize(("price", "cents"), [("1,50", 150), ("1.50", 150), ("1,5 €", 150), (" 2 ", 200)])
def test_a_price_is_read_as_people_write_it(claire, url, farm, price, cents):
    claire.post(url, typed(carrots(farm), price=price))

    assert Listing.objects.get().price_cents == cents


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ({"price": "0"}, "The price must be more than zero."),
        ({"price": "1.234,5"}, "Write the price in euros, like 1,50."),
        ({"price": "abc"}, "Write the price in euros, like 1,50."),
        ({"price": "-1"}, "Write the price in euros, like 1,50."),
        ({"price": "1001"}, "The price can’t be more than 1,000 €."),
        ({"price": ""}, "Write the price, or take the product off sale."),
        ({"quantity": "0"}, "Write how many you bring, or take the product off sale."),
        ({"quantity": ""}, "Write how many you bring, or take the product off sale."),
        ({"quantity": "-1"}, "Write the quantity as a whole number, like 12."),
        ({"quantity": "1.5"}, "Write the quantity as a whole number, like 12."),
        ({"quantity": "abc"}, "Write the quantity as a whole number, like 12."),
        ({"quantity": "²"}, "Write the quantity as a whole number, like 12."),
        ({"quantity": "1000000000"}, "The quantity can’t be more than 9,999."),
        ({"quantity": "9" * 5000}, "The quantity can’t be more than 9,999."),
    ],
)
def test_what_can_not_be_is_said_beside_its_line_and_at_the_top(claire, url, farm, line, sentence):
    good, wrong = carrots(farm), carrots(farm, title="Panais")

    response = claire.post(url, typed(good, price="3,30") | typed(wrong, **line))

    assert response.status_code == 422
    assert not Listing.objects.exists()
    assert response.text.count(sentence) == 2
    assert f'<a href="#id_{wrong.pk}-{next(iter(line))}">Panais – {sentence}</a>' in response.text
    assert 'value="3,30"' in response.text


def test_what_was_typed_wrong_is_still_there(claire, url, farm):
    response = claire.post(url, typed(carrots(farm), price="deux euros <b>"))

    assert 'value="deux euros &lt;b&gt;"' in response.text


def test_a_quantity_below_what_is_reserved_is_refused_and_kept_on_the_page(claire, url, farm, day):
    offered = listing(carrots(farm), day, reserved=4)

    response = claire.post(url, typed(offered.sheet, quantity="3"))

    assert "4 are reserved already: the quantity can’t go below." in response.text
    assert 'value="3"' in response.text
    assert Listing.objects.get().quantity == 10


def test_a_line_that_this_person_did_not_change_does_not_undo_what_a_colleague_saved(claire, url, farm, day):
    first, second = listing(carrots(farm), day), listing(carrots(farm, title="Panais"), day)
    form = typed(first.sheet) | as_loaded(first) | typed(second.sheet, price="2,50") | as_loaded(second)
    Listing.objects.filter(pk=first.pk).update(price_cents=300)

    claire.post(url, form)

    assert Listing.objects.get(pk=first.pk).price_cents == 300
    assert Listing.objects.get(pk=second.pk).price_cents == 250


def test_saving_without_a_change_says_so(claire, url, farm, day):
    offered = listing(carrots(farm), day)

    response = claire.post(url, typed(offered.sheet) | as_loaded(offered), follow=True)

    assert "Nothing had changed. 1 product is on sale." in response.text


def test_the_page_loads_with_what_the_next_save_compares_to(claire, url, farm, day):
    offered = listing(carrots(farm), day, price_cents=180)

    text = claire.get(url).text

    assert f'name="initial-{offered.sheet_id}-quantity" value="10"' in text
    assert f'name="initial-{offered.sheet_id}-on" value="True"' in text


def test_it_shows_what_is_reserved_and_what_remains(claire, url, farm, day):
    listing(carrots(farm), day, reserved=4)

    text = claire.get(url).text

    assert "data-reserved-cell>4<" in text
    assert "data-remaining-cell>6<" in text


def test_it_says_how_much_is_offered_in_all(claire, url, farm, day):
    listing(carrots(farm), day, price_cents=220, quantity=10)  # by 500 g
    listing(chicken(farm), day, price_cents=1000, quantity=2)  # about 1.6 kg

    assert claire.get(url).context["grid"].value_cents == 1100 + 3200


def test_what_is_reserved_can_be_asked_for_alone(claire, farm, day):
    offered = listing(carrots(farm), day, reserved=4)

    answer = claire.get(reverse("offer-live", args=[farm.slug, "beauvais", SATURDAY])).json()

    assert answer == {str(offered.sheet_id): {"reserved": 4, "remaining": 6}}


def test_an_incomplete_product_says_what_is_missing_links_there_and_can_not_be_switched_on(claire, url, farm):
    sheet = carrots(farm, origin="")

    text = claire.get(url).text

    assert "The product sheet is incomplete: origin." in text
    assert f'href="{reverse("sheet", args=[farm.slug, sheet.pk])}#id_origin"' in text
    assert claire.post(url, typed(sheet)).status_code == 422
    assert not Listing.objects.exists()


def test_out_of_season_products_wait_folded_below(claire, url, farm):
    carrots(farm, title="Tomates", months=[7, 8])

    grid = claire.get(url).context["grid"]

    assert ([row.sheet.title for row in grid.folded_rows], grid.main_rows) == (["Tomates"], [])


def test_an_archived_product_is_not_in_the_grid(claire, url, farm):
    carrots(farm, archived=True)

    assert not claire.get(url).context["grid"].rows


def test_what_was_sold_last_time_is_proposed_but_not_yet_on(claire, url, farm, day):
    listing(carrots(farm), saturday(day.market, SATURDAY.replace(day=21)), price_cents=190, quantity=7)

    text = claire.get(url).text

    assert 'value="1.90"' in text
    assert 'value="7"' in text
    assert " checked" not in text


def test_same_as_last_time_is_one_click(claire, url, farm, day):
    listing(carrots(farm), saturday(day.market, SATURDAY.replace(day=21)))

    response = claire.post(f"{url}comme-la-derniere-fois/", follow=True)

    assert "1 product put on sale as last time." in response.text


def test_same_as_last_time_names_what_it_leaves_out(claire, url, farm, day):
    listing(carrots(farm, origin=""), saturday(day.market, SATURDAY.replace(day=21)))

    response = claire.post(f"{url}comme-la-derniere-fois/", follow=True)

    assert "Left out: Carottes. The product sheet is incomplete: origin." in response.text


def test_same_as_last_time_without_a_last_time_says_so(claire, url):
    assert "There is no earlier offer" in claire.post(f"{url}comme-la-derniere-fois/", follow=True).text


def test_after_the_cutoff_the_offer_is_read_only_and_a_late_save_loses_nothing(claire, url, farm):
    sheet = carrots(farm)
    with time_machine.travel(CUTOFF, tick=False):
        client = signed_in(farm.partner.users.get())

        assert "data-grid" not in client.get(url).text
        response = client.post(url, typed(sheet))

    assert "Orders are closed: this offer can’t change any more." in response.text
    assert not Listing.objects.exists()


def test_a_date_without_a_market_does_not_exist(claire, farm, day):
    assert claire.get(f"/producteur/{farm.slug}/beauvais/2026-11-29/").status_code == 404


def test_a_date_of_no_calendar_does_not_exist(claire, farm, day):
    assert claire.get(f"/producteur/{farm.slug}/beauvais/2026-02-30/").status_code == 404


def test_a_market_without_a_stall_for_the_producer_does_not_exist(claire, url, farm):
    farm.partner.stalls.all().delete()

    assert claire.get(url).status_code == 404


def test_a_line_of_somebody_else_s_product_does_not_exist(claire, url, rucher):
    assert claire.post(url, typed(honey(rucher))).status_code == 404
    assert not Listing.objects.exists()


def test_the_number_of_queries_does_not_grow_with_the_products(claire, url, farm, day, django_assert_num_queries):
    last = saturday(day.market, SATURDAY.replace(day=21))
    for number in range(12):
        sheet = carrots(farm, title=f"Carottes {number}")
        listing(sheet, day if number % 2 else last)
    with django_assert_num_queries(QUERIES):
        claire.get(url)
    for number in range(12, 60):
        listing(carrots(farm, title=f"Carottes {number}"), day if number % 2 else last)
    with django_assert_num_queries(QUERIES):
        claire.get(url)


QUERIES = 9  # session, person, producer, day, listings, the last day and its listings, VAT rates, sheets


def test_saving_takes_no_more_queries_for_60_lines_than_for_12(claire, url, farm, day, django_assert_num_queries):
    sheets = [carrots(farm, title=f"Carottes {number}") for number in range(60)]
    with django_assert_num_queries(SAVE_QUERIES):
        claire.post(url, {name: value for sheet in sheets[:12] for name, value in typed(sheet).items()})
    with django_assert_num_queries(SAVE_QUERIES):
        claire.post(url, {name: value for sheet in sheets[12:] for name, value in typed(sheet).items()})


SAVE_QUERIES = 17


def test_a_change_is_seen_by_residents_at_once(claire, url, farm, day):
    version = MarketDay.objects.get(pk=day.pk).catalogue_version
    claire.post(url, typed(carrots(farm)))

    assert MarketDay.objects.get(pk=day.pk).catalogue_version == version + 1
