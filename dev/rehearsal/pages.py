"""What a person reads and fills in on a page. Regular expressions, for thousands of pages must be read in seconds."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape

_FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
_CONTROL = re.compile(r"<(input|button)\b([^>]*)>")
_SELECT = re.compile(r"<select\b([^>]*)>(.*?)</select>", re.DOTALL)
_OPTION = re.compile(r"<option\b([^>]*)>")
_ATTRIBUTE = re.compile(r'([\w-]+)(?:="([^"]*)")?')
_NOTE = re.compile(r'<div class="note note--(error|warning)[^"]*"[^>]*>(.*?)</div>', re.DOTALL)
_ITEM = re.compile(r"<(li|p)\b[^>]*>(.*?)</\1>", re.DOTALL)
_HEADING = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)
_LINK = re.compile(r'<a\b[^>]*href="([^"]*)"')
_ROW = re.compile(r"<tr[^>]*>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<t[dh][^>]*>(.*?)</t[dh]>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Form:
    """`fields`: what a browser would send; `choices`: the radio buttons that can be chosen; `limits`: each `max`.

    `buttons`: the values that buttons of that name send.
    """

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    limits: dict[str, int] = field(default_factory=dict)
    buttons: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """An answer of the site. `location` is where a redirect leads."""

    status: int
    path: str
    content: bytes
    location: str = ""

    @cached_property
    def html(self) -> str:
        return self.content.decode(errors="replace")

    @cached_property
    def forms(self) -> list[Form]:
        return [_form(_attributes(tag), inside) for tag, inside in _FORM.findall(self.html)]

    def form(self, ending: str) -> Form | None:
        """The first form whose address ends so."""
        return next((form for form in self.forms if form.action.endswith(ending)), None)

    @cached_property
    def sentences(self) -> list[str]:
        """What is said in boxes of errors and warnings, a sentence each."""
        return self._said("error", "warning")

    @property
    def errors(self) -> list[str]:
        """The same, of errors alone."""
        return self._said("error")

    def _said(self, *kinds: str) -> list[str]:
        notes = [inside for kind, inside in _NOTE.findall(self.html) if kind in kinds]
        return [text(item) for note in notes for _tag, item in _ITEM.findall(note)]

    @property
    def heading(self) -> str:
        found = _HEADING.search(self.html)
        return text(found[1]) if found else ""

    @property
    def links(self) -> list[str]:
        return [unescape(link) for link in _LINK.findall(self.html)]


def text(html: str) -> str:
    """Without tags, on one line."""
    return " ".join(unescape(_TAG.sub(" ", html)).split())


def rows(html: str) -> list[list[str]]:
    """The texts of a table's cells, row by row."""
    return [[text(cell) for cell in _CELL.findall(row)] for row in _ROW.findall(html)]


def _attributes(tag: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in _ATTRIBUTE.findall(tag)}


def _form(form: dict[str, str], inside: str) -> Form:
    made = Form(form.get("action", ""))
    for tag, options in _SELECT.findall(inside):
        offered = [_attributes(option) for option in _OPTION.findall(options)]
        chosen = next((option for option in offered if "selected" in option), offered[0] if offered else {})
        made.fields[_attributes(tag).get("name", "")] = chosen.get("value", "")
    for kind, tag in _CONTROL.findall(inside):
        control = _attributes(tag)
        name, value = control.get("name"), control.get("value", "")
        if not name:
            continue
        if kind == "button":
            made.buttons.setdefault(name, []).append(value)
            continue
        if control.get("type") == "radio" and "disabled" not in control:
            made.choices.setdefault(name, []).append(value)
        if control.get("type") not in ("radio", "checkbox") or "checked" in control:
            made.fields[name] = value if control.get("type") != "checkbox" else control.get("value", "on")
        if control.get("max", "").isdigit():
            made.limits[name] = int(control["max"])
    return made
