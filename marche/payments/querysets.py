"""Questions asked of many accounts, attempts, instructions or movements at once."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Sum
from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marche.payments.models import Account, Instruction, Movement, PaymentAttempt  # noqa: F401


class AccountQuerySet(models.QuerySet["Account"]):
    def payable(self, till: str) -> Self:
        """The accounts of this till to which money can go."""
        return self.filter(till=till, transfers="active", country="FR", left_at=None).exclude(stripe_id="")


class AttemptQuerySet(models.QuerySet["PaymentAttempt"]):
    def live(self) -> Self:
        """Those that wait to be paid, or were: at most one per order."""
        return self.filter(state__in=["new", "open", "authorised", "captured"])

    def waiting(self) -> Self:
        return self.filter(state__in=["new", "open"])


class InstructionQuerySet(models.QuerySet["Instruction"]):
    def due(self, now: dt.datetime | None = None) -> Self:
        """Instructions to carry out at the aware time `now` (default: now), in the order in which they were made."""
        return self.filter(state="waiting", due_at__lte=now or timezone.now()).order_by("pk")


RESIDENT_SIDE = ("capture", "refund")
PRODUCER_SIDE = ("transfer", "reversal", "netting")


class MovementQuerySet(models.QuerySet["Movement"]):
    def counted(self, *, and_waiting: bool = False) -> Self:
        """Those of instructions that are done; with those that are still to be carried out, if asked."""
        states = ["done", "waiting"] if and_waiting else ["done"]
        return self.filter(instruction__state__in=states)

    def from_residents(self) -> Self:
        return self.filter(instruction__kind__in=RESIDENT_SIDE)

    def to_producers(self) -> Self:
        return self.filter(instruction__kind__in=PRODUCER_SIDE)

    def sums(self, shares: Iterable[int]) -> dict[int, int]:
        """Cents by share; those without any movement are left out."""
        rows = self.filter(share__in=list(shares)).order_by().values_list("share").annotate(Sum("cents"))
        return dict(rows)
