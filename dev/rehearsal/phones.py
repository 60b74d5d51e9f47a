"""A telephone at a stall: finds an order, reads its page, notes what is handed over and paid."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from random import Random
from urllib.parse import quote

from django.utils.translation import gettext as _

from dev.rehearsal.client import Browser, SiteError
from dev.rehearsal.errands import Errand, Line
from dev.rehearsal.manager import cents
from dev.rehearsal.market import Visit
from dev.rehearsal.notes import Notes
from dev.rehearsal.pages import Form, Page, text
from dev.rehearsal.refusals import refusals_in
from marche.common.language import in_town_language

_LINE = re.compile(
    r'<input type="checkbox" name="lines" value="(\d+)"[^>]*>\s*<span><b>(.*?)</b></span>'
    r'<span class="choice__end">(.*?)</span>',
    re.DOTALL,
)
_MOST = re.compile(r'id="id_amount_helptext">(.*?)</p>', re.DOTALL)
_FLASH = re.compile(r'<div class="flash".*?<div class="note note--(\w+)"', re.DOTALL)
_NOTHING_FOUND = re.compile(r'<p class="lead">(.*?)</p>', re.DOTALL)
OPEN, TICK, PAY, TAKE_BACK, LIST = (
    "stall opens an order", "stall hands over", "stall notes a payment", "stall takes back", "stall sees its list",
)  # fmt: skip
WAYS = ("scan", "number", "code", "scan", "number", "name")  # to find an order


@dataclass(frozen=True)
class Counter:
    """An order's page. `most`: cents, when something is weighed; `means`: the buttons to pay with."""

    page: Page
    form: Form
    lines: list[Line]
    most: int
    means: list[str]


