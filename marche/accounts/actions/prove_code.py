"""Whoever types the code of our mail reads that mailbox: from here on the address has an account."""

from __future__ import annotations

import secrets

from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import get_random_string

from marche.accounts import refusals
from marche.accounts.models import MAX_TRIES, SignInCode
from marche.accounts.people import normal, users_of


def prove_code(code_id: int, *, typed: str) -> User:
    """The account of the address the code was sent to; made now if there was none.

    A try is counted before it is looked at, in one statement, so that many at once are as many tries.
    Raises CodeRefused.
    """
    with transaction.atomic(durable=True):
        code = _counted(code_id)
        user = None
        if code and secrets.compare_digest(code.code.encode(), _digits(typed).encode()):
            user = _account(code.email)
            SignInCode.objects.filter(pk=code.pk).update(code="")
    if user:
        return user
    raise refusals.wrong(MAX_TRIES - code.tries) if code else refusals.no_longer_valid()


def _counted(code_id: int) -> SignInCode | None:
    """The code with one try more; None when it takes none. Others that try it wait for the end of the transaction."""
    live = SignInCode.objects.filter(pk=code_id, tries__lt=MAX_TRIES, expires_at__gt=timezone.now()).exclude(code="")
    return SignInCode.objects.get(pk=code_id) if live.update(tries=F("tries") + 1) else None


def _digits(typed: str) -> str:
    return "".join(letter for letter in typed if letter.isdigit())


def _account(email: str) -> User:
    user = next(iter(users_of(email)), None) or _new_account(email)
    # Whom the address belonged to in allauth’s book before, it belongs to no longer.
    alike = EmailAddress.objects.filter(email__iexact=email).exclude(user=user)
    EmailAddress.objects.filter(pk__in=[row.pk for row in alike if normal(row.email) == email]).delete()
    others = EmailAddress.objects.filter(user=user, primary=True).exclude(email=email)
    EmailAddress.objects.update_or_create(
        user=user, email=email, defaults={"verified": True, "primary": not others.exists()}
    )
    return user


def _new_account(email: str) -> User:
    """Without a password. Its name is the address, unless somebody who has changed address still bears it."""
    for name in (email, get_random_string(30)):
        user = User(username=name, email=email)
        user.set_unusable_password()
        User.objects.bulk_create([user], ignore_conflicts=True)
        if found := users_of(email):
            return found[0]
    raise RuntimeError("No account could be made.")
