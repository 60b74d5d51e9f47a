"""The accounts with which producers are paid: what Stripe says of them, and what that means for whom."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Q

from marche.markets.models import Market
from marche.payments import account_words as words
from marche.payments.models import Account
from marche.payments.models.accounts import AccountState
from marche.payments.snapshots import AccountSnapshot
from marche.payments.tills import till_of
from producers.models import Producer


def note(account: Account, seen: AccountSnapshot | None, asked_at: dt.datetime) -> Account:
    """Write what Stripe answered about a locked account to a question of the aware time `asked_at`; None: it is gone.

    An answer to an older question than the one written last is dropped.
    """
    if account.checked_at and account.checked_at > asked_at:
        return account
    account.checked_at = asked_at
    if seen is None:
        account.left_at = account.left_at or asked_at
    else:
        account.stripe_id, account.country, account.transfers = seen.stripe_id, seen.country, seen.transfers
        account.details_submitted, account.due = seen.details_submitted, seen.due
        account.disabled_reason, account.left_at = seen.disabled_reason[:100], None
    names = ["stripe_id", "country", "transfers", "details_submitted", "due", "disabled_reason"]
    account.save(update_fields=[*names, "checked_at", "left_at"])
    return account


def state_of(account: Account | None) -> AccountState | None:
    """None while Stripe knows of no account."""
    return account.state if account and account.stripe_id else None


@dataclass(frozen=True)
class ProducerAccount:
    """One producer of a market, for its manager. `state` is None while there is no account."""

    producer: Producer
    stall_number: int
    account: Account | None

    @property
    def state(self) -> AccountState | None:
        return state_of(self.account)

    @property
    def can_be_paid(self) -> bool:
        return self.state is AccountState.ACTIVE

    @property
    def badge(self) -> words.Badge:
        return words.badge(self.state)

    @property
    def sentence(self) -> str:
        return words.for_manager(self.state, self.account)


def accounts_of(market: Market) -> list[ProducerAccount]:
    """Every producer with a stall here, in walking order, with its account at the market's till. Two queries."""
    at_till = {account.producer_id: account for account in Account.objects.filter(till=market.till)}
    stalls = market.stalls.exclude(partner__producer=None).select_related("partner__producer").order_by("number")
    found = [(stall.number, stall.partner.producer) for stall in stalls]
    return [ProducerAccount(producer, number, at_till.get(producer.pk)) for number, producer in found]


@dataclass
class TillAccount:
    """A producer's account at one till, for the producer, with the markets that take cards with it."""

    till: str
    producer: Producer
    is_open: bool  # whether the town's keys stand in the settings
    markets: list[Market] = field(default_factory=list)
    account: Account | None = None

    @property
    def state(self) -> AccountState | None:
        return state_of(self.account)

    @property
    def badge(self) -> words.Badge:
        return words.badge(self.state)

    @property
    def sentence(self) -> str:
        return words.for_producer(self.state, self.account)

    @property
    def action(self) -> str:
        """What the button says that leads to Stripe; empty when there is nothing to do there, or no way."""
        return words.action(self.state, self.account) if self.is_open else ""

    @property
    def wanted(self) -> list[str]:
        """What Stripe still wants, in words."""
        told = self.state and self.state not in (AccountState.LEFT, AccountState.FOREIGN)
        return words.wanted(self.account.due) if self.account and told else []


def accounts_for(producer: Producer) -> list[TillAccount]:
    """The tills of the markets on which this producer has a stall and that take cards. Two queries."""
    stalls = Q(stalls__partner=producer.partner_id)
    by_till: dict[str, TillAccount] = {}
    for market in Market.objects.active().filter(stalls).exclude(till=""):
        entry = by_till.setdefault(market.till, TillAccount(market.till, producer, till_of(market) is not None))
        entry.markets.append(market)
    for account in Account.objects.filter(producer=producer, till__in=by_till):
        by_till[account.till].account = account
    return list(by_till.values())
