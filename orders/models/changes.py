"""What happened to an order after it was placed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models.pickups import Pickup, ProducerOrder


class OrderChange(models.Model):
    """Every change to an order after it is placed: who, when, why. Rows are only ever added."""

    class Kind(models.TextChoices):
        CANCELLED = "cancelled", _("cancelled")
        HANDED_OVER = "handed-over", _("handed over")
        PAID = "paid", _("paid")
        TAKEN_BACK = "taken-back", _("put right at the stall")
        PREPARED = "prepared", _("prepared")
        STRUCK = "struck", _("taken off")
        AUTHORISED = "authorised", _("paid by card")
        AT_STALL = "at-stall", _("to be paid at the stalls")
        CONTACT = "contact", _("address corrected")

    pickup = models.ForeignKey(Pickup, models.CASCADE, related_name="changes")
    part = models.ForeignKey(
        ProducerOrder,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="changes",
        verbose_name=_("part of a producer"),
    )
    kind = models.CharField(_("what"), max_length=12, choices=Kind)
    at = models.DateTimeField(_("at"))
    actor = models.CharField(_("who"), max_length=20)  # a Role
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("change of an order")
        verbose_name_plural = _("changes of orders")
        constraints = [
            models.CheckConstraint(condition=~Q(actor="") & ~Q(reason=""), name="a_change_has_an_actor_and_a_reason"),
        ]
        indexes = [models.Index(fields=["at"], name="changes_by_time")]

    def __str__(self) -> str:
        return f"{self.pickup} {self.kind}"
