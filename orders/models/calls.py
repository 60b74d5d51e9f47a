"""Who is to be told by telephone, because no mail can tell it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marche.markets.models import MarketDay
from orders.models.pickups import Pickup
from orders.querysets import CallQuerySet
from producers.models import Producer


class Call(models.Model):
    """One person, a resident or a producer, is told about one fact of a market day by telephone, once.

    `kind` and `revision` are those of the mail that would tell it, as the outbox counts them. A row holds no contact:
    name and number are those of the order or of the producer, and go where they go.
    """

    day = models.ForeignKey(MarketDay, models.PROTECT, related_name="calls")
    pickup = models.ForeignKey(Pickup, models.CASCADE, null=True, blank=True, related_name="calls")
    producer = models.ForeignKey(Producer, models.PROTECT, null=True, blank=True, related_name="calls")
    kind = models.CharField(_("kind"), max_length=40)
    revision = models.PositiveIntegerField(_("revision"), default=1)
    made_at = models.DateTimeField(_("written"))
    called_at = models.DateTimeField(_("called"), null=True, blank=True)
    called_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "pk"]
        verbose_name = _("telephone call")
        verbose_name_plural = _("telephone calls")
        constraints = [
            models.UniqueConstraint(
                fields=["pickup", "kind", "revision"], name="a_resident_is_called_once_about_a_fact"
            ),
            models.UniqueConstraint(
                fields=["producer", "day", "kind", "revision"], name="a_producer_is_called_once_about_a_fact"
            ),
            models.CheckConstraint(
                condition=Q(pickup=None, producer__isnull=False) | Q(pickup__isnull=False, producer=None),
                name="a_call_is_to_a_resident_or_a_producer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day_id} {self.kind} r{self.revision}"

    @property
    def key(self) -> str:
        """The call as one word, for a form: order or producer, kind and revision."""
        whom = f"order{self.pickup_id}" if self.pickup_id else f"producer{self.producer_id}"
        return f"{whom}.{self.kind}.{self.revision}"
