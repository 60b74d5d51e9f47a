"""What a person ordered as a guest joins the account, once the address is proven."""

from __future__ import annotations

from django.db import transaction

from marche.shop.oscar import Order
from orders.locks import lock_account, lock_pickups
from orders.owned import guest_pickup_ids, proven_addresses


def join_orders(user_id: int) -> int:
    """Give the account the orders without one that were placed with its proven addresses. Returns how many.

    An order that belongs to somebody stays theirs, whatever address was typed. Doing it again changes nothing; of an
    account that is erased in this moment nothing is left to join.
    """
    with transaction.atomic(durable=True):
        user = lock_account(user_id)
        if user is None:
            return 0
        # Held, as by whoever cancels: Oscar saves an order whole, and would write back that it has no account.
        guests = [pickup.pk for pickup in lock_pickups(guest_pickup_ids(proven_addresses(user)))]
        return int(Order.objects.filter(pk__in=guests, user=None).update(user=user)) if guests else 0
