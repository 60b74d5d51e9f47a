"""A producer weighs what is sold by its weight, takes off what it has not, and says that a part is ready."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db import transaction

from marche.common.actors import Actor
from orders.locks import lock_part
from orders.steps.hand_over import Noted
from orders.steps.prepare import write_prepared


def prepare_part(
    part_id: int,
    *,
    grams: Mapping[int, int],
    struck: Mapping[int, str],
    units: Mapping[int, int] | None = None,
    sure: Collection[int] = (),
    by: Actor,
) -> Noted:
    """Note what the pieces of each weighed line weigh together (grams) and why lines are taken off (a StrikeReason).

    `units`: how many there are, where it is fewer than were ordered; of none the line is taken off, for a shortage if
    no other reason is given. All by the key of the line. A price is never above the maximum of what there is, however
    heavy the pieces are. Returns the part, and whether this call changed anything; it may be prepared anew, otherwise,
    until it is handed over. Raises Refused for what is cancelled, not paid yet, too early, too late or handed over, for
    more units than were ordered, and for each weighed line that is neither taken off nor weighed with a weight that can
    be true; with the code `prepare.UNUSUAL` for a weight below the smallest of so many pieces or above the largest,
    unless the line is in `sure`; and ProducerOrder.DoesNotExist.
    """
    with transaction.atomic(durable=True):
        part = lock_part(part_id)
        is_new = write_prepared(part, grams, struck, by, units, sure)
    return Noted(part, is_new)
