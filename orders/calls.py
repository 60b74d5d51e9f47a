"""The calls of a market day: to residents without an e-mail address, and to people whose mail failed for good."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from marche.common.actors import Role
from marche.outbox.models import Message
from orders.mail_kinds import CALLED_PRODUCERS, CALLED_RESIDENTS, CANCELLATIONS, Mail
from orders.models import Call, OrderChange, Pickup, ProducerOrder
from producers.models import Producer


@dataclass(frozen=True)
class Fact:
    """What one person is told by telephone; `error` is why its mail failed, if there was one.

    `call` is unsaved as long as nobody has noted anything of it.
    """

    call: Call
    error: str = ""

    @property
    def key(self) -> str:
        return self.call.key


def facts_of(day_ids: Collection[int]) -> list[Fact]:
    """All that is told, or was told, by telephone of these days. Two queries, four where mails failed."""
    failed = {fact.key: fact for fact in _failed(day_ids)}
    rows = Call.objects.filter(day__in=day_ids).exclude(_is_of_no_use())
    kept = [Fact(call, failed[call.key].error if call.key in failed else "") for call in _whole(rows)]
    noted = {fact.key for fact in kept}
    return [fact for fact in kept if _is_wanted(fact)] + [fact for key, fact in failed.items() if key not in noted]


def _whole(calls: QuerySet[Call]) -> QuerySet[Call]:
    return calls.select_related("pickup", "producer__partner", "called_by")


def _is_wanted(fact: Fact) -> bool:
    """Whoever has an address is called only when its mail failed, and stays on the list once it was called."""
    call = fact.call
    has_address = call.producer_id or (call.pickup and call.pickup.email)
    return bool(call.called_at or fact.error or not has_address)


def _is_of_no_use() -> Q:
    """Calls not made about what is past or void: only a cancelling is told whenever somebody comes to it."""
    past = Q(day__ends_at__lte=timezone.now()) & ~Q(kind__in=CANCELLATIONS)
    taken = Q(kind=Mail.PART_CHANGED, revision__in=_changes_too_late().values("pk"))
    void = Q(pickup__cancelled_at__isnull=False) & ~Q(kind=Mail.ORDER_CANCELLED)
    came = ProducerOrder.objects.collected().filter(pickup=OuterRef("pickup"))  # before the rest was cancelled
    void |= Q(Exists(came), kind=Mail.ORDER_CANCELLED, pickup__cancelled_at=None)
    return Q(called_at=None) & (past | taken | void)


def _changes_too_late() -> QuerySet[OrderChange]:
    return OrderChange.objects.filter(part__handed_over_at__isnull=False)


def _failed(day_ids: Collection[int]) -> list[Fact]:
    """Whose mail failed for good; not somebody who cancelled, or has come, or was erased. At most three queries."""
    pickups = Pickup.objects.filter(day__in=day_ids)
    cancelled = OrderChange.objects.filter(pickup=OuterRef("subject_id"), kind=OrderChange.Kind.CANCELLED)
    by_resident = Exists(cancelled.filter(actor=Role.RESIDENT))
    past = Q(subject_id__in=pickups.filter(day__ends_at__lte=timezone.now()).values("pk")) & ~Q(kind__in=CANCELLATIONS)
    taken = Q(kind=Mail.PART_CHANGED, revision__in=_changes_too_late().values("pk"))
    void = Q(subject_id__in=pickups.filter(cancelled_at__isnull=False).values("pk")) & ~Q(kind=Mail.ORDER_CANCELLED)
    about = Q(kind__in=CALLED_RESIDENTS, subject_id__in=pickups.values("pk"))
    about |= Q(kind__in=CALLED_PRODUCERS, subject_id__in=list(day_ids))
    messages = Message.objects.filter(about, state=Message.State.FAILED).exclude(recipient__endswith="@invalid")
    messages = messages.exclude(Q(kind__in=CALLED_RESIDENTS) & (past | taken | void))
    rows = list(messages.exclude(Q(kind=Mail.ORDER_CANCELLED) & by_resident).order_by("pk"))
    to_producers = [message for message in rows if message.kind in CALLED_PRODUCERS]
    return [*_to_producers(to_producers), *_to_residents([row for row in rows if row.kind in CALLED_RESIDENTS])]


def _to_residents(messages: Iterable[Message]) -> list[Fact]:
    rows = list(messages)
    found = Pickup.objects.in_bulk([message.subject_id for message in rows])
    orders = [(message, found[message.subject_id]) for message in rows]
    return [_fact(message, pickup.day_id, pickup=pickup) for message, pickup in orders]


def _to_producers(messages: Iterable[Message]) -> list[Fact]:
    rows = list(messages)
    named: defaultdict[str, list[Producer]] = defaultdict(list)
    producers = Producer.objects.filter(email__in=[message.recipient for message in rows])
    for producer in producers.select_related("partner"):
        named[producer.email].append(producer)
    return [_fact(row, row.subject_id, producer=producer) for row in rows for producer in named[row.recipient]]


def _fact(message: Message, day_id: int, *, pickup: Pickup | None = None, producer: Producer | None = None) -> Fact:
    call = Call(day_id=day_id, pickup=pickup, producer=producer)
    call.kind, call.revision, call.made_at = message.kind, message.revision, message.created_at
    return Fact(call, message.error)
