"""The requests of a browser: the payment page and the questions to a producer."""

import re
from dataclasses import dataclass
from html import escape
from urllib.parse import parse_qsl

from dev.fakestripe import accounts, cards, page
from dev.fakestripe.books import Books
from dev.fakestripe.refusals import Json, RefusalError


@dataclass(frozen=True)
class Shown:
    """A page, or a redirection when there is a location."""

    status: int = 200
    html: str = ""
    location: str = ""


class Pages:
    def __init__(self, books: Books) -> None:
        self.books = books

    def answer(self, method: str, path: str, form: str) -> Shown:
        fields = dict(parse_qsl(form))
        with self.books.lock:
            try:
                if match := re.fullmatch(r"/c/pay/(\w+)(?:/([a-z-]+))?", path):
                    return self._payment(method, match[1], match[2] or "", fields)
                if match := re.fullmatch(r"/setup/e/(\w+)(?:/([a-z]+))?", path):
                    return self._onboarding(method, match[1], match[2] or "")
            except RefusalError as refusal:
                return Shown(refusal.status, page.layout("Erreur", f"<p>{escape(str(refusal))}</p>"))
        return Shown(404, page.layout("Page introuvable", ""))

    def _payment(self, method: str, session_id: str, step: str, fields: dict[str, str]) -> Shown:
        session = self.books.get("checkout.session", session_id)
        if session["status"] != "open":
            return Shown(410, page.over())
        if method == "GET" and not step:
            return Shown(html=self._form(session))
        answers: dict[str, bool | None] = {"pay": None, "pay-and-close": None, "accept": True, "refuse": False}
        if method != "POST" or step not in answers:
            return Shown(405, page.layout("Méthode non permise", ""))
        closing = step == "pay-and-close" or fields.get("closing") == "yes"
        intent = cards.pay(self.books, session_id, fields.get("card", ""), authenticated=answers[step])
        return self._after(session, intent, fields["card"], closing)

    def _after(self, session: Json, intent: Json, number: str, closing: bool) -> Shown:
        if intent["status"] == "requires_action":
            return Shown(html=page.challenge(session, number, closing))
        if session["status"] == "open":
            error = intent["last_payment_error"]
            return Shown(402, self._form(session, page.MESSAGES[error["decline_code"] or error["code"]]))
        if closing:
            return Shown(html=page.closed())
        return Shown(303, location=session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"]))

    def _form(self, session: Json, message: str = "") -> str:
        return page.payment(session, self.books.plans[session["id"]]["lines"], message)

    def _onboarding(self, method: str, secret: str, step: str) -> Shown:
        link = self.books.plans.get(secret)
        if link is None:
            return Shown(404, page.layout("Page introuvable", ""))
        if link["expires_at"] <= self.books.clock.now():
            return Shown(303, location=link["refresh_url"])
        if method == "GET" and not step:
            return Shown(html=page.onboarding(secret))
        if method != "POST" or step not in ("finish", "submit", "leave"):
            return Shown(405, page.layout("Méthode non permise", ""))
        link["expires_at"] = 0  # each link serves once
        if step != "leave":
            accounts.become(self.books, link["account"], "active" if step == "finish" else "pending", [])
        return Shown(303, location=link["return_url"])
