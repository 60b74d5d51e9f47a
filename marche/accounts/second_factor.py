"""The second factor of staff: whether it is asked for, whether there is one, whether this session has shown it."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_used
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest

from marche.accounts.people import is_staff

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]  # recovery codes stand in for one of these


def register() -> None:
    """Called once, when the app is ready."""
    authenticator_added.connect(_set_up, dispatch_uid="second factor set up")
    authenticator_used.connect(_shown, dispatch_uid="second factor shown")


def has_one(user: User | AnonymousUser) -> bool:
    return bool(is_mfa_enabled(user, FACTORS))


def was_shown(request: HttpRequest) -> bool:
    """Whether this session has shown the second factor, or set it up: one that the person still has.

    A session that was opened with a telephone that was lost, and reset, has shown nothing.
    """
    records = get_authentication_records(request, request.user)
    shown = [record.get("id") for record in records if record["method"] == "mfa"]
    return bool(shown) and Authenticator.objects.filter(user=request.user, pk__in=shown).exists()


def _set_up(request: HttpRequest, user: User, authenticator: Authenticator, **_others: Any) -> None:
    """Who has just set it up by showing that it works need not show it again at once."""
    if authenticator.type in FACTORS:
        record_authentication(request, user, method="mfa", id=authenticator.pk, type=authenticator.type)
        _shown(request, user)


def _shown(request: HttpRequest, user: User, **_others: Any) -> None:
    """A session that opens the staff's pages ends like the staff's, however long it was meant to last."""
    if is_staff(user):
        request.session.set_expiry(settings.STAFF_SESSION_SECONDS)
