"""What the resident's messages say: the confirmation with its ticket, and the cancellation."""

from __future__ import annotations

from django.conf import settings

from marche.outbox import registry
from marche.outbox.models import Message
from marche.outbox.registry import Attachment, Content
from orders import mails_summaries
from orders.documents.ticket import ticket_calendar, ticket_pdf
from orders.models import Pickup
from orders.tickets import parts_of


def register() -> None:
    """Called once, when the app is ready."""
    registry.register("order-confirmation", confirmation)
    registry.register("order-cancelled", cancellation)
    mails_summaries.register()


def confirmation(message: Message) -> Content:
    """The contract on a durable medium (Code de la consommation, art. L221-13), with ticket and calendar entry."""
    pickup = Pickup.objects.whole().get(pk=message.subject_id)
    name = f"billet-{pickup.number}"
    attachments = [
        Attachment(f"{name}.pdf", ticket_pdf(pickup), "application/pdf"),
        Attachment(f"{name}.ics", ticket_calendar(pickup), "text/calendar"),
    ]
    context = {
        "pickup": pickup,
        "parts": parts_of(pickup),
        "terms_url": f"{settings.SITE_URL}/informations/conditions/",
    }
    return Content(context, attachments)


def cancellation(message: Message) -> Content:
    """What was cancelled, by whom and why; the calendar entry is withdrawn."""
    pickup = Pickup.objects.whole().get(pk=message.subject_id)
    change = pickup.changes.filter(kind="cancelled").get()
    attachment = Attachment(f"billet-{pickup.number}.ics", ticket_calendar(pickup), "text/calendar")
    return Content({"pickup": pickup, "change": change}, [attachment])
