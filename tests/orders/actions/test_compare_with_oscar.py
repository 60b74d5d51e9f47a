"""Oscar's tables are compared with ours: what agrees after a week of real work, what differs, and who is told."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from marche.common.actors import Actor
from marche.markets.models import MarketDay
from marche.shop.oscar import Basket, Order, OrderLine, ProductClass, StockRecord
from orders.actions.cancel_order import cancel_order
from orders.actions.cancel_part import cancel_part
from orders.actions.compare_with_oscar import compare_with_oscar
from orders.actions.hand_over import hand_over
from orders.actions.prepare_part import prepare_part
from orders.actions.strike_lines import strike_lines
from orders.models import OrderChange, OscarComparison, Pickup, StrikeReason
from orders.oscar_differences import differences_since
from orders.tasks import compare_with_oscar as nightly
from producers.models import Listing
from tests import cast
from tests.orders.manager.people import claire, signed_in
from tests.pages import words

pytestmark = pytest.mark.django_db

Goods = dict[str, Listing]


@pytest.fixture
def pickup(goods: Goods) -> Pickup:
    """Léa's: 500 g of carrots (1.10 €) and two jars of honey (17.00 €)."""
    return cast.placed_order({goods["carrots"]: 1, goods["honey"]: 2})


def found() -> list[str]:
    return sorted(row["what"] for row in compare_with_oscar().differences)


def of_order(**values: Any) -> Callable[[], object]:
    return lambda: Order.objects.update(**values)


def of_a_line(**values: Any) -> Callable[[], object]:
    return lambda: OrderLine.objects.filter(title="Carottes").update(**values)


def of_the_stock(**values: Any) -> Callable[[], object]:
    return lambda: StockRecord.objects.filter(product__title="Carottes").update(**values)


def other_product() -> None:
    line = OrderLine.objects.get(title="Carottes")
    OrderLine.objects.filter(pk=line.pk).update(product=OrderLine.objects.exclude(pk=line.pk).get().product)


def without_an_order() -> None:
    Order.objects.create(
        number="elsewhere", total_incl_tax=1, total_excl_tax=1, status="placed", date_placed=timezone.now()
    )


def one_line_more() -> None:
    line = OrderLine.objects.get(title="Carottes")
    line.pk = None
    line.save()


CENT = Decimal("0.01")
DIFFERENCES = {
    "total": (of_order(total_incl_tax=CENT), ["order total_incl_tax"]),
    "total without tax": (of_order(total_excl_tax=CENT), ["order total_excl_tax"]),
    "status": (of_order(status="cancelled"), ["order status"]),
    "no status": (of_order(status=""), ["order status"]),
    "currency": (of_order(currency="GBP"), ["order currency"]),
    "basket gone": (of_order(basket=None), ["order basket"]),
    "quantity": (of_a_line(quantity=9), ["line quantity"]),
    "allocated": (of_a_line(num_allocated=0), ["line num_allocated"]),
    "price": (of_a_line(line_price_incl_tax=CENT), ["line line_price_incl_tax"]),
    "price without tax": (of_a_line(line_price_excl_tax=CENT), ["line line_price_excl_tax"]),
    "price before discounts": (
        of_a_line(line_price_before_discounts_incl_tax=CENT),
        ["line line_price_before_discounts_incl_tax"],
    ),
    "price before discounts without tax": (
        of_a_line(line_price_before_discounts_excl_tax=CENT),
        ["line line_price_before_discounts_excl_tax"],
    ),
    "rate": (of_a_line(tax_code="2000"), ["line tax_code"]),
    "product": (other_product, ["line product"]),
    "line gone": (lambda: OrderLine.objects.filter(title="Carottes").delete(), ["lines"]),
    "line of nobody": (one_line_more, ["line"]),
    "order of nobody": (without_an_order, ["order"]),
    "basket open again": (lambda: Basket.objects.update(status=Basket.OPEN), ["basket status"]),
    "in stock": (of_the_stock(num_in_stock=4), ["stock record num_in_stock"]),
    "allocated in stock": (of_the_stock(num_allocated=4), ["stock record num_allocated"]),
    "price in stock": (of_the_stock(price=CENT), ["stock record price"]),
    "stock tracked": (
        lambda: ProductClass.objects.filter(slug="honey").update(track_stock=True),
        ["product class track_stock"],
    ),
}


@pytest.mark.parametrize(
    ("write", "what"), [pytest.param(*row, id=name.replace(" ", "-")) for name, row in DIFFERENCES.items()]
)
def test_what_somebody_wrote_into_oscars_tables_is_found(
    pickup: Pickup, write: Callable[[], object], what: list[str]
) -> None:
    assert found() == []

    write()

    assert found() == what


def test_a_difference_says_what_is_there_and_what_should_be(pickup: Pickup) -> None:
    Order.objects.update(total_incl_tax=Decimal("19.00"))

    [difference] = differences_since(timezone.now())

    assert str(difference) == f"order total_incl_tax {pickup.pk}: 19.00 instead of 18.10"
    assert difference.day == pickup.day_id


