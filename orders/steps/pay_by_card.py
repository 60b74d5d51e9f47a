"""Begin to pay an order by card: the attempt, and what is asked of Stripe for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from marche.payments.actions.open_attempt import open_attempt
from marche.payments.models import PaymentAttempt
from orders import owed

if TYPE_CHECKING:
    from orders.models import Pickup
    from producers.models import Producer

TIME_TO_PAY = dt.timedelta(minutes=45)  # Stripe's floor is 30


def owed_by_card(pickup: Pickup) -> dict[Producer, int]:
    """The cents that a card owes each producer of an order; producers without any are left out."""
    parts = pickup.parts.filter(online=True, cancelled_at=None).select_related("producer__partner")
    charges = {part.producer: owed.charge_of(part) for part in parts.prefetch_related("details")}
    return {producer: cents for producer, cents in charges.items() if cents}


def new_attempt(pickup: Pickup, till: str, shares: Mapping[Producer, int]) -> PaymentAttempt:
    """Write an attempt to have a card pay each producer so much at most (cents), in the caller's transaction."""
    expires_at = timezone.now() + TIME_TO_PAY
    lines = [(producer.name, cents) for producer, cents in shares.items()]
    parameters = session_parameters(pickup, pickup.order.number, lines, expires_at)
    pickup.to_be_paid_by = expires_at
    pickup.save(update_fields=["to_be_paid_by"])
    by_key = {producer.pk: cents for producer, cents in shares.items()}
    return open_attempt(pickup.order_id, till=till, shares=by_key, parameters=parameters, expires_at=expires_at)


def session_parameters(
    pickup: Pickup, order_number: str, lines: Iterable[tuple[str, int]], expires_at: dt.datetime
) -> dict[str, Any]:
    """The parameters of the Checkout Session: one line for each producer, (name, its most in cents)."""
    page = settings.SITE_URL + reverse("payment", args=[pickup.display_code])
    named = {"order": order_number}
    asked: dict[str, Any] = {
        "mode": "payment",
        "client_reference_id": order_number,
        "locale": pickup.language,
        "submit_type": "pay",
        "expires_at": int(expires_at.timestamp()),
        "success_url": f"{page}?session={{CHECKOUT_SESSION_ID}}",
        "cancel_url": page,
        "allowed_payment_method_types": ["card"],
        "line_items": [_line(name, cents, pickup.language) for name, cents in lines],
        "metadata": named,
        "payment_intent_data": {
            "capture_method": "manual",
            "transfer_group": f"order_{order_number}",
            # Behind the account's own prefix, with which it may have 22 characters.
            "statement_descriptor_suffix": f"CDE {pickup.number}",
            "metadata": named,
        },
    }
    return asked | ({"customer_email": pickup.email} if pickup.email else {})


def _line(name: str, cents: int, language: str) -> dict[str, Any]:
    with translation.override(language):
        words = _("%(producer)s (at most)") % {"producer": name}
    return {
        "quantity": 1,
        "price_data": {"currency": "eur", "unit_amount": cents, "product_data": {"name": words[:250]}},
    }
