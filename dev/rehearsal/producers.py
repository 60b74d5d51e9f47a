"""Producers at their screens: they sign in, offer goods, change the offer while orders come, acknowledge summaries."""

from __future__ import annotations

import json
import re
from random import Random

from dev.rehearsal.client import Browser, SiteError
from dev.rehearsal.notes import Notes
from dev.rehearsal.pages import Form, Page
from dev.rehearsal.refusals import refusals_in

SIGN_IN = "/connexion/"
_ON_COUNT = re.compile(r"data-on-count>\s*(\d+)")


def sign_in(browser: Browser, email: str, password: str, step: str) -> Page:
    """Through the form, to the first page of one's role."""
    form = next((form for form in browser.get(SIGN_IN, step).forms if "username" in form.fields), None)
    if form is None:
        raise SiteError(f"{SIGN_IN}: nowhere to sign in")
    sent = browser.post(SIGN_IN, {**form.fields, "username": email, "password": password}, step)
    return browser.follow(sent, step)


class ProducerAtWork:
    """One producer for the length of the week."""

    def __init__(self, browser: Browser, email: str, password: str, dice: Random, notes: Notes) -> None:
        self.browser, self.email, self.password = browser, email, password
        self.dice, self.notes = dice, notes
        self.offer_path = ""

    def list_goods(self, path: str, *, types: bool) -> None:
        """Offer what was offered last week: by one click, or by filling in the grid."""
        home = sign_in(self.browser, self.email, self.password, "producer signs in")
        self.offer_path = next((link for link in home.links if link.endswith(f"/{path}/")), "")
        if not self.offer_path:
            raise SiteError(f"{self.email}: no link to the offer of {path} on the producer’s home")
        page = self.browser.get(self.offer_path, "producer opens the grid")
        repeat = page.form("/comme-la-derniere-fois/")
        if repeat is None:
            self.notes.count("producers absent this week")
            return
        if types:
            self._type(page)
            self.notes.count("grids typed")
        else:
            self.browser.follow(self.browser.send(repeat, "producer repeats"), "producer opens the grid")
            self.notes.count("grids repeated")

    def _type(self, page: Page) -> None:
        """Switch on every line that proposes a price; one price goes wrong first."""
        form = _grid(page)
        priced = [name.removesuffix("-price") for name, value in form.fields.items() if _is_price(name) and value]
        wanted = {f"{sheet}-on": "on" for sheet in priced}
        first = f"{priced[0]}-price"
        refused = self.browser.send(form, "producer saves", 422, **wanted, **{first: "1.234,5"})
        self._expect(refused, "price mistyped")
        kept = _grid(refused).fields
        lost = [name for name, value in {**wanted, first: "1.234,5"}.items() if kept.get(name) != value]
        if lost:
            self.notes.differ(f"{self.email}: typed into the grid and lost on its error page: {lost}")
        again = {**wanted, first: form.fields[first].replace(",", ".")}  # a point does as well as a comma
        saved = self.browser.follow(self.browser.send(form, "producer saves", **again), "producer opens the grid")
        found = _ON_COUNT.search(saved.html)
        if not found or int(found[1]) != len(priced):
            self.notes.differ(f"{self.email}: {len(priced)} products switched on, the grid counts {found and found[1]}")

    def change_offer(self) -> None:
        """While orders come: less of one product than is reserved (refused), less of another, a new price."""
        page = self.browser.get(self.offer_path, "producer opens the grid")
        live = json.loads(self.browser.get(f"{self.offer_path}reserve.json", "producer looks at what is left").content)
        form, reserved = _grid(page), {sheet: row["reserved"] for sheet, row in live.items()}
        on_sale = [sheet for sheet in reserved if form.fields.get(f"{sheet}-on")]
        ordered = [sheet for sheet in on_sale if reserved[sheet] > 1]
        if ordered:
            below = {f"{self.dice.choice(ordered)}-quantity": "1"}
            self._expect(self.browser.send(form, "producer saves", 422, **below), "below reserved")
        dearer, fewer = self.dice.choice(on_sale), self.dice.choice(on_sale)
        cents = int(form.fields[f"{dearer}-price"].replace(",", "")) + 10
        changes = {
            f"{dearer}-price": f"{cents // 100},{cents % 100:02d}",
            f"{fewer}-quantity": str(reserved[fewer] + 4),
        }
        saved = self.browser.send(form, "producer saves", 302, 422, **changes)
        if saved.status == 422:  # four more were ordered since the page was opened
            self._expect(saved, "below reserved")
        else:
            self.notes.count("prices and quantities changed on the way")

    def _expect(self, page: Page, refusal: str) -> None:
        if refusal not in refusals_in(page.sentences):
            self.notes.differ(f"{self.email}: refused ({refusal}) without its sentence: {page.sentences}")
        else:
            self.notes.refuse(refusal)


def acknowledge(browser: Browser, link: str, notes: Notes) -> None:
    """Open the link of a summary's mail, without signing in, and say that it has come."""
    form = browser.get(link, "producer reads the summary").form("/recu/")
    if form is None:
        raise SiteError(f"{link}: nothing to acknowledge")
    after = browser.follow(browser.send(form, "producer acknowledges"), "producer reads the summary")
    if after.form("/recu/"):
        notes.differ(f"{link}: acknowledged, and still asked for")
    notes.count("summaries acknowledged")


def _is_price(name: str) -> bool:
    return name.endswith("-price") and not name.startswith("initial-")


def _grid(page: Page) -> Form:
    form = next((form for form in page.forms if any(_is_price(name) for name in form.fields)), None)
    if form is None:
        raise SiteError(f"{page.path}: no grid")
    return form
