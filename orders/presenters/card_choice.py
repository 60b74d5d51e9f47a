"""What of a basket can be paid by card on the site."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from marche.payments.capture_or_refund import SMALLEST_CENTS
from marche.payments.deadlines import capture_time
from marche.payments.models import Account
from marche.payments.tills import till_of

if TYPE_CHECKING:
    from marche.markets.models import Market, MarketDay
    from orders.presenters.basket import Group
    from producers.models import Producer

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
    online = Online(till.name, with_card, others, capture_time(day, timezone.now() + CARD_HOLDS))
    return online if SMALLEST_CENTS <= online.cents <= MOST_CENTS else None
