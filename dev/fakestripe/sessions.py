"""Checkout Sessions: the page to which a resident is sent to pay."""

import stripe

from dev.fakestripe.books import EUROS, SMALLEST_PAYMENT, Books, email, metadata
from dev.fakestripe.call import Call
from dev.fakestripe.lists import page
from dev.fakestripe.payments import release
from dev.fakestripe.reader import absent
from dev.fakestripe.refusals import Json, RefusalError

SOONEST, LATEST = 30 * 60, 24 * 3600  # seconds from its making to `expires_at`
MOST_LINES = 100


def create(call: Call) -> Json:
    """POST /v1/checkout/sessions. The PaymentIntent is made when the customer first pays, not here."""
    books, body = call.books, call.body
    if body.get("mode") is None:
        raise absent("mode")
    if body["mode"] != "payment":
        raise RefusalError("This fake only takes payments", code="not_simulated", param="mode")
    if "success_url" not in body:
        raise absent("success_url")
    total = _total(body.get("line_items", []))
    expires_at = _expiry(books, body.get("expires_at"))
    _check_suffix(body.get("payment_intent_data", {}).get("statement_descriptor_suffix"))
    customer_email = email(body.get("customer_email"), "customer_email")
    session = books.add("checkout.session", stripe.checkout.Session, **_fields(body))
    session.update(
        amount_subtotal=total, amount_total=total, expires_at=expires_at, customer_email=customer_email,
        metadata=metadata(body), url=f"{books.origin}/c/pay/{session['id']}",
        customer_details={"email": customer_email} if customer_email else None,
    )  # fmt: skip
    books.alarm(expires_at, session)
    books.plans[session["id"]] = {
        "intent": {"metadata": metadata(body.get("payment_intent_data", {})), **body.get("payment_intent_data", {})},
        "lines": body["line_items"],
    }
    return session


def _fields(body: Json) -> Json:
    """What does not depend on anything but the request, and what Stripe adds to every session."""
    asked = (
        "client_reference_id",
        "locale",
        "submit_type",
        "success_url",
        "cancel_url",
        "allowed_payment_method_types",
    )
    return {
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "currency": EUROS,
        "custom_fields": [],
        "custom_text": {},
        "livemode": False,
        "mode": "payment",
        "payment_method_options": {},
        "payment_method_types": body.get("allowed_payment_method_types", ["card"]),
        "payment_status": "unpaid",
        "shipping_options": [],
        "status": "open",
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        **{name: body.get(name) for name in asked},
    }


def _total(lines: list[Json]) -> int:
    """Cents. Raises RefusalError (400)."""
    if not lines:
        raise absent("line_items")
    if len(lines) > MOST_LINES:
        raise RefusalError(f"A Checkout Session takes at most {MOST_LINES} line items.", param="line_items")
    total = sum(_line(line, f"line_items[{place}]") for place, line in enumerate(lines))
    if total < SMALLEST_PAYMENT:
        message = "The Checkout Session's total amount due must add up to at least €0.50 eur"
        raise RefusalError(message, code="amount_too_small")
    return total


def _line(line: Json, path: str) -> int:
    price = line.get("price_data")
    if price is None:
        raise absent(f"{path}[price_data]")
    for name in ("unit_amount", "product_data"):
        if name not in price:
            raise absent(f"{path}[price_data][{name}]")
    if "quantity" not in line:
        raise absent(f"{path}[quantity]")
    if price["currency"] != EUROS:
        raise RefusalError(f"Invalid currency: {price['currency']}", param=f"{path}[price_data][currency]")
    for name, value, least in (("quantity", line["quantity"], 1), ("price_data][unit_amount", price["unit_amount"], 0)):
        if value < least:
            message = f"This value must be greater than or equal to {least}."
            raise RefusalError(message, code="parameter_invalid_integer", param=f"{path}[{name}]")
    cents: int = line["quantity"] * price["unit_amount"]
    return cents


def _expiry(books: Books, wanted: int | None) -> int:
    now = books.clock.now()
    if wanted is None:
        return now + LATEST
    if wanted < now + SOONEST:
        message = "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation."
        raise RefusalError(message, param="expires_at")
    if wanted > now + LATEST:
        message = "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation."
        raise RefusalError(message, param="expires_at")
    return wanted


def _check_suffix(suffix: str | None) -> None:
    """docs.stripe.com/get-started/account/statement-descriptors."""
    if suffix is None:
        return
    if len(suffix) > 22 or not any(letter.isalpha() for letter in suffix) or set(suffix) & set("<>\\'\"*"):
        message = (
            "The statement descriptor suffix takes up to 22 characters, a letter among them, and none of <>\\'\"*."
        )
        raise RefusalError(message, param="payment_intent_data[statement_descriptor_suffix]")


def retrieve(call: Call) -> Json:
    return call.books.get("checkout.session", call.ids[0], "session")


def search(call: Call) -> Json:
    asked = {name: call.body[name] for name in ("payment_intent", "status") if name in call.body}
    return page(call.books.where("checkout.session", **asked), call, "/v1/checkout/sessions")


def expire(call: Call) -> Json:
    """POST /v1/checkout/sessions/{id}/expire. Raises RefusalError (400) for one that is complete or expired."""
    session = retrieve(call)
    if session["status"] != "open":
        raise RefusalError(
            'Only Checkout Sessions with a status in ["open"] can be expired. '
            f"This Checkout Session has a status of `{session['status']}`."
        )
    end(call.books, session)
    return session


def end(books: Books, session: Json) -> None:
    """Nobody can pay it any more; a PaymentIntent left from a failed attempt ends with it."""
    session.update(status="expired", url=None)
    books.emit("checkout.session.expired", session)
    if session["payment_intent"]:
        release(books, books.get("payment_intent", session["payment_intent"]), "automatic")
