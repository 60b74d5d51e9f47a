"""Whether Oscar's tables say the same as ours."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class OscarComparison(models.Model):
    """Oscar's numbers beside ours, once: of the orders, baskets and stock records of the days around it.

    `differences` are those of orders/oscar_differences.py, as JSON; none when all agrees.
    """

    made_at = models.DateTimeField(_("compared"))
    differences = models.JSONField(_("differences"), default=list)

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("comparison with Oscar’s tables")
        verbose_name_plural = _("comparisons with Oscar’s tables")

    def __str__(self) -> str:
        return f"{timezone.localtime(self.made_at):%Y-%m-%d %H:%M}"
