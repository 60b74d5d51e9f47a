"""What went wrong with a sending: whether trying again can help, and why in words for a manager.

A reason holds the server's numbers but not its sentence, which often repeats the address.
"""

from __future__ import annotations

import re
import smtplib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext as _

from marche.common.language import in_town_language

BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))
MAX_ATTEMPTS = len(BACKOFF) + 1  # the last one some 22 hours after the first
_ENHANCED_STATUS = re.compile(rb"\b[245]\.\d{1,3}\.\d{1,3}\b")  # RFC 3463


@dataclass(frozen=True)
class Failure:
    reason: str
    permanent: bool = False


def unwritable(error: Exception) -> Failure:
    """The mail could not even be written: trying again would fail again."""
    with in_town_language():
        if isinstance(error, ObjectDoesNotExist):
            return Failure(_("What this message tells of no longer exists."), permanent=True)
        return Failure(_("The message could not be written (%(error)s).") % _name(error), permanent=True)


def unsendable(error: Exception) -> Failure:
    """The mail server, or the way to it, refused."""
    with in_town_language():
        match error:
            case smtplib.SMTPRecipientsRefused(recipients=refused):
                code, reply = next(iter(refused.values()))
                return _refusal(_("The address was refused (%(code)s)."), code, reply)
            case smtplib.SMTPDataError(smtp_code=code, smtp_error=reply):
                return _refusal(_("The mail server refused the message (%(code)s)."), code, reply)
            case TimeoutError():
                return Failure(_("The mail server did not answer in time."))
            case OSError():  # smtplib's own exceptions are OSErrors too
                return Failure(_("The mail server could not be reached (%(error)s).") % _name(error))
        return Failure(_("The message could not be sent (%(error)s).") % _name(error), permanent=True)


def no_address() -> Failure:
    with in_town_language():
        return Failure(_("There is no address to send to."), permanent=True)


def gave_up() -> Failure:
    """Claimed again and again without a word of what happened: it may be what kills the workers."""
    with in_town_language():
        return Failure(_("Sending was interrupted too many times."), permanent=True)


def _refusal(sentence: str, code: int, reply: bytes | str) -> Failure:
    """4xx asks to come back later, 5xx never to (RFC 5321, section 4.2.1)."""
    found = _ENHANCED_STATUS.search(reply if isinstance(reply, bytes) else reply.encode())
    numbers = f"{code} {found[0].decode()}" if found else str(code)
    return Failure(sentence % {"code": numbers}, permanent=code >= 500)


def _name(error: Exception) -> dict[str, Any]:
    return {"error": type(error).__name__}
