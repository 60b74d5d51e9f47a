"""Bring what each producer holds in line with what is its own: transfers, reversals, and debts that are netted.

The same way as capture_or_refund.py on the residents' side: what the ledger says is compared with what should be, and
the difference becomes an instruction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from marche.payments.instruct import UNDECIDED, instruct
from marche.payments.ledger import ShareBalance, balances
from marche.payments.models import Account, Instruction, PaymentAttempt, Share

Kind, State = Instruction.Kind, Instruction.State


@dataclass
class _Debt:
    share: Share
    cents: int


def reverse_shares(attempt: PaymentAttempt) -> list[Instruction]:
    """Reverse what producers hold too much of a locked attempt: after a refund, or goods that were brought back.

    The resident comes first: while a refund waits or was refused, nothing is reversed.
    """
    refunds = attempt.instructions.filter(kind=Kind.REFUND, state__in=UNDECIDED)
    if attempt.state != PaymentAttempt.State.CAPTURED or refunds.exists():
        return []
    refused = set(_shares_of(attempt, Kind.REVERSAL, State.REFUSED))
    return [
        instruction
        for balance in balances(Share.objects.filter(attempt=attempt))
        if balance.owed_cents < 0 and balance.share.pk not in refused
        for instruction in _reverse(attempt, balance.share, -balance.owed_cents)
    ]


def transfer_shares(attempts: Iterable[PaymentAttempt], accounts: dict[int, Account]) -> list[Instruction]:
    """Transfer what is owed of attempts that are locked, to the accounts (by producer) that can be paid.

    What a producer owes us of any of these attempts, because a reversal was refused, is netted first.
    """
    captured = {attempt.pk: attempt for attempt in attempts if attempt.state == PaymentAttempt.State.CAPTURED}
    rows = balances(Share.objects.filter(attempt__in=captured).order_by("pk"))
    debts = _debts(rows)
    written = []
    for balance in rows:
        share, attempt = balance.share, captured[balance.share.attempt_id]
        account = accounts.get(share.producer_id)
        if balance.owed_cents <= 0 or account is None or attempt.fee_cents is None or _is_stuck(attempt, share):
            continue
        left = balance.owed_cents - _net_debts(attempt, share, balance.owed_cents, debts[share.producer_id])
        if left:
            written.append(_transfer(attempt, share, account, left))
    return written


def _net_debts(attempt: PaymentAttempt, share: Share, owed: int, debts: list[_Debt]) -> int:
    """Net what is owed with debts, oldest first; they are counted down in place. Returns the cents that were netted."""
    netted = 0
    for debt in debts:
        if cents := min(owed - netted, debt.cents):
            _net(attempt, share, debt.share, cents)
            debt.cents -= cents
            netted += cents
            if not debt.cents:
                _drop_reversals(debt.share)
    return netted


def _debts(rows: Iterable[ShareBalance]) -> defaultdict[int, list[_Debt]]:
    """By producer: the shares of which it holds too much, for Stripe refused to reverse it."""
    found: defaultdict[int, list[_Debt]] = defaultdict(list)
    for balance in rows:
        if balance.owed_cents < 0:
            found[balance.share.producer_id].append(_Debt(balance.share, -balance.owed_cents))
    return found


def _net(attempt: PaymentAttempt, share: Share, debtor: Share, cents: int) -> None:
    """In our books alone: no money moves, so it is done at once."""
    netting = instruct(attempt, Kind.NETTING, cents=cents, moves={share.pk: cents, debtor.pk: -cents})
    netting.state, netting.done_at = State.DONE, timezone.now()
    netting.save(update_fields=["state", "done_at"])


def _drop_reversals(share: Share) -> None:
    refused = Instruction.objects.filter(movements__share=share, kind=Kind.REVERSAL, state=State.REFUSED)
    refused.update(state=State.DROPPED)


def _transfer(attempt: PaymentAttempt, share: Share, account: Account, cents: int) -> Instruction:
    parameters = {
        "amount": cents,
        "currency": "eur",
        "destination": account.stripe_id,
        "source_transaction": attempt.charge_id,
        "transfer_group": f"order_{attempt.order.number}",
    }
    return instruct(attempt, Kind.TRANSFER, cents=cents, moves={share.pk: cents}, parameters=parameters)


def _reverse(attempt: PaymentAttempt, share: Share, cents: int) -> list[Instruction]:
    """From the transfers of this share, the latest first, each up to what is left of it."""
    transfers = Instruction.objects.filter(movements__share=share, kind=Kind.TRANSFER, state=State.DONE).order_by("-pk")
    written = []
    for transfer in transfers:
        reversals = Instruction.objects.filter(target=transfer.stripe_id, kind=Kind.REVERSAL)
        used = sum(reversals.filter(state__in=[State.DONE, State.WAITING]).values_list("cents", flat=True))
        part = min(cents, transfer.cents - used)
        if part <= 0:
            continue
        written.append(
            instruct(
                attempt, Kind.REVERSAL, cents=part, target=transfer.stripe_id, moves={share.pk: -part},
                parameters={"amount": part},
            )
        )  # fmt: skip
        cents -= part
    return written


def _shares_of(attempt: PaymentAttempt, kind: Instruction.Kind, state: Instruction.State) -> Iterable[int]:
    return attempt.instructions.filter(kind=kind, state=state).values_list("movements__share", flat=True)


def _is_stuck(attempt: PaymentAttempt, share: Share) -> bool:
    """Whether Stripe refused to pay this share, or its resident is still to be refunded: a manager looks first."""
    of_share = attempt.instructions.filter(movements__share=share)
    refused = of_share.filter(kind=Kind.TRANSFER, state=State.REFUSED)
    return refused.exists() or of_share.filter(kind=Kind.REFUND, state__in=UNDECIDED).exists()