def test_a_week_of_real_work_leaves_no_difference(
    goods: Goods, grower: User, clock: time_machine.Traveller, close: Callable[[], None]
) -> None:
    """Ordered, cancelled, weighed, struck, handed over with something missing; and baskets that became no order."""
    carrots, chicken, honey = goods["carrots"], goods["chicken"], goods["honey"]
    kept, weighed, off, gone, in_part, struck = (
        cast.placed_order(items)
        for items in (
            {carrots: 2, honey: 1},
            {carrots: 1, chicken: 2},
            {honey: 1},
            {carrots: 1},
            {carrots: 1, honey: 1},
            {carrots: 1, chicken: 1},
        )
    )
    cast.basket_of({carrots: 1})
    cancel_order(off.pk, reason="Empêchée", by=Actor.resident())
    close()
    cancel_order(gone.pk, reason="Malade", by=Actor.manager(grower))
    cancel_part(cast.farm_part(in_part).pk, reason="Inondation", by=Actor.manager(grower))
    part = cast.farm_part(weighed)
    line = part.details.get(title="Poulet fermier")
    prepare_part(
        part.pk, grams={line.pk: 1500}, struck={}, units={line.pk: 1}, sure=[line.pk], by=Actor.producer(grower)
    )
    part = cast.farm_part(struck)
    line = part.details.get(title="Carottes")
    strike_lines(part.pk, lines=[line.pk], why=StrikeReason.QUALITY, reason="Abîmées", by=Actor.manager(grower))
    clock.move_to(cast.SEVEN)
    part = cast.farm_part(kept)
    hand_over(part.pk, missing=[part.details.get().pk], by=Actor.producer(grower))

    assert differences_since(timezone.now() - dt.timedelta(days=8)) == []
    assert set(Order.objects.values_list("status", flat=True)) == {"placed", "cancelled"}


@pytest.mark.parametrize(("later", "count"), [(7, 1), (9, 0)])
def test_the_past_is_looked_at_for_a_week(
    pickup: Pickup, clock: time_machine.Traveller, later: int, count: int
) -> None:
    Order.objects.update(status="")

    clock.move_to(pickup.day.ends_at + dt.timedelta(days=later))

    assert len(found()) == count


def test_what_was_changed_since_is_looked_at_however_old_its_day(pickup: Pickup, clock: time_machine.Traveller) -> None:
    Order.objects.update(status="")
    clock.move_to(pickup.day.ends_at + dt.timedelta(days=90))
    OrderChange.objects.create(pickup=pickup, kind="struck", at=timezone.now(), actor="manager", reason="Plainte")

    assert found() == ["order status"]


def test_it_asks_as_many_questions_for_ten_orders_as_for_one(
    pickup: Pickup, goods: Goods, django_assert_num_queries: Any
) -> None:
    since = timezone.now()
    with django_assert_num_queries(10):
        differences_since(since)
    for _ in range(9):
        cast.placed_order({goods["carrots"]: 1})
    with django_assert_num_queries(10):
        assert differences_since(since) == []


def test_at_night_it_is_logged_as_an_error_and_names_nobody(pickup: Pickup, caplog: pytest.LogCaptureFixture) -> None:
    nightly()
    assert caplog.records == []

    Order.objects.update(status="")
    nightly()

    [record] = caplog.records
    assert record.levelno == logging.ERROR
    said = record.getMessage()
    assert "order status" in said
    assert "instead of placed" in said
    assert not [word for word in (pickup.name, pickup.email, pickup.code, pickup.order.number) if word in said]


def test_a_manager_reads_it_beside_the_day_until_a_night_finds_nothing(pickup: Pickup, day: MarketDay) -> None:
    client = signed_in(claire(day.market))
    client.cookies["language"] = "en"
    told = "1 order to be checked by the administrator"
    assert told not in words(client.get("/gestion/"))
    Order.objects.update(status="", total_incl_tax=0)

    nightly()
    assert told in words(client.get("/gestion/"))

    Order.objects.update(status="placed", total_incl_tax=Decimal("18.10"))
    nightly()
    assert told not in words(client.get("/gestion/"))


def test_an_administrator_reads_what_differs(pickup: Pickup, client: Client) -> None:
    Order.objects.update(status="")
    comparison = compare_with_oscar()
    alex = cast.member("alex@example.org", is_staff=True, is_superuser=True)
    client.force_login(alex)

    page = client.get(reverse("admin:orders_oscarcomparison_change", args=[comparison.pk]))

    assert f"order status {pickup.pk}: – instead of placed" in words(page)


def test_by_hand_it_says_what_differs_and_fails(pickup: Pickup) -> None:
    said = StringIO()
    call_command("compare_with_oscar", stdout=said)
    assert said.getvalue() == "Oscar's tables say the same as ours.\n"

    Order.objects.update(status="cancelled")
    with pytest.raises(CommandError, match="Differences: 1"):
        call_command("compare_with_oscar", stdout=said)
    assert "cancelled instead of placed" in said.getvalue()


def test_comparisons_are_kept_for_two_months(pickup: Pickup, clock: time_machine.Traveller) -> None:
    compare_with_oscar()
    clock.shift(dt.timedelta(days=61))

    compare_with_oscar()

    assert OscarComparison.objects.count() == 1


def test_what_waits_for_its_payment_is_pending_in_oscar_too(pickup: Pickup) -> None:
    with translation.override("en"):
        Pickup.objects.update(to_be_paid_by=timezone.now() + dt.timedelta(minutes=30))
        assert found() == ["order status"]
        Order.objects.update(status="pending-payment")
    assert found() == []
