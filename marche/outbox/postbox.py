"""One connection to the mail server for many mails."""

from __future__ import annotations

import smtplib
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from django.core.mail import EmailMultiAlternatives, get_connection


class ServerError(Exception):
    """The mail server takes nothing from us now, whatever the mail. `cause` says why."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(type(cause).__name__)
        self.cause = cause


class Postbox:
    """Opened by the first mail, opened again after a drop, closed at the end of the block."""

    def __init__(self) -> None:
        self.connection: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def send(self, mail: EmailMultiAlternatives) -> int:
        """Return the number of mails sent: 0 when there is nobody to send to.

        Raises ServerError when the fault is not this mail's, else what smtplib raised.
        """
        reused = self.connection is not None
        try:
            return self._send(mail)
        except smtplib.SMTPServerDisconnected:
            # Servers drop a connection after so many mails or seconds. On a fresh one it is said to this mail.
            if not reused:
                raise
            return self._send(mail)

    def _send(self, mail: EmailMultiAlternatives) -> int:
        if self.connection is None:
            self._open()
        try:
            return int(self.connection.send_messages([mail]) or 0)
        except smtplib.SMTPSenderRefused as error:  # every mail has our own address as its sender
            self.close()
            raise _disconnected(error) from error
        except OSError:
            self.close()
            raise

    def _open(self) -> None:
        connection = get_connection()
        try:
            connection.open()
        except OSError as error:
            raise ServerError(error) from error
        self.connection = connection

    def close(self) -> None:
        connection, self.connection = self.connection, None
        if connection is not None:
            with suppress(OSError):  # saying goodbye to a server that has gone
                connection.close()


def _disconnected(error: smtplib.SMTPSenderRefused) -> Exception:
    """421 at MAIL FROM is a server that closes the connection (RFC 5321, section 3.8); another code refuses us."""
    if error.smtp_code == 421:
        return smtplib.SMTPServerDisconnected()
    return ServerError(error)
