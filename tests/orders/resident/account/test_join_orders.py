"""A guest's orders join the account, once the address is proven, and nobody else's do."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from orders.actions.join_orders import join_orders
from orders.models import Pickup
from tests import cast
from tests.orders.resident.account.people import account_of, browser_of, ordered_by

pytestmark = pytest.mark.django_db


def owner(pickup: Pickup):
    pickup.order.refresh_from_db()
    return pickup.order.user


def test_what_was_ordered_as_a_guest_joins_at_the_first_sign_in(carrots, lea):
    pickup = cast.placed_order({carrots: 1})

    browser_of(lea)

    assert owner(pickup) == lea


def test_capitals_in_the_address_make_no_difference(carrots, lea):
    pickup = cast.placed_order({carrots: 1}, email="Lea@Example.org")

    assert join_orders(lea.pk) == 1
    assert owner(pickup) == lea


def test_the_order_of_another_address_stays_a_guests(carrots, odette):
    pickup = cast.placed_order({carrots: 1})

    assert join_orders(odette.pk) == 0
    assert owner(pickup) is None


def test_an_address_that_is_not_proven_brings_nothing(carrots):
    pickup = cast.placed_order({carrots: 1})
    mallory = account_of("lea@example.org", proven=False)

    browser_of(mallory)

    assert owner(pickup) is None


@pytest.mark.parametrize("alike", ["lıa@example.org", "LİA@example.org"])
def test_an_address_that_only_looks_alike_brings_nothing(carrots, alike):
    """PostgreSQL writes ı and i as the same capital; they are two mailboxes."""
    pickup = cast.placed_order({carrots: 1}, email="lia@example.org")

    assert join_orders(account_of(alike).pk) == 0
    assert owner(pickup) is None


def test_an_order_that_belongs_to_somebody_stays_theirs(carrots, lea, odette):
    pickup = ordered_by(odette, cast.basket_of({carrots: 1}, email="lea@example.org"))

    assert join_orders(lea.pk) == 0
    assert owner(pickup) == odette


def test_orders_without_an_address_join_nobody(carrots, lea):
    cast.placed_order({carrots: 1}, **cast.ODETTE)

    assert join_orders(lea.pk) == 0


def test_a_second_proven_address_brings_its_orders_too(carrots, lea):
    EmailAddress.objects.create(user=lea, email="dumont@example.org", verified=True, primary=False)
    pickup = cast.placed_order({carrots: 1}, email="dumont@example.org")

    assert join_orders(lea.pk) == 1
    assert owner(pickup) == lea


def test_joining_twice_changes_nothing(carrots, lea):
    cast.placed_order({carrots: 1})

    assert (join_orders(lea.pk), join_orders(lea.pk)) == (1, 0)


def test_an_account_that_is_gone_joins_nothing(lea):
    lea_pk = lea.pk
    lea.delete()

    assert join_orders(lea_pk) == 0


def test_the_cost_does_not_grow_with_the_orders_of_others(carrots, lea, django_assert_num_queries):
    cast.placed_order({carrots: 1})
    cast.placed_order({carrots: 1}, email="other@example.org")

    # Savepoint of the test; account, addresses, orders, giving them.
    with django_assert_num_queries(7):
        join_orders(lea.pk)


def test_the_sign_in_of_staff_joins_as_well(carrots):
    seller = cast.member("paul@example.org")
    EmailAddress.objects.create(user=seller, email=seller.email, verified=True)
    pickup = cast.placed_order({carrots: 1}, email="paul@example.org")

    Client().force_login(seller)

    assert owner(pickup) == seller
