"""Forget codes, their mails, and the sessions that are over."""

from __future__ import annotations

import datetime as dt

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from marche.accounts.actions.send_code import KIND, LIMITS
from marche.accounts.models import SignInCode
from marche.outbox.models import Message

KEPT: dt.timedelta = LIMITS[-1][1]  # as long as they are counted


def forget_codes() -> int:
    """Delete codes older than a day with their messages: an address that proved nothing is not kept.

    Returns how many codes were deleted.
    """
    now = timezone.now()
    with transaction.atomic(durable=True):
        Message.objects.filter(kind=KIND, created_at__lt=now - KEPT).delete()
        deleted, _each = SignInCode.objects.filter(created_at__lt=now - KEPT).delete()
        Session.objects.filter(expire_date__lt=now).delete()
    return deleted
