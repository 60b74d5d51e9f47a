"""A resident among the stalls: what is wanted, what is left of it, and what the basket then holds."""

from __future__ import annotations

import json
import re
from random import Random

from dev.rehearsal.client import JSON, Browser, SiteError
from dev.rehearsal.market import Goods
from dev.rehearsal.notes import Notes
from dev.rehearsal.pages import Page
from dev.rehearsal.people import BAD_QUANTITIES, HUGE_QUANTITIES, Resident
from dev.rehearsal.refusals import refusals_in

_ADD = re.compile(r"/panier/(\d+)/$")
TRIES = 4  # for one line of the basket


class OrdersClosed(Exception):  # noqa: N818  (it must come to this)
    """The window has closed meanwhile, and the site has said so."""


class Shopper:
    """The part of a resident that fills a basket."""

    def __init__(self, resident: Resident, browser: Browser, goods: Goods, notes: Notes) -> None:
        self.resident, self.browser, self.goods, self.notes = resident, browser, goods, notes
        self.dice: Random = resident.dice
        self.left: dict[int, int] = {}  # what the day's page offers: the most that its field takes, by listing
        self.day_path = ""

    def come_in(self) -> None:
        """Home, then the market day."""
        home = self.browser.get("/", "home")
        ending = f"/{self.goods.path}/"
        self.day_path = next((link for link in home.links if link.endswith(ending)), "")
        if not self.day_path:
            raise OrdersClosed
        self.look()

    def look(self) -> None:
        page = self.browser.get(self.day_path, "day")
        self.left = {
            int(found[1]): form.limits.get("q", 99) for form in page.forms if (found := _ADD.search(form.action))
        }
        if not self.left:
            raise OrdersClosed

    def fill(self, lines: int) -> None:
        """Put so many products of a few stalls into the basket."""
        stalls = [offered for stall in self.goods.stalls if (offered := stall & self.left.keys())]
        chosen = self.dice.sample(stalls, min(self.resident.producers, len(stalls)))
        wanted = sorted(set().union(*chosen))
        self.dice.shuffle(wanted)
        if self.resident.mistypes_quantity and wanted:
            self._mistype(wanted[0])
        for listing in wanted[:lines]:
            self._add(listing, self._quantity())

    def _quantity(self) -> int:
        """Mostly one or two; now and then for a whole family feast."""
        if self.dice.random() < 0.06:
            return self.dice.randint(8, 25)
        return self.dice.choice((1, 1, 1, 1, 2, 2, 3))

    def _mistype(self, listing: int) -> None:
        bad = self.dice.choice(BAD_QUANTITIES)
        page = self.browser.post(f"/panier/{listing}/", {"q": bad}, "add to basket")
        names = self._told(page)
        expected = {"no quantity", "orders closed"}
        if bad in HUGE_QUANTITIES:
            expected |= {"too few left", "sold out"}
        if not expected & set(names):
            self.notes.differ(f"resident {self.resident.number}: quantity {bad!r} was not refused with its sentence")

    def _add(self, listing: int, quantity: int) -> None:
        """With what is left when there is less, with something else when there is nothing."""
        for _try in range(TRIES):
            refusals = self._put(listing, quantity)
            if not refusals:
                return
            if "orders closed" in refusals:
                raise OrdersClosed
            self.look()
            if listing in self.left:
                quantity = min(quantity, self.left[listing])
            else:
                listing, quantity = self.dice.choice(sorted(self.left)), 1

    def _put(self, listing: int, quantity: int) -> list[str]:
        """Set a line; why not, when it is refused."""
        path, fields = f"/panier/{listing}/", {"q": str(quantity)}
        if self.resident.has_script:
            answer = self.browser.post(path, fields, "add to basket", 200, 409, accept=JSON)
            return [] if answer.status == 200 else self._named([json.loads(answer.content)["message"]])
        page = self.browser.post(path, fields, "add to basket")
        return self._told(page)

    def _told(self, page: Page) -> list[str]:
        """What is said on the page that a refused line leads back to, counted."""
        return self._named(self.browser.follow(page, "day").errors)

    def _named(self, said: list[str]) -> list[str]:
        names = refusals_in(said)
        if said and not names:
            self.notes.differ(f"resident {self.resident.number}: refused in unknown words: {said}")
        self.notes.refuse(*names)
        return names

    def basket(self) -> dict[int, int]:
        """What the basket's page holds; what ran out is taken as it is left."""
        page = self.browser.get("/panier/", "basket")
        if names := refusals_in(page.sentences):
            self.notes.refuse(*names)
            page = self.fit(page)
        fields = [(found, form.fields) for form in page.forms if (found := _ADD.search(form.action))]
        return {int(found[1]): int(typed["q"]) for found, typed in fields if "q" in typed}  # else a button of its own

    def fit(self, page: Page) -> Page:
        """“Take what is left”, wherever it is offered."""
        form = page.form("/ajuster/")
        if form is None:
            raise SiteError(f"{page.path}: refused, and no way to take what is left: {page.sentences}")
        self.notes.count("baskets fitted to what was left")
        return self.browser.follow(self.browser.send(form, "take what is left"), "basket")
