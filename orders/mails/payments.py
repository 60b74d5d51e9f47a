"""What managers are told of payments: that our books and Stripe's differ, or that the bank contests one."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from marche.markets.models import Market
from marche.outbox import registry
from marche.outbox.models import Message
from marche.outbox.registry import Content
from marche.payments.models import Comparison, Dispute
from orders.mail_kinds import Mail, mail_kind
from orders.mails.about import read_pickup
from orders.presenters.differences import difference_words

MOST = 20  # differences in a mail; the page has all


def register() -> None:
    registry.register(mail_kind(Mail.PAYMENTS_ALERT), differences_mail)
    registry.register(mail_kind(Mail.DISPUTE), dispute)


def differences_mail(message: Message) -> Content:
    """To a manager, with the link of each of their markets. Raises Comparison.DoesNotExist."""
    comparison = Comparison.objects.get(pk=message.subject_id)
    markets = Market.objects.filter(till=comparison.till, managers__email__iexact=message.recipient, active=True)
    context = {
        "comparison": comparison,
        "count": len(comparison.differences),
        "differences": [difference_words(row) for row in comparison.differences[:MOST]],
        "more": max(len(comparison.differences) - MOST, 0),
        "markets": [
            (market.name, settings.SITE_URL + reverse("manage-payments", args=[market.slug]))
            for market in markets.distinct()
        ],
    }
    return Content(context, reply_to=next((market.contact_email for market in markets), ""))


def dispute(message: Message) -> Content:
    """To a manager: a payment is contested, or the bank has decided."""
    found = Dispute.objects.select_related("attempt").get(pk=message.subject_id)
    pickup = read_pickup(found.attempt.order_id)
    page = settings.SITE_URL + reverse("manage-order", args=[pickup.market.slug, pickup.day.date, pickup.number])
    context = {"pickup": pickup, "dispute": found, "page": page}
    return Content(context, reply_to=pickup.market.contact_email)
