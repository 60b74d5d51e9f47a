"""What allauth asks of the project: how one signs in, what is said, and that nothing sends mail but the outbox."""

from __future__ import annotations

import time
from io import BytesIO
from typing import Any

import segno
from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from marche.accounts.people import is_staff
from marche.accounts.second_factor import has_one

PATIENCE = _("Too many attempts. Wait five minutes, then try again.")
WRONG_CODE = _("This code is not right, or no longer. Take the one that your telephone shows now.")
# What allauth tells after something was done; of the rest (“signed in as…”) nothing is said.
DONE = {
    "mfa/messages/totp_activated.txt": _("The application on your telephone is connected."),
    "mfa/messages/totp_deactivated.txt": _("The application is disconnected."),
    "mfa/messages/webauthn_added.txt": _("The passkey is saved."),
    "mfa/messages/webauthn_removed.txt": _("The passkey is removed."),
}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _(
            "This e-mail address and this password do not go together. Check both: capitals count in the password."
        ),
        "incorrect_password": _("This is not your password. Capitals count."),
        "incorrect_code": WRONG_CODE,
        "too_many_login_attempts": PATIENCE,
        "rate_limited": PATIENCE,
    }

    def get_login_stages(self) -> list[str]:
        """After the password, or the code of the mail: the second factor of who has one."""
        return ["allauth.mfa.stages.AuthenticateStage"]

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        staff = is_staff(user)
        request.session.set_expiry(settings.STAFF_SESSION_SECONDS if staff else settings.RESIDENT_SESSION_SECONDS)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False  # an account is made when an address is proven, and in no other way

    def is_reauthentication_required(self, *, app: str, **_others: Any) -> bool:
        """To change a factor: the factor, or the password of who has none, shown some minutes ago at the most.

        allauth would ask again right after signing in, and take the password for the factor.
        """
        records = get_authentication_records(self.request, self.request.user)
        since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
        enough = {"mfa"} if has_one(self.request.user) else {"mfa", "password"}
        return not any(record["method"] in enough and record["at"] > since for record in records)

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, Any]]:
        """The password alone is enough only where there is no factor: it must not take one away."""
        methods = super().get_reauthentication_methods(user)
        return [method for method in methods if method["id"] != "reauthenticate" or not has_one(user)]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Nothing sends mail but the outbox, and no mail of allauth's own is wanted: its settings switch them off."""
        raise RuntimeError(f"allauth wanted to send {template_prefix}")

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        if text := kwargs.get("message") or DONE.get(message_template or ""):
            messages.add_message(request, level, text)


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": WRONG_CODE,
        "cannot_generate_recovery_codes": _("Recovery codes come with an application or a passkey. Set up one first."),
    }

    def build_totp_svg(self, url: str) -> str:
        picture = BytesIO()
        segno.make(url, error="m").save(picture, kind="svg", scale=5, border=4, light="#fff", omitsize=True)
        return picture.getvalue().decode()

    def _get_site_name(self) -> str:
        return str(settings.SITE_NAME)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return str(_("Passkey %(number)d") % {"number": number})
