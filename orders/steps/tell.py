"""Tell people about a fact: by mail if they gave an address, else by a call on the managers' list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from marche.outbox.actions.queue import queue, queue_many
from marche.outbox.models import Message
from orders.mail_kinds import Mail
from orders.models import Call
from producers.models import Producer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from marche.markets.models import MarketDay
    from orders.models import OrderChange, Pickup, ProducerOrder


def tell(pickup: Pickup, kind: str, *, revision: int = 1, by_telephone: bool = True) -> None:
    """Tell the resident of an order about a fact, once, if the transaction commits. Doing it again changes nothing.

    `kind` and `revision` name the mail (mail_kinds.py) and what is said on the telephone
    (manager/presenters/said.py).
    `by_telephone`: whether the managers are asked to call who gave no address.
    """
    if pickup.email:
        queue(kind, pickup.pk, pickup.email, revision=revision, language=pickup.language)
    elif by_telephone:
        list_calls(pickup.day_id, [pickup.pk], kind, revision=revision)


def list_calls(day_id: int, pickup_ids: Iterable[int], kind: str, *, revision: int = 1) -> None:
    """Ask the managers to call the residents of these orders of one day about a fact, once. One statement."""
    now = timezone.now()
    calls = [Call(day_id=day_id, pickup_id=pk, kind=kind, revision=revision, made_at=now) for pk in pickup_ids]
    Call.objects.bulk_create(calls, ignore_conflicts=True)


def tell_of_part(part: ProducerOrder, change: OrderChange) -> None:
    """Tell a resident that what it gets of one producer has changed: by this change of lines, struck or put back.

    Who has no address is called as long as nobody has come: later the resident stands at the stall.
    """
    pickup = part.pickup
    is_expected = timezone.now() < pickup.day.ends_at and not pickup.parts.collected().exists()
    tell(pickup, Mail.PART_CHANGED, revision=change.pk, by_telephone=is_expected)


def tell_producers(day: MarketDay, kind: str, *, revision: int = 1) -> None:
    """Tell every producer whom a fact of this day concerns by mail, once."""
    queue_many(
        Message(kind=kind, subject_id=day.pk, recipient=email, revision=revision, language=settings.LANGUAGE_CODE)
        for email in sorted(set(producers_of(day).values_list("email", flat=True)))
    )


def producers_of(day: MarketDay) -> QuerySet[Producer]:
    """The producers with a stall on the market, an offer for this day, or an order."""
    known = Producer.objects.filter(partner__stalls__market=day.market_id).order_by()
    offering = Producer.objects.filter(listings__day=day).order_by()
    asked = Producer.objects.filter(orders__day=day, orders__cancelled_at=None).order_by()
    keys = known.values("pk").union(offering.values("pk"), asked.values("pk"))
    return Producer.objects.filter(pk__in=keys)