class Phone:
    """Signed in at one stall; `path` is the stall's page, /producteur/<slug>/<market>/<date>/etal/.

    The page after a button is the stall's list. Where it is long, only one in `list_every` is looked at, and the
    order's own page otherwise.
    """

    def __init__(self, browser: Browser, path: str, list_every: int, notes: Notes) -> None:
        self.browser, self.path, self.notes = browser, path, notes
        self.list_every, self._noted = list_every, 0

    def order_path(self, visit: Visit) -> str:
        return f"{self.path}{visit.ticket_number}/"

    def find(self, errand: Errand, way: str) -> Page:
        """The order's page, by the search. A name that several bear gives a list to choose from."""
        code = errand.visit.tickets[0].strip("/").rpartition("/")[2]
        query = {
            "scan": f"{self.browser.site}{errand.visit.tickets[0]}",
            "number": str(errand.visit.ticket_number),
            "code": code.replace("-", "")[: 4 + errand.dice.randrange(9)].lower(),
            "name": errand.visit.name,
        }[way]
        self.notes.count(f"orders found by {way}")
        found = self.browser.get(self.search(query), "stall searches", 200, 302)
        order = self.order_path(errand.visit)
        if order != found.location and order not in found.links:
            raise SiteError(f"{errand.what}: not found by its {way}, {query!r}")
        return self.browser.get(order, OPEN)

    def search(self, query: str) -> str:
        return f"{self.path}?q={quote(query)}"

    def reads(self, page: Page, errand: Errand) -> Counter:
        """What is to be handed over. The first reading is noted, any other must say the same."""
        form = page.form("/remettre/")
        if form is None:
            raise SiteError(f"{errand.what}: no way to hand it over")
        lines = [
            Line(key, _title(text(label), errand), cents(text(amount)), units=form.limits.get(f"units_{key}", 1))
            for key, label, amount in _LINE.findall(page.html)
        ]
        read, noted = ([(line.key, line.title, line.cents) for line in some] for some in (lines, errand.lines or lines))
        self.notes.same(f"{errand.what}: its lines", read, noted)
        errand.lines = errand.lines or lines
        if not errand.changes:
            errand.online = any(said in text(page.html) for said in paid_by_card())
        self.notes.same(f"{errand.what}: its amount", sum(line.cents for line in lines), errand.ticket.cents)
        self.notes.same(f"{errand.what}: its products", {line.title for line in lines}, set(errand.ticket.titles))
        most = _MOST.search(page.html)
        means = [value for value in form.buttons.get("means", []) if value]
        return Counter(page, form, lines, cents(text(most[1])) if most else 0, means)

    def hands_over(self, counter: Counter, errand: Errand, means: str, amount: int | None) -> Page:
        """Press a button; `amount` None: without payment. Returns where that leads."""
        keys = [line.key for line in errand.lines if not line.missing]
        typed = {} if amount is None else {"amount": typed_amount(amount, errand.dice)}
        for line in errand.lines:
            if line.fewer is not None:
                typed[f"units_{line.key}"] = str(line.fewer)
                typed |= {f"grams_{line.key}": f"{line.grams} g"} if line.grams else {}
        return self.browser.send(counter.form, TICK, lines=keys, means=means, **typed)

    def sees(self, page: Page, errand: Errand) -> str:
        """How the page that a button led to opens: "success", or "info" when it was noted already."""
        self._noted += 1
        if self._noted % self.list_every:
            after = self.browser.get(self.order_path(errand.visit), OPEN)
        else:
            after = self.browser.follow(page, LIST)
        found = _FLASH.search(after.html)
        return found[1] if found else ""

    def pays(self, page: Page, errand: Errand, means: str, amount: int) -> None:
        """With the form that notes a payment alone."""
        form = page.form("/payer/")
        if form is None:
            raise SiteError(f"{errand.what}: no way to note its payment alone")
        sent = self.browser.send(form, PAY, means=means, amount=typed_amount(amount, errand.dice))
        self.notes.same(f"{errand.what}: its payment is noted", self.sees(sent, errand), "success")
        errand.note_paid(means, amount)

    def takes_back(self, errand: Errand) -> Page:
        """Put a mistake right; the order's page afterwards."""
        page = self.browser.get(self.order_path(errand.visit), OPEN)
        form = page.form("/reprendre/")
        if form is None:
            raise SiteError(f"{errand.what}: no way to take it back")
        reason = errand.dice.choice(form.choices["reason"])
        after = self.browser.follow(self.browser.send(form, TAKE_BACK, reason=reason), OPEN)
        errand.note_taken_back()
        return after

    def mistypes(self, counter: Counter, errand: Errand) -> None:
        """Too much, letters, nothing ticked: each is refused with its sentence."""
        keys = [line.key for line in counter.lines]
        if not keys:
            return  # all of it was taken off before
        means, most = next(iter(counter.means), ""), max(counter.most, errand.ticket.cents)
        wrongs: tuple[tuple[str, int, list[str], str], ...] = (
            ("paid too much", 409, keys, typed_amount(most + 1, errand.dice)),
            ("price mistyped", 422, keys, "douze"),
            ("nothing ticked", 422, [], typed_amount(errand.ticket.cents, errand.dice)),
        )
        for name, status, lines, amount in wrongs[2 if errand.online else 0 :]:
            page = self.browser.send(counter.form, "stall mistypes", status, lines=lines, means=means, amount=amount)
            self._expect(name, page.sentences, errand.what)

    def searches_in_vain(self, counter: Counter, stranger: Visit) -> None:
        """The ticket of somebody who ordered nothing here: not found, and its pages do not exist."""
        page = self.browser.get(self.search(self.browser.site + stranger.tickets[0]), "stall searches")
        found = _NOTHING_FOUND.search(page.html)
        what = f"{self.path} and order {stranger.ticket_number}"
        self._expect("nothing for this stall", [text(found[1])] if found else [], what)
        order = self.order_path(stranger)
        self.browser.get(order, "stall mistypes", 404)
        self.browser.post(f"{order}remettre/", {**counter.form.fields, "means": ""}, "stall mistypes", 404)

    def _expect(self, name: str, said: list[str], what: str) -> None:
        if name in refusals_in(said):
            self.notes.refuse(name)
        else:
            self.notes.differ(f"{what}: refused ({name}) without its sentence: {said}")


@cache
def paid_by_card() -> tuple[str, ...]:
    """What the page says of an order for which the stall takes nothing, in the language of the site."""
    with in_town_language():
        said = (
            _("Reserved on the resident’s card: there is nothing to take."),
            _("Paid by card on the site: there is nothing to take."),
        )
        return tuple(" ".join(one.split()) for one in said)


def typed_amount(amount: int, dice: Random) -> str:
    """Cents as one types them: "12,50", "12.50", "12,50 €"."""
    comma, currency = dice.choice(",,."), dice.choice(("", "", " €"))
    return f"{amount // 100}{comma}{amount % 100:02d}{currency}"


def _title(label: str, errand: Errand) -> str:
    """Of "1,5 kg Carottes", without the quantity."""
    return max((title for title in errand.ticket.titles if label.endswith(title)), key=len, default=label)
