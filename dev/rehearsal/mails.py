"""The mails that the mail server took, as their readers find them: told apart by what is attached."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from pathlib import Path

_TICKET_PDF, _TICKET_ICS = re.compile(r"billet-(\d+)\.pdf"), re.compile(r"billet-(\d+)\.ics")
_SUMMARY_CSV = re.compile(r"recapitulatif-.*-r(\d+)\.csv")
_LINK = re.compile(r"/(?:billet|recapitulatif)/[^/\s]+/")


@dataclass(frozen=True)
class Mail:
    """`number`: of the order, or the summary's revision. `link`: to the ticket or the summary, "" without one."""

    recipient: str
    message_id: str
    kind: str
    number: int
    link: str
    table: list[list[str]] = field(default_factory=list, repr=False)

    @property
    def message(self) -> int:
        """The key of the outbox's row."""
        return int(self.message_id.split(".")[1])


def read_mails(folder: Path) -> Iterator[Mail]:
    """Every mail in the order of its arrival."""
    for file in sorted(folder.glob("*.eml")):
        yield read_mail(message_from_bytes(file.read_bytes()))


def read_mail(message: Message) -> Mail:
    parts = {part.get_filename() or part.get_content_type(): part for part in message.walk()}
    kind, number = _kind(list(parts))
    link = _LINK.search(_text(parts["text/plain"])) if "text/plain" in parts else None
    tables = [_text(part) for name, part in parts.items() if _SUMMARY_CSV.fullmatch(name)]
    return Mail(
        recipient=str(message["To"]),
        message_id=str(message["Message-ID"]),
        kind=kind,
        number=number,
        link=link[0] if link else "",
        table=list(csv.reader(io.StringIO(tables[0], newline=""), delimiter=";"))[1:] if tables else [],
    )


def _kind(names: list[str]) -> tuple[str, int]:
    for kind, pattern in (
        ("summary", _SUMMARY_CSV),
        ("order-confirmation", _TICKET_PDF),
        ("order-cancelled", _TICKET_ICS),
    ):
        for name in names:
            if found := pattern.fullmatch(name):
                return kind, int(found[1])
    return "unknown", 0


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    return content.decode("utf-8-sig") if isinstance(content, bytes) else ""
