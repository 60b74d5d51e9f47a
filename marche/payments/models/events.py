"""What Stripe tells us: its events, the disputes that residents open with their banks, and how our books compare."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marche.payments.models.attempts import PaymentAttempt
from marche.payments.querysets import DisputeQuerySet


class StripeEvent(models.Model):
    """An event that was received, each once. A hint: what is true is asked of the API.

    Of what it says only keys are kept: what it is about (`subject`), and the order that its metadata name.
    """

    till = models.CharField(_("till"), max_length=40)
    event_id = models.CharField(_("event at Stripe"), max_length=60, unique=True)
    kind = models.CharField(_("type"), max_length=60)
    subject = models.CharField(_("subject"), max_length=100)
    related = models.CharField(_("belongs to"), max_length=100, blank=True)  # a payment intent, charge or transfer
    order_number = models.CharField(_("order"), max_length=32, blank=True)
    account = models.CharField(_("Stripe account"), max_length=60, blank=True)
    happened_at = models.DateTimeField(_("at Stripe"))
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    handled_at = models.DateTimeField(_("handled"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("event of Stripe")
        verbose_name_plural = _("events of Stripe")
        indexes = [models.Index(fields=["received_at"], condition=Q(handled_at=None), name="events_to_handle")]

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"


# What a bank says why its customer contests a payment by card, by Stripe's word: https://docs.stripe.com/disputes/categories
DISPUTE_REASONS = {
    "credit_not_processed": _("a refund that did not come"),
    "duplicate": _("charged twice"),
    "fraudulent": _("a payment that the cardholder did not make"),
    "general": _("no reason given"),
    "product_not_received": _("goods not received"),
    "product_unacceptable": _("goods not as described"),
    "subscription_canceled": _("a subscription that was ended"),
    "unrecognized": _("a payment that the cardholder does not recognise"),
}


class Dispute(models.Model):
    """A resident contests a payment with its bank: the order's transfers wait until it is decided.

    https://docs.stripe.com/disputes
    """

    attempt = models.ForeignKey(
        PaymentAttempt, models.PROTECT, related_name="disputes", verbose_name=_("payment by card")
    )
    stripe_id = models.CharField(_("dispute at Stripe"), max_length=60, unique=True)
    cents = models.PositiveIntegerField(_("amount (cents)"))
    reason = models.CharField(_("reason"), max_length=60)
    status = models.CharField(_("status"), max_length=40)  # Stripe's word: "needs_response", "won", "lost"…
    opened_at = models.DateTimeField(_("opened"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        ordering = ["opened_at"]
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")

    def __str__(self) -> str:
        return self.stripe_id

    @property
    def reason_words(self) -> str:
        """Why it is contested; Stripe's own word where we know no other."""
        return str(DISPUTE_REASONS.get(self.reason, self.reason))

    @property
    def is_won(self) -> bool:
        return self.status in ("won", "warning_closed")

    @property
    def is_lost(self) -> bool:
        """Whether the bank has decided for the resident: the money is gone."""
        return self.closed_at is not None and not self.is_won


class Comparison(models.Model):
    """Our books beside Stripe's, once: what is there and not here, here and not there, or otherwise.

    `differences` are those of `marche.payments.compare`, as JSON; none when all agrees.
    """

    till = models.CharField(_("till"), max_length=40)
    made_at = models.DateTimeField(_("compared"))
    differences = models.JSONField(_("differences"), default=list)

    class Meta:
        ordering = ["-made_at"]
        verbose_name = _("comparison with Stripe")
        verbose_name_plural = _("comparisons with Stripe")
        indexes = [models.Index(fields=["till", "-made_at"], name="comparisons_of_a_till")]

    def __str__(self) -> str:
        return f"{self.till} {self.made_at:%Y-%m-%d %H:%M}"
