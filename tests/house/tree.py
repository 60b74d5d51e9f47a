"""The files of the project, as the house rules look at them: what is written by hand, and nothing that is made."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from dev import ROOT

SHIPPED = ("marche", "producers", "orders")
_MADE = {".git", ".venv", "var", "__pycache__", ".hypothesis", "test-results", "node_modules"}


def files(*folders: str, suffix: str = "") -> list[Path]:
    """The files below these folders of the project (default: all of it) whose names end so, in a steady order."""
    found: list[Path] = []
    for folder in folders or (".",):
        found += _below(ROOT / folder)
    return sorted(path for path in found if path.name.endswith(suffix))


def _below(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.name in _MADE or entry.name.endswith("_cache") or entry.suffix in (".pyc", ".mo"):
            continue
        if entry.is_dir():
            yield from _below(entry)
        else:
            yield entry


def name_of(path: Path) -> str:
    """The path as one writes it in the project: "orders/tasks.py"."""
    return path.relative_to(ROOT).as_posix()


def python_files(*folders: str) -> list[Path]:
    """Python of these folders, without migrations, which Django writes."""
    return [path for path in files(*folders, suffix=".py") if "migrations" not in path.parts]


def templates() -> list[Path]:
    return [path for path in files("templates") if path.suffix in (".html", ".txt")]


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def lines_with(pattern: re.Pattern[str], paths: list[Path]) -> dict[str, list[str]]:
    """The lines of these files that a compiled pattern finds, by the file's name."""
    found: dict[str, list[str]] = {}
    for path in paths:
        hits = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if pattern.search(line)]
        if hits:
            found[name_of(path)] = hits
    return found
