"""What people do at the doors, in one call each."""

from __future__ import annotations

import re
import time
from typing import Any

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from marche.outbox.models import Message
from marche.outbox.rendering import render

LEA = "lea@example.org"
PASSWORD = "a long password"


def ask_code(client: Client, email: str = LEA, **more: str) -> Any:
    return client.post(reverse("resident-sign-in"), {"email": email} | more)


def code_in_the_mail(email: str = LEA) -> str:
    """The six digits of the last mail to this address."""
    message = Message.objects.filter(kind="sign-in-code", recipient=email).latest("pk")
    found = re.search(r"^\d{6}$", str(render(message).body), re.MULTILINE)
    assert found, render(message).body
    return found[0]


def enter(client: Client, code: str) -> Any:
    return client.post(reverse("resident-sign-in-code"), {"code": code})


def sign_in_by_mail(client: Client, email: str = LEA, **more: str) -> Any:
    ask_code(client, email, **more)
    return enter(client, code_in_the_mail(email))


def sign_in(client: Client, user: User, password: str = PASSWORD, **more: str) -> Any:
    return client.post(reverse("sign-in"), {"username": user.email, "password": password} | more)


def who(client: Client) -> int | None:
    """The primary key of whoever is signed in."""
    pk = client.session.get("_auth_user_id")
    return int(pk) if pk else None


def totp(user: User) -> str:
    """Give the person an application, with recovery codes; return its key."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def shown_now(secret: str) -> str:
    """What the application shows."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def recovery_codes(user: User) -> list[str]:
    return RecoveryCodes.activate(user).get_unused_codes()
