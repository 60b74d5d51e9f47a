"""The manager of the market: cancels a few orders after the closing, then reads the day's page."""

from __future__ import annotations

import re
from dataclasses import dataclass

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
    def __init__(self, browser: Browser, notes: Notes) -> None:
        self.browser, self.notes = browser, notes
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
