"""What is told when a market day that people knew has changed: its times, its place, or that it is not held."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from marche.common.actors import Role
from marche.markets.here import keep_time_of
from marche.outbox import registry
from marche.outbox.models import Message
from marche.outbox.registry import Attachment, Content
from orders.cancellable import may_be_cancelled
from orders.documents.calendar import calendar_media_type, ticket_calendar
from orders.documents.ticket import ticket_pdf
from orders.mail_kinds import Mail, mail_kind
from orders.mails.about import read_day, read_pickup
from orders.models import DayChange


def register() -> None:
    registry.register(mail_kind(Mail.DAY_CHANGED), day_change)
    registry.register(mail_kind(Mail.DAY_CHANGED_PRODUCER), day_change_for_producers)
    registry.register(mail_kind(Mail.DAY_CANCELLED), day_cancellation)


def day_change(message: Message) -> Content:
    """To a resident, with the ticket as it is now; `revision` is the key of the change."""
    pickup = read_pickup(message.subject_id)
    context = {"pickup": pickup, "change": _change(message), "can_cancel": may_be_cancelled(pickup, Role.RESIDENT)}
    if pickup.is_cancelled or pickup.is_pending:
        return Content(context, reply_to=pickup.market.contact_email)
    name = f"billet-{pickup.number}"
    attachments = [
        Attachment(f"{name}.pdf", ticket_pdf(pickup), "application/pdf"),
        Attachment(f"{name}.ics", ticket_calendar(pickup), calendar_media_type(pickup)),
    ]
    return Content(context, attachments, reply_to=pickup.market.contact_email)


def day_change_for_producers(message: Message) -> Content:
    """To a producer who offers something, or has orders; `revision` is the key of the change."""
    change = _change(message)
    keep_time_of(change.day.market)
    context = {"change": change, "day": change.day, "url": settings.SITE_URL + reverse("producer-home")}
    return Content(context, reply_to=change.day.market.contact_email)


def day_cancellation(message: Message) -> Content:
    """To a producer: the market is not held."""
    day = read_day(message.subject_id)
    return Content({"day": day}, reply_to=day.market.contact_email)


def _change(message: Message) -> DayChange:
    return DayChange.objects.select_related("day__market").get(pk=message.revision)
