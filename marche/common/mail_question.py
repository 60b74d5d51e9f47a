"""The one question about an address that was likely mistyped: asked once for each typed address, never in the way."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.http import QueryDict

from marche.common.mail_domains import likely_address

ASKED, INSTEAD = "email_asked", "email_instead"  # names of the fields: the address asked about, and the button "yes"


@dataclass(frozen=True)
class MailQuestion:
    """Whether `meant` was meant, where `typed` was typed."""

    typed: str
    meant: str

    @property
    def typed_domain(self) -> str:
        return self.typed.rpartition("@")[2]

    @property
    def meant_domain(self) -> str:
        return self.meant.rpartition("@")[2]


def with_answer(posted: QueryDict) -> QueryDict:
    """What was posted; with the address of the button "yes", if it was that one, in place of the typed address."""
    if not (instead := posted.get(INSTEAD, "")):
        return posted
    answered = posted.copy()
    answered["email"] = instead
    return answered


def question_about(typed: str, posted: QueryDict, known: Collection[str] = ()) -> MailQuestion | None:
    """What is to be asked about an address, unless it was asked before or is one of those already `known`."""
    if not typed or typed in (posted.get(ASKED), posted.get(INSTEAD)) or typed in known:
        return None
    meant = likely_address(typed)
    return MailQuestion(typed, meant) if meant else None
