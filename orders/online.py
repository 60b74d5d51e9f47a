"""What of an order can be paid by card on the site, and what is asked of Stripe for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from marche.payments.actions.open_attempt import open_attempt
from marche.payments.models import Account, PaymentAttempt
from marche.payments.settle import SMALLEST_CENTS
from marche.payments.tills import till_of
from orders import owed
from orders.settling import charged_at

if TYPE_CHECKING:
    from marche.markets.models import Market, MarketDay
    from orders.baskets import Group
    from orders.models import Pickup
    from producers.models import Producer

TIME_TO_PAY = dt.timedelta(minutes=45)  # Stripe's floor is 30
# A card holds the money for about seven days; what is weighed must be known a day before.
EARLIEST = dt.timedelta(days=6)
CARD_HOLDS = dt.timedelta(days=7)
MOST_CENTS = 99_999_999  # https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts


@dataclass(frozen=True)
class Online:
    """What is paid by card: the groups of the producers whom Stripe can pay. The others' are paid at their stalls.

    `charged_at`: when what is really due is taken, of a card that accepts it now.
    """

    till: str
    groups: Sequence[Group]
    others: Sequence[Group]
    charged_at: dt.datetime

    @property
    def cents(self) -> int:
        """The most that can be taken: this is what the card is asked for."""
        return sum(group.max_cents for group in self.groups)

    @property
    def amount_cents(self) -> int:
        """The estimate of what will be taken."""
        return sum(group.amount_cents for group in self.groups)

    @property
    def others_cents(self) -> int:
        """What is to be paid at the stalls besides, estimates included."""
        return sum(group.amount_cents for group in self.others)

    @property
    def producer_ids(self) -> set[int]:
        return {group.producer.pk for group in self.groups}

    @property
    def shares(self) -> dict[Producer, int]:
        """The most of each producer (cents)."""
        return {group.producer: group.max_cents for group in self.groups}


def takes_cards(market: Market, day: MarketDay | None = None, producer: Producer | None = None) -> bool:
    """Whether one can pay by card on the site: on this market, for this day now, for the goods of this producer."""
    till = till_of(market)
    if till is None or (day and timezone.now() < day.starts_at - EARLIEST):
        return False
    accounts = Account.objects.payable(till.name).filter(producer__partner__stalls__market=market)
    return (accounts.filter(producer=producer) if producer else accounts).exists()


def online_of(day: MarketDay, groups: Collection[Group]) -> Online | None:
    """What of these groups can be paid by card on the site now; None when nothing can. One query, where cards are."""
    till = till_of(day.market)
    if till is None or timezone.now() < day.starts_at - EARLIEST:
        return None
    ids = [group.producer.pk for group in groups]
    payable = set(Account.objects.payable(till.name).filter(producer__in=ids).values_list("producer", flat=True))
    with_card = [group for group in groups if group.producer.pk in payable]
    others = [group for group in groups if group.producer.pk not in payable]
    online = Online(till.name, with_card, others, charged_at(day, timezone.now() + CARD_HOLDS))
    return online if SMALLEST_CENTS <= online.cents <= MOST_CENTS else None


def owed_by_card(pickup: Pickup) -> dict[Producer, int]:
    """What a card owes each producer of an order (cents), where it is paid by card and that is something."""
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
    return open_attempt(pickup.order, till, by_key, parameters=parameters, expires_at=expires_at)


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
