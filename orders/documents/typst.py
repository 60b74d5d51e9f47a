"""PDF by Typst: a template beside this file, and data as JSON, never markup made from strings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from marche.common.text import to_ascii

FOLDER = Path(__file__).parent
ONE_SIGN = """
#set document(title: "-", date: none)
#set text(lang: "fr")
#sys.inputs.sign
"""


def render(template: str, data: dict[str, Any]) -> bytes:
    """The PDF of `<template>.typ`, which reads `json(bytes(sys.inputs.data))`.

    Tagged for screen readers (PDF/UA-1: the template must set a title and a language); only the fonts that come with
    Typst are used and embedded, so that a document looks the same from every machine. A sign that they do not have is
    written in letters, as one would read it: "李明" as "LiMing". Raises typst.TypstError.
    """
    source = str(FOLDER / f"{template}.typ")
    try:
        return _compile(source, data=json.dumps(data))
    except typst.TypstError:  # PDF/UA refuses a sign that no font has, rather than show an empty box
        return _compile(source, data=json.dumps(_readable(data)))


def _compile(source: str | bytes, **inputs: str) -> bytes:
    return bytes(typst.compile(source, sys_inputs=inputs, ignore_system_fonts=True, pdf_standards="ua-1"))


def _readable(data: dict[str, Any]) -> dict[str, Any]:
    """The same data with letters in place of every sign that no font has."""
    unknown = {sign for text in _texts(data) for sign in text if not _has_sign(sign)}
    table = str.maketrans({sign: to_ascii(sign) or "?" for sign in unknown})
    translated: dict[str, Any] = _translated(data, table)
    return translated


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from _texts(value)
    elif isinstance(data, (list, tuple)):
        for value in data:
            yield from _texts(value)


def _translated(data: Any, table: dict[int, str]) -> Any:
    if isinstance(data, str):
        return data.translate(table)
    if isinstance(data, dict):
        return {key: _translated(value, table) for key, value in data.items()}
    return [_translated(value, table) for value in data] if isinstance(data, (list, tuple)) else data


@lru_cache(maxsize=4096)
def _has_sign(sign: str) -> bool:
    """Whether the fonts have this sign: Typst is asked, for nothing else knows its fonts. A millisecond or two."""
    if sign.isascii():
        return True
    try:
        _compile(ONE_SIGN.encode(), sign=sign)
    except typst.TypstError:
        return False
    return True
