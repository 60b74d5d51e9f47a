"""A resident says who comes and when: slot and contact are kept with the basket, as long as it is open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from marche.common.refusals import Problem, Refused
from orders.models import DayBasket

FIELDS = frozenset({"slot", *DayBasket.CONTACT_FIELDS})


def keep_contact(basket_id: int, *, values: Mapping[str, Any]) -> bool:
    """Write these fields (slot, contact, language) of an open basket, and nothing else of it.

    False, and nothing is written, when it was ordered meanwhile: this statement waits for an order that is being placed
    (orders.locks.close_basket), and PostgreSQL then looks at `open` again. Raises Refused when the slot went in this
    very moment (move_day.py), and ValueError for any other field.
    """
    if values.keys() - FIELDS:
        raise ValueError(f"not of a contact: {sorted(values.keys() - FIELDS)}")
    try:
        with transaction.atomic(durable=True):
            still_open = DayBasket.objects.filter(pk=basket_id, open=True)
            return bool(still_open.update(**values, touched_at=timezone.now()))
    except IntegrityError as error:
        raise Refused(Problem("slot-gone", _("This slot is no longer there: choose another one."))) from error
