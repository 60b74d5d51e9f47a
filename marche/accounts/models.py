"""What signing in by e-mail needs to remember, and for how short a time."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

CODE_DIGITS = 6
CODE_LIFE = dt.timedelta(minutes=15)  # some mail servers let a first mail wait for ten
MAX_TRIES = 5


class SignInCode(models.Model):
    """A code sent to an address: whoever types it reads the mail of that address.

    It says nothing about whether the address has an account. The code itself is forgotten when it is used.
    """

    email = models.EmailField(_("e-mail"), max_length=150)  # in small letters, as it was written to
    code = models.CharField(_("code"), max_length=CODE_DIGITS, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    expires_at = models.DateTimeField(_("valid until"))

    class Meta:
        verbose_name = _("sign-in code")
        verbose_name_plural = _("sign-in codes")
        indexes = [models.Index(fields=["email", "created_at"], name="codes_of_an_address")]

    def __str__(self) -> str:
        return f"sign-in code {self.pk}"

    def is_live(self, now: dt.datetime | None = None) -> bool:
        """Whether it still signs in at the aware time `now` (default: now)."""
        return bool(self.code) and self.tries < MAX_TRIES and (now or timezone.now()) < self.expires_at
