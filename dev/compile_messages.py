"""Compile the translations: `python -m dev.compile_messages [--check]`.

Django's own command needs GNU gettext installed; Babel, which Oscar brings along, writes the same `.mo` files with
Python alone. With --check nothing is written: fuzzy entries and broken placeholders are errors.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent


def sources() -> list[Path]:
    return sorted(ROOT.glob("locale/*/LC_MESSAGES/*.po"))


def read(source: Path) -> Catalog:
    with source.open("rb") as handle:
        return read_po(handle, locale=source.parts[-3], abort_invalid=True)


def compile_messages() -> None:
    """Write the `.mo` files that are missing or older than their `.po`, each in one step."""
    for source in sources():
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns > source.stat().st_mtime_ns:
            continue
        half_made = target.with_suffix(f".{os.getpid()}")
        with half_made.open("wb") as handle:
            write_mo(handle, read(source))
        half_made.replace(target)


def faults() -> Iterator[str]:
    for source in sources():
        catalog = read(source)
        for message in catalog:
            if message.id and message.fuzzy:
                yield f"{source}: fuzzy: {message.id!r}"
        for message, errors in catalog.check():
            yield from (f"{source}: {message.id!r}: {error}" for error in errors)


def main() -> None:
    if "--check" in sys.argv[1:]:
        if found := list(faults()):
            sys.exit("\n".join(found))
        return
    compile_messages()


if __name__ == "__main__":
    main()
