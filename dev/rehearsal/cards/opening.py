"""The market takes cards: its producers, but for two, have accounts to which money can go."""

from __future__ import annotations

import datetime as dt

from django.db.models import F
from django.utils import timezone

from dev.demo.accounts import open_accounts
from marche.markets.models import Market, MarketDay

DAY = dt.timedelta(days=1)
SOON = dt.timedelta(days=5)  # a card holds money for a week: further ahead nobody can pay by card


def take_cards(day: MarketDay) -> set[int]:
    """Open the accounts, let producers bear Stripe's fee, bring the day near. Returns the stalls that can be paid."""
    Market.objects.filter(pk=day.market_id).update(fee_payer=Market.FeePayer.PRODUCERS)
    too_far = dt.timedelta(-((timezone.now() + SOON - day.starts_at) // DAY))  # whole days: hours stay as they are
    if too_far > dt.timedelta():
        earlier = {name: F(name) - too_far for name in ("starts_at", "ends_at")}
        MarketDay.objects.filter(pk=day.pk).update(
            **earlier, closes_at=F("closes_at") - too_far, date=day.date - too_far
        )
        day.slots.update(**earlier)
        day.refresh_from_db()
    partners = {account.producer.partner_id for account in open_accounts(day.market)}
    return set(day.market.stalls.filter(partner__in=partners).values_list("number", flat=True))
