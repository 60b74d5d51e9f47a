"""A manager changes how many residents may come in a slot."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import ngettext

from marche.common.refusals import Problem, Refused
from marche.markets.changes import check_takes_changes
from marche.markets.locks import lock_slot
from marche.markets.models import Slot


def change_capacity(slot_id: int, *, capacity: int) -> Slot:
    """Give this slot so many places. Raises Refused below what is taken, or once orders are closed."""
    with transaction.atomic(durable=True):
        slot = lock_slot(slot_id)
        check_takes_changes(slot.day, timezone.now())
        if capacity < slot.reserved:
            sentence = ngettext(
                "%(count)d place of this slot is taken already: it can’t have fewer.",
                "%(count)d places of this slot are taken already: it can’t have fewer.",
                slot.reserved,
            )
            raise Refused(Problem("taken", sentence % {"count": slot.reserved}))
        slot.capacity = capacity
        slot.save(update_fields=["capacity"])
    return slot
