"""The manager during the market: reads the day’s page and the report again and again, and cancels what can be."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from dev.rehearsal.audit_report import audit_coherence
from dev.rehearsal.client import SiteError
from dev.rehearsal.errands import NEVER_COLLECTED, Errand, Fate
from dev.rehearsal.manager import Manager, cents, numbers
from dev.rehearsal.notes import Notes
from dev.rehearsal.pages import Page, rows
from dev.rehearsal.refusals import refusals_in
from dev.rehearsal.sheets import TABLES, Table, read_csv, read_workbook

if TYPE_CHECKING:
    from dev.rehearsal.market_day import MarketDayPlay

PAUSE = 1.0  # seconds between two rounds
QUICK = 10.0  # seconds: no page takes longer, however busy the stalls are
_PROGRESS = re.compile(r'<table class="table progress">(.*?)</table>', re.DOTALL)
_HEADING = re.compile(r'<h2 id="([\w-]+)"')


class Patrol:
    """`manager` looks on, `desk` cancels: both are signed in and know the day."""

    def __init__(self, manager: Manager, desk: Manager, notes: Notes) -> None:
        self.manager, self.browser, self.desk, self.notes = manager, manager.browser, desk, notes

    def look_on(self, market: MarketDayPlay) -> None:
        """At least once, and until the stalls are done."""
        while True:
            self._day()
            self._get("bilan/", "manager reads the report")
            audit_coherence(self.workbook(), self.notes)
            self.notes.count("reports read while stalls hand over")
            if market.over.is_set() or self.browser.stop.wait(PAUSE):
                return

    def cancel(self, market: MarketDayPlay) -> None:
        """What was handed over since the page was opened: refused. What nobody has come for: done, while it lasts."""
        not_these = (*NEVER_COLLECTED, Fate.MISTAKEN)  # what is taken back can be cancelled in that moment
        waiting = (errand for errand in market.errands if not errand.handed_over and errand.fate not in not_these)
        if errand := next(waiting, None):
            self._cancel_in_vain(errand, market)
        absent = next((errand.visit for errand in market.errands if errand.fate is Fate.NO_SHOW), None)
        if absent:
            self.desk.cancel(absent)

    def _cancel_in_vain(self, errand: Errand, market: MarketDayPlay) -> None:
        browser = self.desk.browser
        path = f"{self.desk.day_path}commandes/{errand.visit.ticket_number}/"
        ending = f"/commandes/{errand.visit.ticket_number}/annuler/"
        form = browser.get(path, "manager opens an order").form(ending)
        while form and not errand.handed_over and not market.over.is_set():
            browser.stop.wait(PAUSE / 5)
        if not (form and errand.handed_over):
            return
        after = browser.follow(browser.send(form, "manager cancels", reason="supply"), "manager opens an order")
        self.notes.same(f"{path}: a way to cancel what was handed over", after.form(ending), None)
        if "collected already" in refusals_in(after.sentences):
            self.notes.refuse("collected already")
        else:
            self.notes.differ(f"{path}: cancelled, though it was handed over: {after.sentences}")

    def workbook(self) -> dict[str, Table]:
        return read_workbook(self._get("bilan.xlsx", "manager reads the workbook").content, self.notes)

    def page(self) -> dict[str, list[list[str]]]:
        """The tables of the report's page, without their headings."""
        html = self._get("bilan/?toutes=1", "manager reads the report").html
        pieces = _HEADING.split(html)[1:]
        found = {slug: rows(piece) for slug, piece in zip(pieces[::2], pieces[1::2], strict=True)}
        return {slug: lines[1:] for slug, lines in found.items() if lines}

    def tables(self) -> dict[str, Table]:
        """Each table as its CSV says it."""
        return {slug: read_csv(slug, self._get(f"bilan/{slug}.csv", "manager reads a CSV").content) for slug in TABLES}

    def _day(self) -> None:
        """The progress of the stalls adds up to what stands under it, and above it."""
        page = self._get("", "manager opens the day")
        found = _PROGRESS.search(page.html)
        if not found:
            raise SiteError(f"{page.path}: the stalls’ progress is not shown")
        *stalls, total = ((*numbers(row[1]), cents(row[2])) for row in rows(found[1])[1:])
        self.notes.same("the day’s page: its progress", tuple(map(sum, zip(*stalls, strict=True))), total)

    def _get(self, path: str, step: str) -> Page:
        started = time.monotonic()
        page = self.browser.get(self.manager.day_path + path, step)
        self.notes.same(f"{step}: within {QUICK:.0f} s", time.monotonic() - started < QUICK, True)
        return page
