"""An administrator takes away the second factor of somebody who lost it."""

from __future__ import annotations

import logging

from allauth.mfa.models import Authenticator
from django.db import transaction

from marche.common.actors import Actor

logger = logging.getLogger(__name__)


def reset_second_factor(user_id: int, *, by: Actor) -> int:
    """Delete application, passkeys and recovery codes of a person; `by` the system for who has a shell on the server.

    Where the settings ask for a second factor, the person sets up a new one at the next sign-in, after the password.
    Returns how many were deleted.
    """
    with transaction.atomic(durable=True):
        deleted, _each = Authenticator.objects.filter(user_id=user_id).delete()
    logger.info("second factor of user %s reset by %s", user_id, f"user {by.user.pk}" if by.user else "a command")
    return int(deleted)
