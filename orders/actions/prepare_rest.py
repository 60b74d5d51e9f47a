"""A producer says that all orders in which there is nothing to weigh are ready."""

from __future__ import annotations

from django.db import transaction

from marche.common.actors import Actor
from marche.common.refusals import Refused
from marche.markets.models import MarketDay
from orders.locks import lock_part
from orders.presenters.preparation import orders_to_prepare
from orders.steps.prepare import require_preparing_time, write_prepared
from producers.models import Producer


def prepare_rest(day_id: int, *, producer_id: int, by: Actor) -> int:
    """Note as prepared each part of this stall that holds nothing to weigh; return how many.

    One transaction each: what is cancelled, weighed or prepared by somebody else meanwhile is passed over. Raises
    Refused when it is too early or too late for the whole day, MarketDay.DoesNotExist and Producer.DoesNotExist.
    """
    day = MarketDay.objects.get(pk=day_id)
    require_preparing_time(day)
    orders = orders_to_prepare(Producer.objects.get(pk=producer_id), day)
    return sum(_prepare(order.part.pk, by) for order in orders if order.needs_no_weighing)


def _prepare(part_id: int, by: Actor) -> bool:
    try:
        with transaction.atomic(durable=True):
            part = lock_part(part_id)
            if part.prepared_at:
                return False
            struck = {detail.pk: detail.struck for detail in part.details.all() if detail.struck}
            return write_prepared(part, {}, struck, by)
    except Refused:
        return False
