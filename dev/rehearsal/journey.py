"""One resident's whole way, from the home page to the ticket, through whatever is refused."""

from __future__ import annotations

import re
import threading

from dev.rehearsal.baskets import OrdersClosed, Shopper
from dev.rehearsal.cards.payer import Payer
from dev.rehearsal.client import Browser, SiteError, Stopped
from dev.rehearsal.manager import cents
from dev.rehearsal.market import Doors, Goods, Visit
from dev.rehearsal.notes import Notes
from dev.rehearsal.pages import Form, Page
from dev.rehearsal.people import Resident
from dev.rehearsal.refusals import refusals_in

ROUNDS = 12  # presses of the button before a resident gives up
PATIENCE = 3  # times that a resident comes back to a full day
_TOTAL = re.compile(r'<p class="total total--big"><span>.*?</span><span>(.*?)</span>')
_TICKET_NUMBER = re.compile(r'class="ticket__no">\s*<small>[^<]*</small>\s*(\d+)')


class Journey:
    """Call `go` once; `visit` tells what became of it. `payer`: where cards are taken."""

    def __init__(
        self, resident: Resident, browser: Browser, goods: Goods, doors: Doors, notes: Notes, payer: Payer | None = None
    ) -> None:
        self.resident, self.browser, self.goods, self.doors, self.notes = resident, browser, goods, doors, notes
        self.shopper = Shopper(resident, browser, goods, notes)
        self.dice = resident.dice
        self.visit = Visit(resident.number, resident.name, card=payer.payment if payer else None)
        self.payer = payer
        self.ticket: Page | None = None
        self.order_path = ""  # /commande/<id>/

    def go(self) -> Visit:
        try:
            self.visit.ended = self._go()
        except OrdersClosed:
            self.visit.ended = "came too late"
            if not self.doors.closing.is_set():
                self.notes.differ(f"resident {self.resident.number}: nothing to order, though orders are open")
        except Stopped:
            self.visit.ended = "stopped"
        except SiteError as error:
            self.notes.differ(f"resident {self.resident.number}: {error}")
            self.visit.ended = "lost"
        except Exception as error:  # noqa: BLE001  (one that stumbles must not hide what the others find)
            self.notes.differ(f"resident {self.resident.number}: {type(error).__name__}: {error}")
            self.visit.ended = "lost"
        return self.visit

    def _go(self) -> str:
        self.shopper.come_in()
        self.shopper.fill(self.resident.lines)
        if not self._see_basket():
            return "found nothing"
        if not self._choose_slot():
            return "found no slot"
        ended = self._order()
        if self.visit.has_ticket and not self.visit.waits:
            self.take_ticket()
        can_cancel = self.ticket and not self.visit.cancelled and not self.doors.closing.is_set()
        if self.resident.cancels and can_cancel:
            self.cancel()
        return "cancelled" if self.visit.cancelled else ended

    def _see_basket(self) -> bool:
        """Look at the basket; an empty one is filled again with whatever there is."""
        for _try in range(3):
            self.visit.lines = self.shopper.basket()
            if self.visit.lines:
                return True
            self.shopper.look()
            self.shopper.fill(2)
        return False

    def _choose_slot(self) -> bool:
        """Slot and contact. A slot that fills up meanwhile is replaced by another."""
        page = self.browser.follow(self.browser.get("/commande/", "contact", 302), "contact")
        self.order_path = page.path
        if self.resident.mistypes_contact and not self.visit.slot:
            page = self._mistype(page)
        for _try in range(ROUNDS):
            contact = _contact_form(page)
            if contact is None:
                self.shopper.look()  # where orders have closed meanwhile nothing is offered any more
                raise SiteError(f"{page.path}: no form for slot and contact")
            free = [int(slot) for slot in contact.choices.get("slot", [])]
            if not free:
                return False
            self.visit.slot = self._favourite(free)
            typed = {**self.resident.contact, "slot": str(self.visit.slot)}
            page = self.browser.send(contact, "contact", 302, 422, **typed)
            if page.status == 302:
                return True
            if self._refused(page) != ["slot full"]:
                raise SiteError(f"{page.path}: a contact without mistake is refused: {page.sentences}")
        return False

    def _favourite(self, free: list[int]) -> int:
        """Most people want the same hours; when those are full, the crowd moves on to the next ones."""
        best = [slot for slot in self.goods.popular if slot in free][:2]
        return self.dice.choice(best if self.dice.random() < 0.6 else free)

    def _mistype(self, page: Page) -> Page:
        """A mistake in the contact: it is refused with a sentence, and everything typed is still there."""
        contact = _contact_form(page)
        if contact is None or not contact.choices.get("slot"):
            return page
        typed = {**self.resident.wrong_contact, "slot": contact.choices["slot"][0]}
        refused = self.browser.send(contact, "contact", 302, 422, **typed)
        if refused.status == 302:  # to the basket: orders have closed meanwhile
            return self.browser.follow(refused, "contact")
        if not {"contact mistyped", "slot full"} & set(self._refused(refused)):
            self.notes.differ(f"resident {self.resident.number}: {typed} was refused without its sentence")
        kept = _contact_form(refused)
        lost = [name for name, value in typed.items() if kept and kept.fields.get(name) != value and name != "slot"]
        if lost:
            self.notes.differ(f"resident {self.resident.number}: typed and lost on the error page: {lost}")
        return refused

    def _order(self) -> str:
        """Press the button until there is a ticket or no hope."""
        waits = 0
        for turn in range(ROUNDS):
            button = self._last_look()
            if button is None:
                return "found nothing"
            if turn == 0:
                self._pause()
            page = self._press(button)
            if page.status in (302, 303):
                return self._ordered(page, button)
            names = self._refused(page)
            if "orders closed" in names:
                return "came too late"
            if "day full" in names:
                waits += 1
                if waits > PATIENCE or self.doors.closing.is_set():
                    return "found the day full"
                self.doors.closed.wait(self.dice.uniform(0.5, 2))
            elif not self._adapt(page, names):
                return "found no slot"
        return "gave up"

    def _ordered(self, page: Page, button: Form) -> str:
        """There is an order: the answer leads to its ticket, or to Stripe's page, where it is paid first."""
        if self.resident.posts_again:
            self._post_again(button, page.location)
        if self.payer and page.status == 303:
            return self.payer.pays(page.location, self.visit)
        self.visit.tickets.append(page.location)
        return "ordered"

    def _pause(self) -> None:
        """With the hand above the button; the site does not wait."""
        if self.resident.dawdles:
            self.doors.wait_until_closed()
        elif self.resident.hesitates:
            self.doors.closed.wait(self.dice.uniform(0.2, 1.5))

    def _last_look(self) -> Form | None:
        """The page above the button. When something ran out it has no button: then the basket is put right first."""
        for _try in range(ROUNDS):
            page = self.browser.get(f"{self.order_path}verification/", "verification", 200, 302)
            page = self.browser.follow(page, "verification")  # to the basket, when orders have closed meanwhile
            form = page.form("/confirmer/")
            if form and "shown" in form.fields:
                self.visit.total = _total_above(page)
                return form
            if not self._see_basket():
                return None
        return None

    def _adapt(self, page: Page, names: list[str]) -> bool:
        if {"sold out", "too few left", "no longer offered"} & set(names):
            self.shopper.fit(page)
            self._see_basket()
        if "slot full" in names:
            return self._choose_slot()
        return True  # a new price is looked at, and accepted

    def _press(self, button: Form) -> Page:
        """Order. An impatient finger presses twice: both answers must lead to the same ticket."""
        if not self.resident.clicks_twice:
            return self.browser.send(button, "place", 302, 303, 409, **self._choice(button))
        self.notes.count("double clicks")
        answers: list[Page | Exception] = []
        second = threading.Thread(target=self._press_once, args=(button, answers))
        second.start()
        self._press_once(button, answers)
        second.join()
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
        pages = [answer for answer in answers if isinstance(answer, Page)]
        ordered = [page for page in pages if page.status in (302, 303)]
        if len({page.location for page in ordered}) > 1:
            self.notes.differ(f"resident {self.resident.number}: a double click gave two tickets")
        return (ordered or pages)[0]

    def _press_once(self, button: Form, answers: list[Page | Exception]) -> None:
        try:
            answers.append(self.browser.send(button, "place", 302, 303, 409, **self._choice(button)))
        except (SiteError, Stopped) as error:
            answers.append(error)

    def _choice(self, button: Form) -> dict[str, str]:
        return self.payer.chooses(button) if self.payer else {}

    def _post_again(self, button: Form, before: str) -> None:
        """The same request once more, as a browser does after “back” or “reload”."""
        again = self.browser.send(button, "place again", 302, 303, **self._choice(button))
        self.notes.count("orders posted again")
        if again.location != before:
            self.notes.differ(f"resident {self.resident.number}: the same order posted again gave another ticket")

    def take_ticket(self) -> None:
        self.ticket = self.browser.get(self.visit.tickets[0], "ticket")
        found = _TICKET_NUMBER.search(self.ticket.html)
        self.visit.ticket_number = int(found[1]) if found else 0
        if "is-void" not in self.ticket.html and self.dice.random() < 0.05:
            pdf = self.browser.get(f"{self.visit.tickets[0]}billet.pdf", "ticket as PDF")
            if not pdf.content.startswith(b"%PDF"):
                self.notes.differ(f"resident {self.resident.number}: the ticket’s PDF is none")
            self.browser.get(f"{self.visit.tickets[0]}agenda.ics", "ticket for the calendar")

    def cancel(self) -> None:
        """With the ticket's link; after the cutoff it is refused."""
        form = self.ticket and self.ticket.form("/annuler/")
        if not form:
            raise SiteError(f"{self.visit.tickets[0]}: no way to cancel")
        page = self.browser.follow(self.browser.send(form, "cancel"), "ticket")
        self.visit.cancelled = page.form("/annuler/") is None and "is-void" in page.html
        if not self.visit.cancelled:
            self._refused(page)

    def _refused(self, page: Page) -> list[str]:
        """Why, counted. A refusal must say so in its own words."""
        names = refusals_in(page.sentences)
        if not names:
            self.notes.differ(
                f"resident {self.resident.number}: {page.path} refused in unknown words: {page.sentences}"
            )
        self.notes.refuse(*names)
        return names


def _contact_form(page: Page) -> Form | None:
    return next((form for form in page.forms if "phone" in form.fields), None)


def _total_above(page: Page) -> int:
    """The cents of the total that stands above the button."""
    found = _TOTAL.search(page.html)
    return cents(found[1]) if found else 0
