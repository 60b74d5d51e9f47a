"""A producer who prepares before the market: weighs, takes off what is not there, sets each order aside."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

from dev.rehearsal.cards.deeds import Deeds, PartDeeds
from dev.rehearsal.client import Browser, SiteError
from dev.rehearsal.notes import Notes
from dev.rehearsal.pages import Form, Page, text
from dev.rehearsal.refusals import refusals_in

LIST, OPEN, READY = "producer opens the bench", "producer opens an order", "producer prepares"
LEFT_ALONE = 12  # one weighed order in so many is not prepared
SHORT = 0.05  # of the lines are not there
ONE_BY_ONE = 0.4  # of the orders in which nothing is weighed
FEWER = 0.2  # of the lines of several units: not all are there
REASONS = ("shortage", "quality")
ANEW = 15  # one weighed order in so many is weighed a second time, and is lighter or heavier
_ROW = re.compile(r'<li class="stall__order[^"]* is-([\w-]+)"><b class="stall__no">(\d+)</b>')
_LINE = re.compile(r'<fieldset class="bench__line"><legend>(.*?)</legend>(.*?)</fieldset>', re.DOTALL)
_GRAMS, _OFF = re.compile(r'name="grams_(\d+)"'), re.compile(r'name="off_(\d+)"')
_HELP = re.compile(r'id="id_grams_\d+_helptext">(.*?)</p>', re.DOTALL)
_UNITS = re.compile(r'name="units_\d+"[^>]*\bmax="(\d+)"')
_ERROR = re.compile(r'<div class="field__error"[^>]*>(.*?)</div>', re.DOTALL)
_SURE = re.compile(r'name="(sure_\d+)" value="(\d+)"')
_WEIGHT = re.compile(r"([\d.,]+)\s*(kg|g)\b")


@dataclass(frozen=True)
class BenchLine:
    """`words` end with the product's name. `expected`, `most`: grams of all its pieces, 0 where nothing is weighed.

    `units`: how many were ordered, or are there.
    """

    key: str
    words: str
    expected: int = 0
    most: int = 0
    units: int = 1

    def some(self, units: int) -> BenchLine:
        """So many of its units."""
        weights = self.expected * units // self.units, self.most * units // self.units
        return BenchLine(self.key, self.words, *weights, units)


class Bench:
    """`path` is /producteur/<slug>/<market>/<date>/preparation/; `titles`: of all products of this stall."""

    def __init__(
        self, browser: Browser, path: str, stall: int, titles: set[str], deeds: Deeds, dice: Random, notes: Notes
    ) -> None:
        self.browser, self.path, self.stall, self.titles = browser, path, stall, titles
        self.deeds, self.dice, self.notes = deeds, dice, notes
        self._has_erred = False
        self.weighed: list[int] = []  # orders that were weighed, by number

    def prepare_all(self, orders: dict[int, bool]) -> None:
        """Every order of this stall, by number, and whether something in it is weighed."""
        listed = self.numbers(self.browser.get(self.path, LIST))
        self.notes.same(f"stall {self.stall}: orders to prepare", listed, set(orders))
        rest = []
        for number, is_weighed in orders.items():
            if is_weighed and self.dice.randrange(LEFT_ALONE):
                self.prepare(number)
                self.weighed.append(number)
            elif not is_weighed and self.dice.random() < ONE_BY_ONE:
                self.prepare(number)
            elif not is_weighed:
                rest.append(number)
        self._prepare_rest(rest)

    def numbers(self, page: Page) -> set[int]:
        """Of the orders that are not cancelled."""
        return {int(number) for progress, number in _ROW.findall(page.html) if progress != "cancelled"}

    def prepare(self, number: int, *, anew: bool = False) -> None:
        """One order: a weight for each line that is weighed, or the line is taken off."""
        page = self.browser.get(f"{self.path}{number}/", OPEN)
        form = self._form(page)
        # What was taken off before stays so.
        lines = [line for line in self._lines(page) if f"off_{line.key}" not in form.fields]
        if not self._has_erred and any(line.most for line in lines):
            self._has_erred = True
            self._err(number, form, lines)
        done = self.deeds.of(number, self.stall)
        typed: dict[str, str] = {}
        new = PartDeeds(prepared=True)
        for line in lines:
            typed |= self._anew(line, done, new) if anew else self._first(line, new)
        self._send(form, typed, number)
        done.prepared, done.grams, done.off = True, {**done.grams, **new.grams}, done.off | new.off
        done.units |= new.units
        done.told += bool(new.off or new.units)
        self.notes.count("orders prepared one by one")
        self.notes.count("  lines taken off by producers", len(new.off))
        self.notes.count("  lines of which there were fewer", len(new.units))

    def _first(self, line: BenchLine, new: PartDeeds) -> dict[str, str]:
        """What is typed for a line at first: it is not there, there are fewer, or all of it; and its weight."""
        title, typed = self._title(line.words), {}
        if self.dice.random() < SHORT:
            new.off.add(title)
            return {f"off_{line.key}": "on", f"why_{line.key}": self.dice.choice(REASONS)}
        if line.units > 1 and self.dice.random() < FEWER:
            new.units[title] = self.dice.randint(1, line.units - 1)
            line = line.some(new.units[title])
            typed = {f"units_{line.key}": str(line.units)}
        if line.most:
            new.grams[title] = self._weight(line)
            self.notes.count("  heavier than announced", int(new.grams[title] > line.most))
            typed[f"grams_{line.key}"] = self._typed(new.grams[title])
        return typed

    def _anew(self, line: BenchLine, done: PartDeeds, new: PartDeeds) -> dict[str, str]:
        """What is weighed is on the scale once more."""
        if not line.most:
            return {}
        title = self._title(line.words)
        new.grams[title] = self._again(done.grams.get(title, line.expected))
        return {f"grams_{line.key}": self._typed(new.grams[title])}

    def _send(self, form: Form, typed: dict[str, str], number: int) -> None:
        """A weight that is not as announced is asked about, and said to be right."""
        page = self.browser.send(form, READY, 302, 422, **typed)
        if page.status == 302:
            return
        said = refusals_in([*page.sentences, *map(text, _ERROR.findall(page.html))])
        self.notes.same(f"stall {self.stall}, order {number}: refused", said, ["not as announced"])
        self.notes.refuse("not as announced")
        sure = dict(_SURE.findall(page.html))
        self.browser.send(form, READY, 302, **typed, **sure)

    def _again(self, grams: int) -> int:
        """A second weighing: a tenth less, or more."""
        return max(1, grams * self.dice.choice((9, 11)) // 10)

    def _prepare_rest(self, numbers: list[int]) -> None:
        form = self.browser.get(self.path, LIST).form("/sans-pesee/")
        if form is None:
            self.notes.same(f"stall {self.stall}: orders without weighing", numbers, [])
            return
        self.browser.follow(self.browser.send(form, "producer prepares the rest"), LIST)
        for number in numbers:
            self.deeds.of(number, self.stall).prepared = True
        self.notes.count("orders prepared together", len(numbers))

    def _err(self, number: int, form: Form, lines: list[BenchLine]) -> None:
        """No weight, and one that is ten times too much: each is refused with its sentence."""
        weighed = [line for line in lines if line.most]
        wrongs = (("to weigh", ""), ("too heavy", f"{10 * weighed[0].most} g"))
        for name, wrong in wrongs:
            typed = {f"grams_{line.key}": self._typed(line.expected) for line in weighed[1:]}
            page = self.browser.send(form, READY, 422, **{**typed, f"grams_{weighed[0].key}": wrong})
            said = [*page.sentences, *map(text, _ERROR.findall(page.html))]
            if name in refusals_in(said):
                self.notes.refuse(name)
            else:
                self.notes.differ(f"stall {self.stall}, order {number}: refused ({name}) without its sentence: {said}")

    def _weight(self, line: BenchLine) -> int:
        """Grams: mostly about right, now and then the very maximum or beyond it."""
        chance = self.dice.random()
        if chance < 0.12:
            return line.most + self.dice.randint(1, max(1, line.most // 8))
        return line.most if chance < 0.2 else self.dice.randint(line.expected * 85 // 100, line.most)

    def _typed(self, grams: int) -> str:
        """As one reads it off the scale."""
        kilograms = f"{grams / 1000:.3f}".replace(".", self.dice.choice(",."))
        return self.dice.choice((f"{grams} g", f"{kilograms} kg"))

    def _form(self, page: Page) -> Form:
        form = next((form for form in page.forms if not form.action), None)
        if form is None:
            raise SiteError(f"{page.path}: nothing to prepare with: {page.sentences}")
        return Form(page.path, form.fields)

    def _lines(self, page: Page) -> list[BenchLine]:
        return [_line(text(legend), inside) for legend, inside in _LINE.findall(page.html)]

    def _title(self, words: str) -> str:
        return max((title for title in self.titles if words.endswith(title)), key=len, default=words)


def _line(words: str, inside: str) -> BenchLine:
    off, help_text, ordered = _OFF.search(inside), _HELP.search(inside), _UNITS.search(inside)
    if off is None:
        raise SiteError(f"{words}: no way to take it off")
    units = int(ordered[1]) if ordered else 1
    if not help_text:
        return BenchLine(off[1], words, units=units)
    said = text(help_text[1])
    expected, most = (_grams(number, unit) for number, unit in _WEIGHT.findall(said)[:2])
    return BenchLine(off[1], words, expected, most, units)


def _grams(number: str, unit: str) -> int:
    return round(float(number.replace(",", ".")) * (1000 if unit == "kg" else 1))
