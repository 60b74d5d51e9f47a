"""After a restore, whoever was erased since the backup is erased again."""

from __future__ import annotations

import logging
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db import transaction

from marche.common.language import in_town_language
from orders.actions.erase_resident import erase_locked, erased_name
from orders.locks import lock_account, lock_pickups
from orders.models import Pickup
from orders.owned import pickup_ids_of, proven_addresses
from orders.steps.erasures import erased

logger = logging.getLogger(__name__)


class Erased(NamedTuple):
    """How many accounts, and how many orders of people whose account is gone."""

    accounts: int
    orders: int


def replay_erasures(*, dry_run: bool = False) -> Erased:
    """Erase the accounts and the contacts of orders that ERASURES_LOG names. Returns how many accounts and orders.

    Orders that are open (again) are no hindrance: they stay, without contacts. Doing it again finds nobody.
    """
    with in_town_language():
        contacts = Pickup.objects.exclude(name=erased_name(), email="", phone="", note="").select_related("order")
        numbers = dict(contacts.values_list("order__number", "pk"))
    accounts, orders = erased(User.objects.all(), numbers)
    if not dry_run:
        for user_id in sorted(accounts):
            _account(user_id)
        _orders([numbers[number] for number in orders])
    if accounts or orders:
        logger.warning("erased again: %d accounts, %d orders", len(accounts), len(orders))
    return Erased(len(accounts), len(orders))


def _account(user_id: int) -> None:
    with transaction.atomic(durable=True):
        if user := lock_account(user_id):
            erase_locked(user, lock_pickups(pickup_ids_of(user)), proven_addresses(user))


def _orders(ids: list[int]) -> None:
    """Erase the contacts of these orders, whose accounts the backup does not have."""
    with transaction.atomic(durable=True):
        pickups = lock_pickups(ids)
        erase_locked(None, pickups, {pickup.email.lower() for pickup in pickups if pickup.email})
