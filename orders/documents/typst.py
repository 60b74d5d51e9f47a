"""PDF by Typst: a template beside this file, and data as JSON, never markup made from strings."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import typst

FOLDER = Path(__file__).parent


def render(template: str, data: dict[str, Any]) -> bytes:
    """The PDF of `<template>.typ`, which reads `json(bytes(sys.inputs.data))`.

    Tagged for screen readers (PDF/UA-1: the template must set a title and a language); only the fonts that come with
    Typst are used and embedded, so that a document looks the same from every machine. Raises typst.TypstError.
    """
    compiled: Callable[..., Any] = partial(
        typst.compile, str(FOLDER / f"{template}.typ"), sys_inputs={"data": json.dumps(data)}, ignore_system_fonts=True
    )
    try:
        return bytes(compiled(pdf_standards="ua-1"))
    except typst.TypstError:
        # PDF/UA refuses a sign that no font can show (an emoji in a name or a note). A box in its place does less harm
        # than no document: what somebody typed must never keep a summary from its producer.
        return bytes(compiled())
