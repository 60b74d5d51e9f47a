"""The customer's side of a payment: a test card is tried on a session."""

from dataclasses import dataclass

from dev.fakestripe import payments
from dev.fakestripe.books import Books
from dev.fakestripe.refusals import Json, RefusalError


@dataclass(frozen=True)
class Card:
    """One of docs.stripe.com/testing, with what the page says of it."""

    number: str
    label: str
    decline: str = ""
    challenge: bool = False

    @property
    def details(self) -> Json:
        """`payment_method_details.card`."""
        return {
            "brand": "visa", "country": "FR", "exp_month": 12, "exp_year": 2034, "funding": "credit", "network": "visa",
            "last4": self.number[-4:], "fingerprint": f"fake{self.number[-4:]}", "installments": None, "mandate": None,
            "wallet": None, "three_d_secure": None, "amount_authorized": None, "capture_before": None,
            "authorization_code": None, "network_token": {"used": False}, "regulated_status": "unregulated",
            "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
            "extended_authorization": {"status": "disabled"}, "incremental_authorization": {"status": "unavailable"},
            "multicapture": {"status": "unavailable"},
        }  # fmt: skip


CARDS = {
    card.number: card
    for card in (
        Card("4242424242424242", "acceptée"),
        Card("4000000000000002", "refusée par la banque", decline="generic_decline"),
        Card("4000000000009995", "provision insuffisante", decline="insufficient_funds"),
        Card("4000002500003155", "demande une authentification 3-D Secure", challenge=True),
    )
}
_MESSAGES = {
    "generic_decline": "Your card was declined.",
    "insufficient_funds": "Your card has insufficient funds.",
}
_UNAUTHENTICATED = (
    "We are unable to authenticate your payment method. Please choose a different payment method and try again."
)


def pay(books: Books, session_id: str, number: str, *, authenticated: bool | None = None) -> Json:
    """Tries a card on an open session; returns its PaymentIntent, whose status tells the outcome.

    `authenticated` answers the bank's 3-D Secure question; while it is None, such a card leaves `requires_action`.
    Raises RefusalError for a session that is not open and a card that is not in CARDS.
    """
    session = books.get("checkout.session", session_id)
    if session["status"] != "open":
        raise RefusalError(f"This Checkout Session has a status of `{session['status']}`.")
    if number not in CARDS:
        raise RefusalError("Your card number is incorrect.", code="incorrect_number", status=402, kind="card_error")
    card, intent = CARDS[number], _intent(books, session)
    if card.decline:
        payments.refuse(books, intent, card.details, _error("card_declined", _MESSAGES[card.decline], card.decline))
    elif card.challenge and authenticated is None:
        intent.update(status="requires_action", next_action={"type": "use_stripe_sdk", "use_stripe_sdk": {}})
        books.emit("payment_intent.requires_action", intent)
    elif card.challenge and not authenticated:
        error = _error("payment_intent_authentication_failure", _UNAUTHENTICATED)
        payments.refuse(books, intent, card.details, error)
    else:
        _complete(books, session, intent, card)
    return intent


def _complete(books: Books, session: Json, intent: Json, card: Card) -> None:
    proof = {"authentication_flow": "challenge", "result": "authenticated", "version": "2.2.0"}
    payments.authorise(books, intent, {**card.details, "three_d_secure": proof if card.challenge else None})
    session.update(status="complete", url=None, payment_status="paid" if intent["amount_received"] else "unpaid")
    books.emit("checkout.session.completed", session)


def _intent(books: Books, session: Json) -> Json:
    """The session's PaymentIntent, made at the first attempt and kept for the next ones."""
    if session["payment_intent"] is None:
        intent = payments.create(books, session["amount_total"], books.plans[session["id"]]["intent"])
        session["payment_intent"] = intent["id"]
    return books.get("payment_intent", session["payment_intent"])


def _error(code: str, message: str, decline: str | None = None) -> Json:
    """`last_payment_error`."""
    return {
        "type": "card_error", "code": code, "decline_code": decline, "message": message,
        "doc_url": f"https://docs.stripe.com/error-codes/{code.replace('_', '-')}",
    }  # fmt: skip
