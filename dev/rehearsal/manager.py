"""The manager of the market: cancels a few orders after the closing, then reads the day's page."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from dev.rehearsal.books import Row
from dev.rehearsal.client import Browser, SiteError
from dev.rehearsal.market import Visit
from dev.rehearsal.notes import Notes
from dev.rehearsal.pages import text
from dev.rehearsal.producers import sign_in

_FIGURES = re.compile(r'<dl class="figures">(.*?)</dl>', re.DOTALL)
_FIGURE = re.compile(r"<dt>.*?</dt>\s*<dd>(.*?)</dd>", re.DOTALL)
_ROW = re.compile(r"<tr[^>]*>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<t[dh][^>]*>(.*?)</t[dh]>", re.DOTALL)
_PRODUCER = re.compile(r'href="/producteurs/([\w-]+)/"')
_BUTTON = re.compile(r'<button class="btn btn--big btn--strong">(.*?)</button>', re.DOTALL)
_ORDER = re.compile(r'href="[^"]*/commandes/(\d+)/"')


@dataclass(frozen=True)
class DaySeen:
    """What the page says. `stands`: (orders, cents) by the producer's slug; `orders`: cents by number."""

    orders_count: int
    cap: int
    places_taken: int
    acknowledged: int
    summaries: int
    total_cents: int
    stands: dict[str, tuple[int, int]]
    orders: dict[int, int]


class Manager:
    """`zone`: of the market's clock."""

    def __init__(self, browser: Browser, zone: ZoneInfo, notes: Notes) -> None:
        self.browser, self.zone, self.notes = browser, zone, notes
        self.day_path = ""

    def sign_in(self, email: str, password: str, path: str) -> None:
        home = sign_in(self.browser, email, password, "manager signs in")
        self.day_path = next((link for link in home.links if link.endswith(f"/gestion/{path}/")), "")
        if not self.day_path:
            raise SiteError(f"no link to {path} on the manager’s home")

    def cancel(self, visit: Visit) -> None:
        page = self.browser.get(f"{self.day_path}commandes/{visit.ticket_number}/", "manager opens an order")
        form = page.form(f"/commandes/{visit.ticket_number}/annuler/")
        if form is None:
            raise SiteError(f"{page.path}: the manager finds no way to cancel")
        self.browser.follow(self.browser.send(form, "manager cancels", reason="supply"), "manager opens an order")
        visit.cancelled = True
        self.notes.count("orders cancelled by the manager")

    def take_off(self, number: int, line: Row, reason: str) -> None:
        """A line of an order, with the form of its part."""
        page = self.browser.get(f"{self.day_path}commandes/{number}/", "manager opens an order")
        form = page.form(f"/lignes/{line['part_id']}/")
        if form is None:
            raise SiteError(f"{page.path}: no way to take a line off")
        typed = {"lines": str(line["line_id"]), "reason": reason}
        self.browser.follow(self.browser.send(form, "manager takes a line off", **typed), "manager opens an order")
        self.notes.count("lines taken off by the manager")

    def prolong(self, longer: dt.timedelta) -> int:
        """So much from now on; how many residents the button says that it writes to."""
        path, step = f"{self.day_path}deplacer/", "manager prolongs the day"
        form = next((form for form in self.browser.get(path, step).forms if "closes" in form.fields), None)
        if form is None:
            raise SiteError(f"{path}: no way to prolong the day")
        until = dt.datetime.now(self.zone) + longer
        typed = {"closes_date": f"{until:%Y-%m-%d}", "closes": f"{until:%H:%M}", "reason": "Une panne d’Internet"}
        shown = self.browser.get(f"{path}?{urlencode({**form.fields, **typed})}", step)
        button = next((form for form in shown.forms if {"closes", "csrfmiddlewaretoken"} <= form.fields.keys()), None)
        said = _BUTTON.search(shown.html)
        if not (button and said):
            raise SiteError(f"{path}: what changes is not shown: {shown.sentences}")
        self.browser.follow(self.browser.send(button, step), "manager opens the day")
        self.notes.count("days prolonged")
        return numbers(text(said[1]))[-1]

    def raise_cap(self, by: int) -> None:
        page = self.browser.get(self.day_path, "manager opens the day")
        form = page.form("/plafond/")
        if form is None:
            raise SiteError(f"{page.path}: no way to let more residents come")
        cap = str(int(form.fields["cap"]) + by)
        self.browser.follow(self.browser.send(form, "manager raises the cap", cap=cap), "manager opens the day")

    def see_day(self) -> DaySeen:
        page = self.browser.get(f"{self.day_path}?toutes=1", "manager opens the day")
        block = _FIGURES.search(page.html)
        figures = [text(figure) for figure in _FIGURE.findall(block[1])] if block else []
        if len(figures) != 4:
            raise SiteError(f"{page.path}: four figures expected: {figures}")
        (orders, cap), (taken, _places), (acknowledged, summaries) = (numbers(figure) for figure in figures[:3])
        stands, listed = {}, {}
        for row in _ROW.findall(page.html):
            cells = [text(cell) for cell in _CELL.findall(row)]
            if producer := _PRODUCER.search(row):
                stands[producer[1]] = (int(cells[3]), cents(cells[4]))
            elif order := _ORDER.search(row):
                listed[int(order[1])] = cents(cells[-1])
        return DaySeen(orders, cap, taken, acknowledged, summaries, cents(figures[3]), stands, listed)


def numbers(words: str) -> list[int]:
    """The whole numbers of "219 of 224"; spaces inside a number are not expected."""
    return [int(found) for found in re.findall(r"\d+", words)]


def cents(words: str) -> int:
    """ "1 234,50 €" or "€1,234.50" as cents: an amount always shows two decimals."""
    return int("".join(re.findall(r"\d", words)) or 0)
