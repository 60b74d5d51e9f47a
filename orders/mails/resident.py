"""What a resident is told of an order: the confirmation with its ticket, what was changed or cancelled of it."""

from __future__ import annotations

from django.conf import settings

from marche.outbox import registry
from marche.outbox.models import Message
from marche.outbox.registry import Attachment, Content
from orders.documents.calendar import calendar_media_type, ticket_calendar
from orders.documents.ticket import ticket_pdf
from orders.mail_kinds import Mail, mail_kind
from orders.mails.about import read_pickup
from orders.presenters.card import card_of
from orders.presenters.ticket import parts_of
from orders.presenters.wording import count_words, names_in_words


def register() -> None:
    """Called once, when the app is ready."""
    registry.register(mail_kind(Mail.CONFIRMATION), confirmation)
    registry.register(mail_kind(Mail.ORDER_CANCELLED), cancellation)
    registry.register(mail_kind(Mail.PART_CANCELLED), part_cancellation)
    registry.register(mail_kind(Mail.PART_CHANGED), part_change)


def confirmation(message: Message) -> Content:
    """The contract on a durable medium (Code de la consommation, art. L221-13), with ticket and calendar entry."""
    pickup = read_pickup(message.subject_id)
    name = f"billet-{pickup.number}"
    attachments = [
        Attachment(f"{name}.pdf", ticket_pdf(pickup), "application/pdf"),
        Attachment(f"{name}.ics", ticket_calendar(pickup), calendar_media_type(pickup)),
    ]
    context = {
        "pickup": pickup,
        "parts": parts_of(pickup),
        "card": card_of(pickup),
        "terms_url": f"{settings.SITE_URL}/informations/conditions/",
    }
    return Content(context, attachments, reply_to=pickup.market.contact_email)


def part_cancellation(message: Message) -> Content:
    """What of an order is cancelled; `revision` is the key of the part, or of the first of several together."""
    pickup = read_pickup(message.subject_id)
    whole = pickup.parts.select_related("producer__partner")
    part = whole.get(pk=message.revision)
    parts = list(whole.filter(cancelled_at=part.cancelled_at).order_by("pk"))
    by_day = pickup.day.cancelled_at
    context = {
        "pickup": pickup,
        "parts": parts,
        "names": names_in_words([one.producer.name for one in parts]),
        "change": part.changes.filter(kind="cancelled").get(),
        "card": card_of(pickup) if any(one.online for one in parts) else None,
        "at_stalls": sum(not one.online for one in parts),
        "is_of_day": bool(by_day and part.cancelled_at and part.cancelled_at >= by_day),
    }
    return Content(context, reply_to=pickup.market.contact_email)


def part_change(message: Message) -> Content:
    """What a resident gets of one producer after lines were struck or put back; `revision` is the key of the change.

    It tells how things stand as it leaves: of two changes in a row the second is told twice, and none is told wrongly.
    """
    pickup = read_pickup(message.subject_id)
    change = pickup.changes.get(pk=message.revision)
    part = next(part for part in parts_of(pickup) if part.pk == change.part_id)
    off = [line for line in part.lines if line.is_off]
    short = [(line, count_words(line, line.units)) for line in part.lines if line.is_short]
    left = [line for line in part.lines if not line.is_off]
    context = {"pickup": pickup, "part": part, "change": change, "card": card_of(pickup)}
    context |= {"off": off, "short": short, "left": left}
    return Content(context, reply_to=pickup.market.contact_email)


def cancellation(message: Message) -> Content:
    """What was cancelled, by whom and why; the calendar entry is withdrawn."""
    pickup = read_pickup(message.subject_id)
    change = pickup.changes.filter(kind="cancelled", part=None).get()
    attachment = Attachment(f"billet-{pickup.number}.ics", ticket_calendar(pickup), calendar_media_type(pickup))
    context = {"pickup": pickup, "change": change, "card": card_of(pickup)}
    return Content(context, [attachment], reply_to=pickup.market.contact_email)
