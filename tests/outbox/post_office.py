"""A real SMTP server that a test can make refuse, drop and wait."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from dev.processes import free_port

Hook = Callable[[], None]


def nothing() -> None:
    """What a hook does until a test says otherwise."""


class PostOffice:
    """Keeps what it accepted, in that order.

    `replies` refuses by address; `before_hello` and `before_answering` run, and may block, in a thread of their own
    just before the server answers EHLO, or says “250” for a mail that it has taken.
    """

    def __init__(self) -> None:
        self.accepted: list[EmailMessage] = []
        self.raw: list[bytes] = []  # the same, to the byte
        self.sessions = 0
        self.replies: dict[str, str] = {}
        self.data_replies: dict[str, str] = {}
        self.mails_per_session = 1_000
        self.before_hello: Hook = nothing
        self.before_answering: Hook = nothing
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port(), ready_timeout=10)

    @property
    def port(self) -> int:
        return int(self.controller.port)

    @property
    def recipients(self) -> list[str]:
        return [str(mail["To"]) for mail in self.accepted]

    @property
    def copies(self) -> Counter[str]:
        """How many times each Message-ID was accepted."""
        return Counter(str(mail["Message-ID"]) for mail in self.accepted)

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.sessions += 1
        session.host_name = hostname
        session.mails = 0  # type: ignore[attr-defined]
        await in_thread(self.before_hello)
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.replies:
            return self.replies[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        refusal = self.data_replies.get(envelope.rcpt_tos[0])
        if refusal:
            return refusal
        if session.mails >= self.mails_per_session:  # type: ignore[attr-defined]
            server.transport.close()  # type: ignore[union-attr]
            return "421 enough"
        session.mails += 1  # type: ignore[attr-defined]
        self.raw.append(envelope.original_content or b"")
        self.accepted.append(message_from_bytes(self.raw[-1], policy=default))
        await in_thread(self.before_answering)
        return "250 OK"


async def in_thread(hook: Hook) -> Any:
    return await asyncio.get_running_loop().run_in_executor(None, hook)
