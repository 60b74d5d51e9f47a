"""Questions asked of many accounts, attempts, instructions or movements at once."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Sum, When
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marche.payments.models import Account, Dispute, Instruction, Movement, PaymentAttempt, Share  # noqa: F401  (named below)


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

    def sums(self, shares: Iterable[int]) -> dict[int, int]:
        """Cents by share; those without any movement are left out."""
        rows = self.filter(share__in=list(shares)).order_by().values_list("share").annotate(Sum("cents"))
        return dict(rows)


class ShareQuerySet(models.QuerySet["Share"]):
    def with_sums(self) -> Self:
        """Each share with what its ledger says, in cents, a movement's sign kept, and whether the bank contests it.

        `kept_cents` is what is kept of what the resident paid, `moved_cents` what is with the producer, and
        `waiting_cents` what is on its way there or back, asked of Stripe and not done yet. The movements are read once.
        """
        contested = _disputes().filter(attempt=OuterRef("attempt")).exclude(status__in=NOT_LOST)
        return self.annotate(
            captured_sum=_ledger(["capture"]),
            refunded_sum=_ledger(["refund"]),
            transferred_sum=_ledger(["transfer"]),
            reversed_sum=_ledger(["reversal"]),
            netted_sum=_ledger(["netting"]),
            kept_cents=_ledger(RESIDENT_SIDE),
            moved_cents=_ledger(PRODUCER_SIDE),
            waiting_cents=_ledger(PRODUCER_SIDE, state="waiting"),
            is_contested=Exists(contested),
        )

    def stated(self) -> Self:
        """Those of which statements tell: authorised and not given up since, or captured."""
        given_up = Q(attempt__state="authorised", attempt__order__pickup__cancelled_at__isnull=False)
        return self.filter(attempt__state__in=["authorised", "captured"]).exclude(given_up)

    def out_of_balance(self) -> Self:
        """With their sums, those of which the producer has less or more than is its own: `ShareBalance.owed_cents`."""
        net = Greatest(F("kept_cents") - Coalesce(F("fee_cents"), 0), 0)
        rows = self.with_sums().annotate(target_sum=Case(When(earned_at__isnull=False, then=net), default=0))
        return rows.filter(is_contested=False).exclude(target_sum=F("moved_cents") + F("waiting_cents"))

    def underpaid(self) -> Self:
        """With their sums, those of which less is kept of the resident's money than is due."""
        refunds = _movements().filter(share=OuterRef("pk"), instruction__kind="refund")
        candidates = self.filter(Q(due_cents__gt=F("captured_cents")) | Exists(refunds))
        return candidates.with_sums().filter(kept_cents__lt=F("due_cents"))


NOT_LOST = ("won", "warning_closed")  # of a dispute: Stripe’s words for one that took no money


class DisputeQuerySet(models.QuerySet["Dispute"]):
    def lost(self) -> Self:
        """Those that the bank has decided for the resident: the money is gone."""
        return self.filter(closed_at__isnull=False).exclude(status__in=NOT_LOST)


def _ledger(kinds: Iterable[str], state: str = "done") -> Coalesce:
    which = Q(movements__instruction__kind__in=list(kinds), movements__instruction__state=state)
    return Coalesce(Sum("movements__cents", filter=which), 0)


def _movements() -> models.QuerySet[Any]:
    from marche.payments.models import Movement

    return Movement.objects.all()


def _disputes() -> models.QuerySet[Any]:
    from marche.payments.models import Dispute

    return Dispute.objects.all()
