"""What was already done, by the contents of the files it was done from: a step runs again only when they change."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from dev import ROOT

REQUIREMENTS = "requirements/dev.txt"
SETTINGS = ("marche/settings.py", "marche/installed.py")
MIGRATIONS = (REQUIREMENTS, *SETTINGS, "*/migrations/*.py", "marche/*/migrations/*.py")
STATIC = (REQUIREMENTS, *SETTINGS, "marche/static/**/*")
DEMO = (*MIGRATIONS, "dev/demo/**/*")


def digest(patterns: Iterable[str], *more: str) -> str:
    """A short hash of all files that match, names and contents, and of `more`."""
    result = hashlib.sha256("\0".join(more).encode())
    for file in _files(patterns):
        result.update(f"\0{file.relative_to(ROOT)}\0".encode())
        result.update(file.read_bytes())
    return result.hexdigest()[:16]


def _files(patterns: Iterable[str]) -> Iterator[Path]:
    for pattern in patterns:
        yield from sorted(f for f in ROOT.glob(pattern) if f.is_file() and "__pycache__" not in f.parts)


class Stamps:
    """The digests under which each step last succeeded, kept in one JSON file."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.done: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}

    def needs(self, step: str, current: str) -> bool:
        return self.done.get(step) != current

    def record(self, step: str, current: str) -> None:
        self.done[step] = current
        self.file.write_text(json.dumps(self.done, indent=2))
