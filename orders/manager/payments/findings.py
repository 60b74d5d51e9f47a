"""What a manager is to look at: some kinds, each with its findings and what to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from orders.models import Pickup

PATIENCE = dt.timedelta(hours=2)  # for what waits: a page that may be paid, Stripe that does not answer


@dataclass(frozen=True)
class Finding:
    """One thing. `cents` is what it is about, 0 where it is about no amount; `who`, a producer.

    `attempt_id`: the payment that can be asked about; `instruction_id`: the refused request that can be made again.
    """

    cents: int = 0
    since: dt.datetime | None = None
    pickup: Pickup | None = None
    who: str = ""
    detail: str = ""
    attempt_id: int = 0
    instruction_id: int = 0


@dataclass(frozen=True)
class Kind:
    """Findings of one kind: what they have in common, and what to do about each."""

    code: str
    title: str
    advice: str
    findings: Sequence[Finding] = field(default_factory=list)

    @property
    def cents(self) -> int:
        return sum(finding.cents for finding in self.findings)
