"""What producers wait for, what they have too much, and whose account is stopped."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _

from marche.common.wording import day_in_words
from marche.markets.models import Market, MarketDay
from marche.payments.accounts import ProducerAccount
from marche.payments.ledger import ShareBalance, out_of_balance
from marche.payments.models import Instruction
from marche.payments.models.accounts import AccountState
from orders.manager.payments.books import shares_of
from orders.manager.payments.findings import Finding, Kind

A_DAY = dt.timedelta(days=1)  # after the market: transfers leave in its evening
STOPPED = (AccountState.RESTRICTED, AccountState.FOREIGN, AccountState.LEFT)


def about_producers(market: Market, accounts: Collection[ProducerAccount], now: dt.datetime) -> list[Kind]:
    """Transfers that are owed, debts, and accounts that were stopped. Two queries."""
    rows = out_of_balance(shares_of(market))
    late = [row for row in rows if row.owed_cents > 0 and _day(row).ends_at < now - A_DAY]
    states = {account.producer.pk: account for account in accounts}
    return [
        Kind(
            "transfers-owed",
            _("Transfers that producers wait for"),
            _("They leave by themselves every hour, as soon as nothing stands in the way."),
            _owed(late, states, _refused(late)),
        ),
        Kind(
            "debts",
            _("Producers who have too much"),
            _("Stripe could not take it back: it is kept back from what they are paid next."),
            _debts(row for row in rows if row.owed_cents < 0),
        ),
        Kind(
            "stopped-accounts",
            _("Accounts of producers that were stopped"),
            _("Telephone the producer: Stripe’s questions are behind the link “My payments” of its pages."),
            [_stopped(account) for account in accounts if account.state in STOPPED],
        ),
    ]


def _owed(
    rows: Iterable[ShareBalance], accounts: dict[int, ProducerAccount], refused: set[int]
) -> list[Finding]:  # fmt: skip
    """One for each producer, market day and reason."""
    groups: defaultdict[tuple[int, dt.date, str], list[ShareBalance]] = defaultdict(list)
    for row in rows:
        reason = _reason(row, accounts.get(row.share.producer_id), refused)
        groups[row.share.producer_id, _day(row).date, reason].append(row)
    return [
        Finding(
            cents=sum(row.owed_cents for row in group),
            since=_day(group[0]).ends_at,
            who=group[0].share.producer.name,
            detail=_("%(day)s: %(reason)s") % {"day": day_in_words(_day(group[0]).starts_at), "reason": reason},
        )
        for (_producer, _date, reason), group in groups.items()
    ]


def _reason(row: ShareBalance, account: ProducerAccount | None, refused: set[int]) -> str:
    if row.share.pk in refused:
        return _("Stripe refused the transfer, see below")
    if account is None or not account.can_be_paid:
        return _("the producer’s account can’t be paid")
    if row.share.attempt.fee_cents is None:
        return _("Stripe has not said what its fee is")
    return _("the transfer has not left yet")


def _refused(rows: Collection[ShareBalance]) -> set[int]:
    """The shares of which Stripe refused the transfer."""
    refused = Instruction.objects.filter(
        kind=Instruction.Kind.TRANSFER,
        state=Instruction.State.REFUSED,
        movements__share__in=[row.share.pk for row in rows],
    )
    return set(refused.values_list("movements__share", flat=True))


def _debts(rows: Iterable[ShareBalance]) -> list[Finding]:
    groups: defaultdict[int, list[ShareBalance]] = defaultdict(list)
    for row in rows:
        groups[row.share.producer_id].append(row)
    return [
        Finding(
            cents=-sum(row.owed_cents for row in group),
            since=min(_day(row).ends_at for row in group),
            pickup=group[0].share.attempt.order.pickup if len(group) == 1 else None,
            who=group[0].share.producer.name,
        )
        for group in groups.values()
    ]


def _stopped(one: ProducerAccount) -> Finding:
    account = one.account
    since = account.left_at or account.checked_at if account else None
    return Finding(since=since, who=one.producer.name, detail=one.sentence)


def _day(row: ShareBalance) -> MarketDay:
    day: MarketDay = row.share.attempt.order.pickup.day
    return day
