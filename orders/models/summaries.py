"""What a producer is told to bring."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marche.markets.models import MarketDay
from orders.models.baskets import new_token
from orders.querysets import SummaryQuerySet
from producers.models import Producer


class Summary(models.Model):
    """What one producer must bring to one market day: a numbered revision that never changes once written.

    `data` is the whole of it as JSON (shape: see presenters/summary.py), so that mail, PDF, CSV and page always
    agree. `changes` says what differs from the revision before.
    """

    producer = models.ForeignKey(Producer, models.PROTECT, related_name="summaries", verbose_name=_("producer"))
    day = models.ForeignKey(MarketDay, models.PROTECT, related_name="summaries", verbose_name=_("market day"))
    revision = models.PositiveSmallIntegerField(_("revision"))
    data = models.JSONField(_("what it says"))
    changes = models.JSONField(_("what has changed"), default=list, blank=True)
    token = models.CharField(max_length=40, unique=True, default=new_token)
    made_at = models.DateTimeField(_("made"))
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)

    objects = SummaryQuerySet.as_manager()

    class Meta:
        ordering = ["day", "producer", "revision"]
        verbose_name = _("summary")
        verbose_name_plural = _("summaries")
        constraints = [
            models.UniqueConstraint(fields=["producer", "day", "revision"], name="one_summary_per_revision"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.producer} r{self.revision}"

    def get_absolute_url(self) -> str:
        return reverse("summary", args=[self.token])

    @property
    def url(self) -> str:
        """The absolute link with which a producer reads and acknowledges, without signing in."""
        return f"{settings.SITE_URL}{self.get_absolute_url()}"
