"""The fake's books in a file, for an installation that lives longer than one process."""

import json
import os
from dataclasses import asdict
from pathlib import Path
from threading import Lock

from dev.fakestripe.books import Books
from dev.fakestripe.idempotency import Entry, Keys
from dev.fakestripe.refusals import Json


class Keeper:
    """Everything that Stripe would remember, in one JSON file that is always whole.

    Left out are events that are still to be delivered: they are listed for whoever asks, as after an outage.
    """

    def __init__(self, file: Path, books: Books, keys: Keys) -> None:
        self.file, self._books, self._keys = file, books, keys
        self._lock = Lock()

    def load(self) -> None:
        """Go on where the last process ended; nothing happens without a file."""
        if not self.file.exists():
            return
        kept: Json = json.loads(self.file.read_text(encoding="utf-8"))
        self._books.restore(kept["books"])
        self._keys.restore(
            {key: Entry(**{**row, "fingerprint": tuple(row["fingerprint"])}) for key, row in kept["keys"].items()}
        )

    def save(self) -> None:
        with self._lock:
            with self._books.lock:
                keys = {key: asdict(entry) for key, entry in self._keys.answered().items()}
                text = json.dumps({"books": self._books.snapshot(), "keys": keys}, ensure_ascii=False)
            half = self.file.with_suffix(".half")
            half.write_text(text, encoding="utf-8")
            os.replace(half, self.file)
