"""What a message of each kind says. The apps above register a builder; the outbox knows none of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from marche.outbox.models import Message


class Receiver(StrEnum):
    """Whose mail it is. What is written to a resident is personal data: erased and exported with the person."""

    RESIDENT = "resident"
    PRODUCER = "producer"
    MANAGER = "manager"


@dataclass(frozen=True)
class MailKind:
    """A kind of message: its name, that of its templates’ folder too, and who receives it."""

    name: str
    receiver: Receiver


@dataclass(frozen=True)
class Attachment:
    name: str
    content: bytes
    media_type: str


@dataclass(frozen=True)
class Content:
    """What to render: the context of `templates/emails/<kind>/`, and the files that go with it.

    `reply_to` is whom an answer reaches: the market’s contact address, "" where it has none (then the sender’s), None
    for a mail that belongs to no market.
    """

    context: dict[str, Any]
    attachments: list[Attachment] = field(default_factory=list)
    reply_to: str | None = None


Builder = Callable[["Message"], Content]
_builders: dict[str, Builder] = {}
_kinds: dict[str, MailKind] = {}
_general: list[Callable[[], str]] = []


def register(kind: MailKind, builder: Builder) -> None:
    """Say what messages of `kind` tell. Called once, from an app's `ready`."""
    _kinds[kind.name], _builders[kind.name] = kind, builder


def kinds() -> list[MailKind]:
    """All kinds that can be sent."""
    return list(_kinds.values())


def answer_to(address: Callable[[], str]) -> None:
    """Say whom an answer reaches to a mail that belongs to no market. Called once, from an app's `ready`."""
    _general[:] = [address]


def build(message: Message) -> Content:
    """The content of a message. Raises KeyError for a kind that nobody registered."""
    content = _builders[message.kind](message)
    if content.reply_to is not None or not _general:
        return content
    return replace(content, reply_to=_general[0]())
