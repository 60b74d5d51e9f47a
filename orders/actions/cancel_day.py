"""A market day is not held: nobody can order for it any more, everybody is told, and its orders are cancelled."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from marche.common.actors import Actor
from marche.common.refusals import Problem, Refused
from marche.markets.locks import lock_day
from marche.markets.models import MarketDay
from orders.steps.cancel import cancel_locked_day


def cancel_day(day_id: int, *, reason: str, by: Actor) -> MarketDay:
    """Cancel a day, at any time. Its orders follow one by one, see cancel_orders_of_day.py; more than a thousand may.

    What a stall has handed over, or was paid for, stays; what nobody has collected yet is cancelled.

    `reason` (at most 200 characters) is told to residents and producers: it names nobody. Raises Refused when the day
    is cancelled already, and MarketDay.DoesNotExist.
    """
    with transaction.atomic(durable=True):
        day = lock_day(day_id)
        if day.cancelled_at:
            raise Refused(Problem("cancelled", _("This market day is cancelled already.")))
        cancel_locked_day(day, reason=reason, by=by)
    return day
