"""Our books are compared with Stripe's: each night, and whenever a manager asks."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import asdict
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from marche.payments.actions.reconcile import reconcile
from marche.payments.compare import differences, stale_attempts
from marche.payments.gateway import Gateway
from marche.payments.hold import is_on_hold
from marche.payments.models import Comparison
from marche.payments.payable import payable
from marche.payments.refusals import OnHoldError, RefusedError, StripeError

if TYPE_CHECKING:
    from typing import Any

logger = logging.getLogger(__name__)

DAYS = 35  # from one market day to well after the next: refunds and disputes included


def compare_with_stripe(till_name: str, *, days: int = DAYS, patient: bool = True) -> Comparison:
    """Compare what Stripe lists of the last `days` with our rows, and keep what differs.

    What we have only not heard of is first asked for and noted, as an event would have done. The managers of the till's
    markets get a mail about what the comparison before did not tell. Differences older than `days` are kept from that
    one. `patient`: wait for Stripe as a task may, not as a page. Raises StripeError, changing nothing,
    also while the books are on hold after a restore.
    """
    if is_on_hold():
        raise OnHoldError("books-on-hold")
    started = timezone.now()
    since = started - dt.timedelta(days=days)
    seen = list(Gateway.of(till_name, patient=patient).money_since(since))
    for attempt_id in stale_attempts(till_name, seen):
        _ask_again(attempt_id, patient=patient)
    found = [asdict(difference) for difference in differences(till_name, seen, since, started)]
    with transaction.atomic(durable=True):
        told = _told_before(till_name)
        oldest = (started - dt.timedelta(days=DAYS)).isoformat()
        kept = [row for row in told if oldest <= row["at"] < since.isoformat()]
        comparison = Comparison.objects.create(till=till_name, made_at=started, differences=[*found, *kept])
        if {_name(row) for row in found} - {_name(row) for row in told}:
            payable().tell_differences(comparison)
    return comparison


def _ask_again(attempt_id: int, *, patient: bool) -> None:
    try:
        reconcile(attempt_id, patient=patient)
    except RefusedError as refusal:  # Stripe does not know it: this is what will be told
        logger.warning("attempt %s could not be asked about: %s", attempt_id, refusal)
    except StripeError:
        raise
    except Exception:  # it is told as a difference
        logger.exception("attempt %s could not be reconciled", attempt_id)


def _told_before(till_name: str) -> list[dict[str, Any]]:
    last = Comparison.objects.filter(till=till_name).first()
    return last.differences if last else []


def _name(row: dict[str, Any]) -> tuple[str, str, int]:
    return row["what"], row["stripe_id"], row["stripe_cents"]
