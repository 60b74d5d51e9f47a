"""The orders of a visitor that wait for their payment by card: found by the basket they came of, or by the account."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from marche.accounts.people import normal
from orders.models import Pickup
from orders.owned import any_of, proven_addresses
from orders.resident.visitors import visitor_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest


def waiting_orders(request: HttpRequest) -> list[Pickup]:
    """Those of this visitor `with_owed`, the most urgent first. One query, two more for who is signed in.

    Nothing is asked of the database without a cookie that says who it is.
    """
    visitor, user = visitor_of(request), _signed_in(request)
    if not visitor and user is None:
        return []
    addresses = proven_addresses(user) if user else set()
    mine = any_of("email", addresses) & Q(order__user=None)
    if visitor:
        mine |= Q(basket__visitor=visitor)
    if user:
        mine |= Q(order__user=user)
    waiting = Pickup.objects.with_related().select_related("basket").with_owed().waiting()
    found = waiting.filter(mine, day__ends_at__gt=timezone.now()).order_by("to_be_paid_by")
    return [one for one in found if _is_of(one, visitor, user, addresses)]


def _signed_in(request: HttpRequest) -> User | None:
    """Who has an account, without asking for the session of who has none."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return None
    return request.user


def _is_of(pickup: Pickup, visitor: str | None, user: User | None, addresses: Collection[str]) -> bool:
    """Letter by letter, for PostgreSQL compares addresses more kindly (orders/owned.py)."""
    is_from_here = visitor is not None and pickup.basket is not None and pickup.basket.visitor == visitor
    is_of_account = user is not None and pickup.order.user_id == user.pk
    return is_from_here or is_of_account or (pickup.order.user_id is None and normal(pickup.email) in addresses)
