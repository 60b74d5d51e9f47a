"""The mail with which managers learn that our books and Stripe's differ."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from marche.markets.models import Market
from marche.outbox import registry
from marche.outbox.models import Message
from marche.outbox.registry import Content
from marche.payments.models import Comparison
from orders.mail_kinds import Mail, mail_kind
from orders.presenters.differences import difference_words

MOST = 20  # differences in a mail; the page has all


def register() -> None:
    registry.register(mail_kind(Mail.PAYMENTS_ALERT), differences_mail)


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
