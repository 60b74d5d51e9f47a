"""What was told to residents and producers, and what did not reach them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from marche.markets.models import MarketDay
from marche.outbox.models import Message
from orders.mail_kinds import CALLED_PRODUCERS, ORDER_KINDS, Mail
from orders.manager.presenters.messages import failed_of
from orders.models import Pickup, Summary
from orders.presenters.tables import CellKind, Column, Row, Table

STATES = (Message.State.SENT, Message.State.WAITING, Message.State.FAILED)


def messages_table(day: MarketDay) -> Table:
    """By kind and state. Three queries."""
    counts = Counter(_counts(ORDER_KINDS, Pickup.objects.filter(day=day)))
    counts.update(_counts([Mail.SUMMARY], Summary.objects.filter(day=day)))
    counts.update(_counts(CALLED_PRODUCERS, MarketDay.objects.filter(pk=day.pk)))
    columns = (
        Column("message", _("Message")),
        Column("envoyes", _("Sent"), CellKind.COUNT),
        Column("en-attente", pgettext("message", "Waiting"), CellKind.COUNT),
        Column("en-echec", pgettext("message", "Failed"), CellKind.COUNT),
    )
    everything = (*ORDER_KINDS, *CALLED_PRODUCERS, Mail.SUMMARY)
    kinds = [kind for kind in everything if any(counts[kind, state] for state in STATES)]
    rows: list[Row] = [(str(kind.label), *(counts[kind, state] for state in STATES)) for kind in kinds]
    return Table("messages", _("Messages"), columns, rows, empty=_("No message was written."))


def failed_table(day: MarketDay) -> Table:
    """The failed messages whose recipients nobody has told since: producers, then orders. Two queries, or four."""
    columns = (
        Column("message", _("Message")),
        Column("destinataire", _("Written to")),
        Column("adresse", _("E-mail")),
        Column("raison", _("Why it failed")),
    )
    summary = str(Mail.SUMMARY.label)
    rows: list[Row] = [(summary, name, one.recipient, one.error) for one, name in _failed_summaries(day)]
    for mail in failed_of(day):
        whose = mail.name
        if mail.number:
            whose = _("Order %(number)d, %(name)s") % {"number": mail.number, "name": mail.name}
        rows.append((mail.title, whose, mail.message.recipient, mail.message.error))
    return Table("messages-en-echec", _("Messages that failed"), columns, rows, empty=_("No message failed."))


def _counts(kinds: Sequence[str], subjects: QuerySet[Any]) -> dict[tuple[str, str], int]:
    rows = Message.objects.filter(kind__in=kinds, subject_id__in=subjects.values("pk")).order_by()
    return {(kind, state): count for kind, state, count in rows.values_list("kind", "state").annotate(Count("pk"))}


def _failed_summaries(day: MarketDay) -> list[tuple[Message, str]]:
    unread = Summary.objects.filter(day=day, acknowledged_at=None)
    again = Message.objects.filter(kind=Mail.SUMMARY, subject_id=OuterRef("subject_id"), pk__gt=OuterRef("pk"))
    name = Subquery(Summary.objects.filter(pk=OuterRef("subject_id")).values("producer__partner__name")[:1])
    failed: QuerySet[Message] = Message.objects.filter(
        ~Exists(again), state=Message.State.FAILED, kind=Mail.SUMMARY, subject_id__in=unread.values("pk")
    )
    return [(message, message.producer_name) for message in failed.annotate(producer_name=name).order_by("pk")]
