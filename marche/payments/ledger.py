"""What the ledger says of each producer's share: the one place in which its sums are defined.

All amounts are cents. *Kept* is what the resident paid and did not get back; *net* is what of it is the producer's,
after its part of Stripe's fee; the *target* is what is to be with the producer now: the net once its goods were handed
over, nothing while the resident's bank contests the payment or has taken it back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from marche.payments.models import Share
from marche.payments.querysets import ShareQuerySet


@dataclass(frozen=True)
class ShareBalance:
    """A share, and what was done about it. `netted_cents` alone may have either sign."""

    share: Share
    captured_cents: int = 0
    refunded_cents: int = 0
    transferred_cents: int = 0
    reversed_cents: int = 0
    netted_cents: int = 0
    waiting_cents: int = 0
    is_contested: bool = False

    @property
    def kept_cents(self) -> int:
        """What of the resident's money is kept."""
        return self.captured_cents - self.refunded_cents

    @property
    def fee_cents(self) -> int:
        """Its part of Stripe's fee, never more than what is kept: what is beyond that is the town's."""
        return min(self.share.fee_cents or 0, max(self.kept_cents, 0))

    @property
    def net_cents(self) -> int:
        """What is the producer's in the end."""
        return self.kept_cents - self.fee_cents

    @property
    def target_cents(self) -> int:
        """What is to be with the producer now."""
        is_due = self.share.earned_at is not None and not self.is_contested
        return max(self.net_cents, 0) if is_due else 0

    @property
    def moved_cents(self) -> int:
        """What is with the producer: transfers, less reversals, and what was netted with a debt."""
        return self.transferred_cents - self.reversed_cents + self.netted_cents

    @property
    def owed_cents(self) -> int:
        """What must still go to the producer, beside what is on its way; negative when it has too much: a debt.

        Nothing moves either way while the payment is contested.
        """
        if self.is_contested:
            return 0
        return self.target_cents - self.moved_cents - self.waiting_cents

    @property
    def balance_cents(self) -> int:
        """What of the net is not with the producer yet, due or not; negative when it has too much."""
        return self.net_cents - self.moved_cents


def balances(shares: ShareQuerySet) -> list[ShareBalance]:
    """How these shares stand, in their order. One query; `select_related` what is to be read of them."""
    return [_balance(share) for share in cast(Iterable[Any], shares.with_sums())]


def out_of_balance(shares: ShareQuerySet) -> list[ShareBalance]:
    """Those of these shares whose `owed_cents` is not nothing, however many are even. Two queries.

    The first reads all movements and therefore nothing else.
    """
    found = list(shares.select_related(None).order_by().out_of_balance().values_list("pk", flat=True))
    return balances(shares.filter(pk__in=found))


def underpaid(shares: ShareQuerySet) -> list[ShareBalance]:
    """Those of these shares of which less was captured than is due, or too much refunded. One query."""
    return [_balance(share) for share in cast(Iterable[Any], shares.underpaid())]


def _balance(share: Any) -> ShareBalance:
    return ShareBalance(
        share=share,
        captured_cents=share.captured_sum,
        refunded_cents=-share.refunded_sum,
        transferred_cents=share.transferred_sum,
        reversed_cents=-share.reversed_sum,
        netted_cents=share.netted_sum,
        waiting_cents=share.waiting_cents,
        is_contested=share.is_contested,
    )
