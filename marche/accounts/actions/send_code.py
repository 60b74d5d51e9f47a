"""Send a code to an address, whoever it belongs to."""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from marche.accounts.models import CODE_DIGITS, CODE_LIFE, SignInCode
from marche.accounts.people import normal
from marche.accounts.refusals import TooManyCodes
from marche.outbox.actions.queue import queue

KIND = "sign-in-code"
# With five tries each, what a stranger may guess of a million codes in a day; and nobody's mailbox is filled by us.
LIMITS = ((5, dt.timedelta(hours=1)), (12, dt.timedelta(days=1)))


def send_code(address: str, *, language: str) -> SignInCode:
    """Write a code and its mail. Nothing is asked about accounts, so that the answer can't tell of one.

    Raises TooManyCodes when the address was written to often enough.
    """
    email, now = normal(address), timezone.now()
    with transaction.atomic(durable=True):
        _wait_for_others(email)
        _check_limits(email, now)
        code = SignInCode.objects.create(
            email=email,
            code=get_random_string(CODE_DIGITS, "0123456789"),
            created_at=now,
            expires_at=now + CODE_LIFE,
        )
        queue(KIND, code.pk, email, language=language)
    return code


def _wait_for_others(email: str) -> None:
    """One at a time for an address, so that asking a hundred times at once is counted like one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [email])


def _check_limits(email: str, now: dt.datetime) -> None:
    sent = list(
        SignInCode.objects.filter(email=email, created_at__gt=now - LIMITS[-1][1])
        .order_by("-created_at")
        .values_list("created_at", flat=True)
    )
    for amount, span in LIMITS:
        if len(sent) >= amount and sent[amount - 1] > now - span:
            raise TooManyCodes(sent[amount - 1] + span)
