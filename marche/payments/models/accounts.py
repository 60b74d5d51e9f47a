"""The account with which a producer is paid."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marche.payments.querysets import AccountQuerySet
from producers.models import Producer

COUNTRY = "FR"  # the only one in which a producer of a French market is paid


class AccountState(StrEnum):
    """Where a producer's account is, for producers and managers."""

    TO_COMPLETE = "to-complete"  # Stripe still wants answers, nothing was ever active
    IN_REVIEW = "in-review"
    ACTIVE = "active"
    RESTRICTED = "restricted"  # was active, or is answered, and Stripe has stopped transfers
    FOREIGN = "foreign"
    LEFT = "left"  # the producer disconnected it


class Account(models.Model):
    """A producer's Express account at the Stripe platform of one till, as Stripe described it last.

    https://docs.stripe.com/connect/express-accounts
    """

    class Transfers(models.TextChoices):
        """The capability `transfers`, in Stripe's own words."""

        INACTIVE = "inactive", _("inactive")
        PENDING = "pending", _("pending")
        ACTIVE = "active", _("active")

    producer = models.ForeignKey(Producer, models.PROTECT, related_name="accounts", verbose_name=_("producer"))
    till = models.CharField(_("till"), max_length=40)
    key = models.CharField(max_length=40, unique=True, editable=False)  # of its creation at Stripe
    stripe_id = models.CharField(_("Stripe account"), max_length=60, blank=True)
    country = models.CharField(_("country"), max_length=2, default=COUNTRY)
    transfers = models.CharField(_("transfers"), max_length=8, choices=Transfers, default=Transfers.INACTIVE)
    details_submitted = models.BooleanField(_("questions answered"), default=False)
    due = models.JSONField(_("what Stripe still wants"), default=list, blank=True)
    disabled_reason = models.CharField(_("why it is restricted"), max_length=100, blank=True)
    checked_at = models.DateTimeField(_("seen at Stripe"), null=True, blank=True)
    left_at = models.DateTimeField(_("disconnected"), null=True, blank=True)

    objects = AccountQuerySet.as_manager()

    class Meta:
        ordering = ["producer", "till"]
        verbose_name = _("account of a producer")
        verbose_name_plural = _("accounts of producers")
        constraints = [
            models.UniqueConstraint(fields=["producer", "till"], name="one_account_per_producer_and_till"),
            models.UniqueConstraint(fields=["stripe_id"], condition=~Q(stripe_id=""), name="one_row_per_account"),
        ]

    def __str__(self) -> str:
        return f"{self.producer} {self.till}"

    @property
    def can_be_paid(self) -> bool:
        return self.state is AccountState.ACTIVE

    @property
    def state(self) -> AccountState:
        if self.left_at:
            return AccountState.LEFT
        if self.country != COUNTRY:
            return AccountState.FOREIGN
        if self.transfers == self.Transfers.ACTIVE:
            return AccountState.ACTIVE
        if not self.details_submitted:
            return AccountState.TO_COMPLETE
        return AccountState.RESTRICTED if self.due else AccountState.IN_REVIEW
