"""Translations are compiled with Python alone, and faults are told."""

import gettext
from pathlib import Path

import pytest

from dev import compile_messages

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(compile_messages, "ROOT", tmp_path)
    file = tmp_path / "locale" / "en" / "LC_MESSAGES" / "django.po"
    file.parent.mkdir(parents=True)
    return file


def test_a_translation_is_found_again(source: Path) -> None:
    source.write_text(HEADER + 'msgid "Panier"\nmsgstr "Basket"\n')
    compile_messages.compile_messages()
    with source.with_suffix(".mo").open("rb") as handle:
        assert gettext.GNUTranslations(handle).gettext("Panier") == "Basket"
    assert [file.name for file in sorted(source.parent.iterdir())] == ["django.mo", "django.po"]


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ('#, fuzzy\nmsgid "Panier"\nmsgstr "Basket"\n', "fuzzy"),
        ('#, python-format\nmsgid "%(count)s articles"\nmsgstr "%(number)s items"\n', "placeholder"),
    ],
)
def test_a_fault_is_told(source: Path, entry: str, fault: str) -> None:
    source.write_text(HEADER + entry)
    assert any(fault in line for line in compile_messages.faults())
