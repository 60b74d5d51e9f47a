"""Every kind of mail about orders and market days: who receives it, and how a manager reads of it.

A mail to a resident is about one order, by its key, and is that person's: an erasure makes it nameless, an export
contains it, the order's page and the list of calls know of it. A new kind needs its row here before it can be sent.
"""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from marche.outbox.registry import MailKind, Receiver


class Mail(TextChoices):
    """The names, as they stand in the outbox and under templates/emails; the labels are for managers."""

    AWAITS_PAYMENT = "order-awaits-payment", _("Request to pay by card")
    CONFIRMATION = "order-confirmation", _("Confirmation with the ticket")
    ORDER_CANCELLED = "order-cancelled", _("Cancellation")
    PART_CANCELLED = "part-cancelled", _("Cancellation of a part")
    PART_CHANGED = "part-changed", _("Change of a part")
    DAY_CHANGED = "day-changed", _("Change of the market day")
    CHARGED = "order-charged", _("What was taken from the card")
    REFUNDED = "order-refunded", _("What was given back to the card")
    AT_STALL = "order-at-stall", _("To be paid at the stalls")
    SUMMARY = "summary", _("Summary")
    DAY_CHANGED_PRODUCER = "day-changed-producer", _("Market day changed, to the producers")
    DAY_CANCELLED = "day-cancelled", _("Market day cancelled, to the producers")
    DISPUTE = "dispute", _("Dispute of a payment")
    PAYMENTS_ALERT = "payments-alert", _("Differences with Stripe")


TO_PRODUCERS = (Mail.SUMMARY, Mail.DAY_CHANGED_PRODUCER, Mail.DAY_CANCELLED)
TO_MANAGERS = (Mail.DISPUTE, Mail.PAYMENTS_ALERT)
ORDER_KINDS = tuple(kind for kind in Mail if kind not in TO_PRODUCERS + TO_MANAGERS)

# Told by telephone to whoever has no address, or whose mail failed.
CALLED_RESIDENTS = (Mail.ORDER_CANCELLED, Mail.PART_CANCELLED, Mail.PART_CHANGED, Mail.DAY_CHANGED)
CALLED_PRODUCERS = (Mail.DAY_CANCELLED, Mail.DAY_CHANGED_PRODUCER)
CANCELLATIONS = (Mail.ORDER_CANCELLED, Mail.PART_CANCELLED, Mail.DAY_CANCELLED)


def mail_kind(kind: Mail) -> MailKind:
    """What the outbox must know of a kind."""
    if kind in TO_PRODUCERS:
        return MailKind(kind, Receiver.PRODUCER)
    return MailKind(kind, Receiver.MANAGER if kind in TO_MANAGERS else Receiver.RESIDENT)
