"""A mail catcher: `python -m dev.mailbox PORT FOLDER` accepts every mail, keeps each as a file and prints a line."""

import asyncio
import re
import sys
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session


class Mailbox:
    """Keeps a mail as `<UTC time>-<recipient>.eml`, which any mail program opens."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        for recipient in envelope.rcpt_tos:
            file = self.folder / f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{safe(recipient)}.eml"
            file.write_bytes(content)
            subject = message_from_bytes(content, policy=default)["subject"]
            print(f"{recipient}: {subject} ({file.name})", flush=True)  # noqa: T201
        return "250 OK"


def safe(recipient: str) -> str:
    """The address as part of a file name."""
    return re.sub(r"[^\w.@+-]", "_", recipient)[:100]


async def serve(port: int, folder: Path) -> None:
    mailbox = Mailbox(folder)
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(mailbox, enable_SMTPUTF8=True, data_size_limit=50_000_000), "127.0.0.1", port
    )
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
