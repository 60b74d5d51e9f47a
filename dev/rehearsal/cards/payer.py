"""A resident at the choice how to pay, on Stripe's page, and back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from dev.rehearsal.cards.deeds import CardPayment
from dev.rehearsal.cards.stripe import Stripe
from dev.rehearsal.cards.ways import Way
from dev.rehearsal.client import Browser, SiteError
from dev.rehearsal.manager import cents
from dev.rehearsal.notes import Notes
from dev.rehearsal.pages import Form, Page, text

if TYPE_CHECKING:
    from dev.rehearsal.market import Visit

ACCEPTED, DECLINED, SECURE = "4242424242424242", "4000000000000002", "4000002500003155"
PAGE, PAY, BACK, OURS = "Stripe’s page", "pays at Stripe", "comes back from Stripe", "page of the payment"
FAULTS = 3  # as often as one call tries
_TOTAL = re.compile(r"Total.{1,9}<strong>(.*?)</strong>", re.DOTALL)
_BACK = re.compile(r'id="back" href="([^"]*)"')


class Payer:
    """`site` and `there` are the resident's browser, at ours and at Stripe's. Call `chooses`, then `pays`."""

    def __init__(self, way: Way, site: Browser, there: Browser, stripe: Stripe, notes: Notes) -> None:
        self.payment = CardPayment(way)
        self.site, self.there, self.stripe, self.notes = site, there, stripe, notes
        self._page = ""  # at Stripe's
        self._ours = ""  # /billet/<code>/paiement/

    def chooses(self, button: Form) -> dict[str, str]:
        """What is sent with the button. Where nothing can be paid by card there is no choice."""
        if "pay" not in button.choices:
            return {}
        if self.payment.way is Way.STALLS:
            return {"pay": "stall"}
        self.payment.shown = int(button.fields["card"])
        return {"pay": "card"}

    def pays(self, address: str, visit: Visit) -> str:
        """From the redirection to Stripe's page; returns how it ended."""
        self._page = self.stripe.path(address)
        self.payment.session = self._page.rpartition("/")[2]
        self._look(visit)
        visit.tickets.append(self._ours.removesuffix("paiement/"))
        return {
            Way.SECURE: self._secure, Way.DECLINED: self._with_another_card, Way.CLOSES: self._and_close,
            Way.RETURNS: self._return, Way.CANCELS_AND_PAYS: self._cancel_and_pay, Way.LEAVES: self._leave,
            Way.GIVES_UP: self._give_up, Way.CANCELS: self._cancel, Way.PREFERS_STALLS: self._prefer_stalls,
        }.get(self.payment.way, self._pay)(visit)  # fmt: skip

    def _look(self, visit: Visit) -> None:
        """The amount is the one that was shown, and there is a way back to the order."""
        page = self.there.get(self._page, PAGE)
        total, back = _TOTAL.search(page.html), _BACK.search(page.html)
        if not (total and back):
            raise SiteError(f"{self._page}: no amount, or no way back")
        what = f"resident {visit.number}: the amount on Stripe’s page"
        self.notes.same(what, cents(text(total[1])), self.payment.shown)
        self._ours = urlsplit(back[1]).path

    # --- Each way ---------------------------------------------------------------------------------

    def _pay(self, visit: Visit) -> str:
        return self._come_back(self.there.post(f"{self._page}/pay", {"card": ACCEPTED}, PAY, 303), visit)

    def _secure(self, visit: Visit) -> str:
        asked = self.there.post(f"{self._page}/pay", {"card": SECURE}, PAY, 200)
        form = asked.form("/accept")
        if form is None:
            raise SiteError(f"{self._page}: 3-D Secure asks nothing")
        return self._come_back(self.there.send(form, PAY, 303), visit)

    def _with_another_card(self, visit: Visit) -> str:
        self.there.post(f"{self._page}/pay", {"card": DECLINED}, PAY, 402)
        return self._pay(visit)

    def _and_close(self, visit: Visit) -> str:
        """Nothing brings this resident back: the site hears of it from Stripe alone."""
        self.there.post(f"{self._page}/pay-and-close", {"card": ACCEPTED}, PAY, 200)
        self.payment.held = self.payment.waits = True
        return "paid and closed the tab"

    def _return(self, visit: Visit) -> str:
        """Back, and once more to the same page."""
        form = self._our_form("/payer/")
        again = self.site.send(form, OURS, 303)
        self.notes.same(f"resident {visit.number}: the same page again", self.stripe.path(again.location), self._page)
        return self._pay(visit)

    def _cancel_and_pay(self, visit: Visit) -> str:
        """Stripe's page could not be closed in time: nothing is taken for an order that is cancelled all the same."""
        expire = f"/{self.payment.session}/expire"
        self.stripe.tell("fault", kind="error", method="POST", path=expire, times=FAULTS)
        self._cancel(visit)
        after = self.there.post(f"{self._page}/pay", {"card": ACCEPTED}, PAY, 303, 410)
        self.payment.held = after.status == 303
        self.notes.count("paid after cancelling" if self.payment.held else "too late to pay after cancelling")
        if self.payment.held:
            self.site.follow(self.site.get(_path(after.location), BACK, 302), BACK)
        return "cancelled before paying"

    def _leave(self, visit: Visit) -> str:
        self.payment.waits = True
        return "did not pay"

    def _give_up(self, visit: Visit) -> str:
        self.there.post(f"{self._page}/pay", {"card": DECLINED}, PAY, 402)
        return self._leave(visit)

    def _cancel(self, visit: Visit) -> str:
        page = self.site.follow(self.site.send(self._our_form("/annuler/"), "cancel"), "ticket")
        visit.cancelled = "is-void" in page.html
        self.notes.same(f"resident {visit.number}: cancelled instead of paying", visit.cancelled, True)
        return "cancelled before paying"

    def _prefer_stalls(self, visit: Visit) -> str:
        page = self.site.send(self._our_form("/sur-place/"), OURS, 302)
        self.notes.same(f"resident {visit.number}: at the stalls after all", page.location, visit.tickets[0])
        self.payment.at_stalls = True
        return "ordered"

    # --- Back at ours -----------------------------------------------------------------------------

    def _our_form(self, ending: str) -> Form:
        form = self.site.get(self._ours, OURS).form(ending)
        if form is None:
            raise SiteError(f"{self._ours}: no form {ending}")
        return form

    def _come_back(self, page: Page, visit: Visit) -> str:
        """Stripe leads back to our page, which asks Stripe and leads on to the ticket."""
        self.payment.held = True
        back = self.site.get(_path(page.location), BACK, 302)
        self.notes.same(f"resident {visit.number}: paid, and led to the ticket", back.location, visit.tickets[0])
        return "ordered"


def _path(address: str) -> str:
    """Path and query of an address of ours."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
