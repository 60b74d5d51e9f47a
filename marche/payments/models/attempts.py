"""A payment by card: one attempt to have an order paid, and each producer's share of it."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marche.payments.querysets import AttemptQuerySet, ShareQuerySet
from producers.models import Producer


def new_key() -> str:
    """An idempotency key: 192 random bits. https://docs.stripe.com/api/idempotent_requests."""
    return secrets.token_urlsafe(24)


class PaymentAttempt(models.Model):
    """One Checkout Session for one order, from before it exists at Stripe to its end. Amounts are cents.

    `key` and `parameters` are written with the order and never change: whoever has to make the Session again makes the
    same one. `state` only goes forward, see `State`.
    """

    class State(models.TextChoices):
        NEW = "new", _("to be opened")  # Stripe may or may not know the Session yet
        OPEN = "open", _("open")
        AUTHORISED = "authorised", _("authorised")
        CAPTURED = "captured", _("captured")
        VOIDED = "voided", _("released")  # was authorised, and nothing was captured
        EXPIRED = "expired", _("expired")  # nobody paid

    class OnExpiry(models.TextChoices):
        """What becomes of the order when nobody has paid."""

        CANCEL = "release", _("the order is released")
        STALL = "stall", _("it is paid at the stalls")
        AGAIN = "again", _("another page asks for less")

    order = models.ForeignKey("order.Order", models.PROTECT, related_name="attempts", verbose_name=_("order"))
    till = models.CharField(_("till"), max_length=40)
    key = models.CharField(max_length=40, unique=True, default=new_key, editable=False)
    parameters = models.JSONField(_("what is asked of Stripe"))
    amount_cents = models.PositiveIntegerField(_("most that can be taken (cents)"))
    expires_at = models.DateTimeField(_("expires"))
    on_expiry = models.CharField(_("when nobody has paid"), max_length=7, choices=OnExpiry, default=OnExpiry.CANCEL)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.NEW)
    session_id = models.CharField(_("page at Stripe"), max_length=100, blank=True)
    session_url = models.TextField(_("address of the page"), blank=True)
    intent_id = models.CharField(_("payment at Stripe"), max_length=60, blank=True)
    charge_id = models.CharField(_("charge at Stripe"), max_length=60, blank=True)
    capture_before = models.DateTimeField(_("authorised until"), null=True, blank=True)
    captured_cents = models.PositiveIntegerField(_("taken (cents)"), null=True, blank=True)
    fee_cents = models.PositiveIntegerField(_("Stripe’s fee (cents)"), null=True, blank=True)
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    authorised_at = models.DateTimeField(_("authorised"), null=True, blank=True)
    captured_at = models.DateTimeField(_("taken"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    asked_at = models.DateTimeField(_("Stripe was asked"), null=True, blank=True)
    problem = models.CharField(_("what went wrong last"), max_length=300, blank=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("payment by card")
        verbose_name_plural = _("payments by card")
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(state__in=["new", "open", "authorised", "captured"]),
                name="one_live_attempt_per_order",
            ),
            models.UniqueConstraint(fields=["session_id"], condition=~Q(session_id=""), name="one_attempt_per_session"),
            models.CheckConstraint(condition=Q(captured_cents__lte=F("amount_cents")), name="captured_at_most"),
        ]
        indexes = [
            models.Index(fields=["asked_at"], condition=Q(state__in=["new", "open"]), name="attempts_to_ask_about"),
            models.Index(fields=["intent_id"], condition=~Q(intent_id=""), name="attempts_of_intents"),
            models.Index(fields=["capture_before"], condition=Q(state="authorised"), name="attempts_to_capture"),
        ]

    def __str__(self) -> str:
        return str(_("payment %(number)s")) % {"number": self.pk}

    @property
    def is_waiting(self) -> bool:
        """Whether it is still open who pays, and whether."""
        return self.state in (self.State.NEW, self.State.OPEN)


LIVE = (
    PaymentAttempt.State.NEW,
    PaymentAttempt.State.OPEN,
    PaymentAttempt.State.AUTHORISED,
    PaymentAttempt.State.CAPTURED,
)


class Share(models.Model):
    """What of a payment is one producer's, in cents. The shares of an attempt add up to it, to the cent.

    `due_cents` is what the resident owes now for this producer's goods: at first the most, then what was weighed, then
    less with each line that is taken off. `captured_cents` and `fee_cents` are fixed with the capture; the money goes
    to the producer once `earned_at` says that the goods were handed over.
    """

    attempt = models.ForeignKey(
        PaymentAttempt, models.PROTECT, related_name="shares", verbose_name=_("payment by card")
    )
    producer = models.ForeignKey(Producer, models.PROTECT, related_name="shares", verbose_name=_("producer"))
    authorised_cents = models.PositiveIntegerField(_("most that can be due (cents)"))
    due_cents = models.PositiveIntegerField(_("due (cents)"))
    captured_cents = models.PositiveIntegerField(_("taken (cents)"), null=True, blank=True)
    fee_cents = models.PositiveIntegerField(_("share of Stripe’s fee (cents)"), null=True, blank=True)
    earned_at = models.DateTimeField(_("due to the producer since"), null=True, blank=True)

    objects = ShareQuerySet.as_manager()

    class Meta:
        ordering = ["attempt", "producer"]
        verbose_name = _("producer’s share")
        verbose_name_plural = _("producers’ shares")
        constraints = [
            models.UniqueConstraint(fields=["attempt", "producer"], name="one_share_per_producer"),
            models.CheckConstraint(condition=Q(due_cents__lte=F("authorised_cents")), name="due_at_most_authorised"),
            models.CheckConstraint(
                condition=Q(captured_cents__lte=F("authorised_cents")), name="share_captured_at_most_authorised"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt} {self.producer}"
