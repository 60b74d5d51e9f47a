"""Whether our books may be acted upon: they may not in a database that was restored, until Stripe's were looked at."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Books(models.Model):
    """One row: the database that these books were kept in, and since when they are on hold, if somebody put them so."""

    home = models.CharField(_("database"), max_length=60)  # see marche/payments/hold.py
    held_since = models.DateTimeField(_("held since"), null=True, blank=True)

    class Meta:
        verbose_name = _("books of payments")
        verbose_name_plural = _("books of payments")

    def __str__(self) -> str:
        return self.home
