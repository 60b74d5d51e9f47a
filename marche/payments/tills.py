"""Whose Stripe keys a market takes cards with. A till is a platform account of Stripe, by the name it has here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from marche.markets.models import Market

LOOPBACK = ("127.0.0.1", "::1", "localhost")
OLD = "|"  # between the new secret of a webhook and the old one, while one is changed for the other


@dataclass(frozen=True)
class Till:
    """The keys of one platform account."""

    name: str
    key: str
    secrets: tuple[str, ...] = ()  # of the platform's webhook, the newest first
    connect_secrets: tuple[str, ...] = ()  # of the webhook about producers' accounts

    @property
    def is_live(self) -> bool:
        """Whether real money moves."""
        return "_live_" in self.key

    @property
    def problem(self) -> str:
        """Why these keys can't be used, in words for a manager; empty when they can, as far as one sees here."""
        if not self.key.startswith(("sk_test_", "sk_live_", "rk_test_", "rk_live_")):
            return _("The key of the till “%(till)s” is not a secret key of Stripe.") % {"till": self.name}
        if settings.STRIPE_API != "https://api.stripe.com" and not self._may_play():
            return _("A Stripe other than the real one answers only on this machine, and with test keys.")
        if not self.secrets:
            return _("The till “%(till)s” has no secret for its webhook.") % {"till": self.name}
        return ""

    def _may_play(self) -> bool:
        return urlsplit(settings.STRIPE_API).hostname in LOOPBACK and self.key.startswith("sk_test_")


def till_named(name: str) -> Till | None:
    """The till of this name, if the settings hold a key for it, be it right or wrong."""
    key = settings.STRIPE_SECRET_KEYS.get(name)
    if not key:
        return None
    return Till(
        name, key, _secrets(settings.STRIPE_WEBHOOK_SECRETS, name), _secrets(settings.STRIPE_CONNECT_SECRETS, name)
    )


def till_of(market: Market) -> Till | None:
    """The till with which this market takes cards; None when everything is paid at its stalls."""
    till = till_named(market.till) if market.till else None
    return till if till and not till.problem else None


def _secrets(by_till: dict[str, str], name: str) -> tuple[str, ...]:
    return tuple(secret for secret in by_till.get(name, "").split(OLD) if secret)
