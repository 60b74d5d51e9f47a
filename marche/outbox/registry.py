"""What a message of each kind says. The apps above register a builder; the outbox knows none of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from marche.outbox.models import Message


@dataclass(frozen=True)
class Attachment:
    name: str
    content: bytes
    media_type: str


@dataclass(frozen=True)
class Content:
    """What to render: the context of `templates/emails/<kind>/`, and the files that go with it."""

    context: dict[str, Any]
    attachments: list[Attachment] = field(default_factory=list)


Builder = Callable[["Message"], Content]
_builders: dict[str, Builder] = {}


def register(kind: str, builder: Builder) -> None:
    """Say what messages of `kind` tell. Called once, from an app's `ready`."""
    _builders[kind] = builder


def build(message: Message) -> Content:
    """The content of a message. Raises KeyError for a kind that nobody registered."""
    return _builders[message.kind](message)
