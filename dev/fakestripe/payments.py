"""PaymentIntents and their charges: authorised, then captured or released."""

import stripe

from dev.fakestripe.books import EUROS, SMALLEST_PAYMENT, Books, metadata, new_id
from dev.fakestripe.call import Call
from dev.fakestripe.lists import page
from dev.fakestripe.refusals import Json, RefusalError

HOLD = (
    7 * 24 * 3600
)  # seconds for which a card holds the money, docs.stripe.com/payments/place-a-hold-on-a-payment-method
CANCELABLE = ("requires_payment_method", "requires_capture", "requires_confirmation", "requires_action")


def retrieve(call: Call) -> Json:
    return call.books.get("payment_intent", call.ids[0], "intent")


def search(call: Call) -> Json:
    return page(call.books.where("payment_intent"), call, "/v1/payment_intents")


def retrieve_charge(call: Call) -> Json:
    return call.books.get("charge", call.ids[0], "charge")


def create(books: Books, amount: int, plan: Json) -> Json:
    """A PaymentIntent of so many cents that waits for a card, from a session's `payment_intent_data`."""
    intent = books.add(
        "payment_intent", stripe.PaymentIntent, amount=amount, amount_capturable=0, amount_received=0, livemode=False,
        capture_method=plan.get("capture_method", "automatic_async"), confirmation_method="automatic", currency=EUROS,
        payment_method_types=["card"], payment_method_options={}, status="requires_payment_method",
        amount_details={"tip": {}}, **{name: plan.get(name) for name in _COPIED}, metadata=plan["metadata"],
    )  # fmt: skip
    intent["client_secret"] = f"{intent['id']}_secret_{new_id('x')[2:]}"
    books.emit("payment_intent.created", intent)
    return intent


_COPIED = ("description", "transfer_group", "statement_descriptor_suffix")


def authorise(books: Books, intent: Json, card: Json) -> None:
    """The bank agreed: the money is held, or taken at once where the capture is automatic."""
    manual = intent["capture_method"] == "manual"
    before = books.clock.now() + HOLD if manual else None
    if before:
        books.alarm(before, intent)
    charge = add_charge(books, intent, {**card, "capture_before": before, "amount_authorized": intent["amount"]})
    charge.update(paid=True, status="succeeded", outcome=_outcome("authorized", "approved_by_network", None))
    intent.update(
        status="requires_capture", latest_charge=charge["id"], last_payment_error=None, next_action=None,
        amount_capturable=intent["amount"], payment_method=charge["payment_method"],
    )  # fmt: skip
    books.emit("charge.succeeded", charge)
    if manual:
        books.emit("payment_intent.amount_capturable_updated", intent)
    else:
        _take(books, intent, charge, intent["amount"])


def add_charge(books: Books, intent: Json, card: Json) -> Json:
    return books.add(
        "charge", stripe.Charge, amount=intent["amount"], amount_captured=0, amount_refunded=0, captured=False,
        currency=EUROS, disputed=False, livemode=False, paid=False, refunded=False, status="failed",
        payment_intent=intent["id"], payment_method=new_id("pm"), metadata=dict(intent["metadata"]), fraud_details={},
        billing_details={"address": None, "email": None, "name": None, "phone": None, "tax_id": None},
        payment_method_details={"type": "card", "card": card}, **{name: intent[name] for name in _COPIED},
    )  # fmt: skip


def refuse(books: Books, intent: Json, card: Json, error: Json) -> None:
    """The bank declined, or the holder did not prove who they are: the PaymentIntent waits for another card."""
    if error["code"] == "card_declined":
        charge = add_charge(books, intent, card)
        charge.update(failure_code=error["code"], failure_message=error["message"])
        charge["outcome"] = _outcome("issuer_declined", "declined_by_network", error["decline_code"])
        error = {**error, "charge": charge["id"]}
        intent["latest_charge"] = charge["id"]
        books.emit("charge.failed", charge)
    intent.update(status="requires_payment_method", last_payment_error=error, next_action=None)
    books.emit("payment_intent.payment_failed", intent)


def _outcome(kind: str, network: str, reason: str | None) -> Json:
    empty = {"advice_code": None, "network_advice_code": None, "network_decline_code": None, "rule": None}
    scores = {"risk_level": "normal", "risk_score": 12, "seller_message": None}
    return {**empty, **scores, "type": kind, "network_status": network, "reason": reason}


def capture(call: Call) -> Json:
    """POST /v1/payment_intents/{id}/capture: all or a part, once; the rest is released, without a Refund."""
    books, intent = call.books, retrieve(call)
    if intent["status"] != "requires_capture":
        raise RefusalError(
            f"This PaymentIntent could not be captured because it has a status of {intent['status']}. "
            "Only a PaymentIntent with one of the following statuses may be captured: requires_capture.",
            code="payment_intent_unexpected_state",
        ).about(payment_intent=intent)
    asked = call.body.get("amount_to_capture")
    amount: int = intent["amount_capturable"] if asked is None else asked
    if amount > intent["amount_capturable"]:
        raise RefusalError(
            "The amount to capture is greater than the remaining amount you can capture.",
            code="amount_too_large", param="amount_to_capture",
        )  # fmt: skip
    if amount < SMALLEST_PAYMENT:
        message = "Amount must be at least €0.50 eur"
        code = "amount_too_small" if amount > 0 else "parameter_invalid_integer"
        raise RefusalError(message, code=code, param="amount_to_capture")
    intent["metadata"] = metadata(call.body, intent["metadata"])
    _take(books, intent, books.get("charge", intent["latest_charge"]), amount)
    return intent


def _take(books: Books, intent: Json, charge: Json, amount: int) -> None:
    charge.update(captured=True, amount_captured=amount)
    if books.released_is_refunded:
        charge["amount_refunded"] = charge["amount"] - amount
    charge["balance_transaction"] = _entry(books, charge)["id"]
    charge["payment_method_details"]["card"]["capture_before"] = None
    intent.update(status="succeeded", amount_capturable=0, amount_received=amount)
    for session in books.where("checkout.session", payment_intent=intent["id"]):
        session["payment_status"] = "paid"
    if intent["capture_method"] == "manual":
        books.emit("charge.captured", charge)
    books.emit("payment_intent.succeeded", intent)


def _entry(books: Books, charge: Json) -> Json:
    """The booking of a captured charge, with Stripe's fee for a European card: 1.5 % and 25 cents."""
    amount = charge["amount_captured"]
    fee = (amount * 15 + 500) // 1000 + 25
    detail = {"amount": fee, "application": None, "currency": EUROS, "description": "Fees", "type": "stripe_fee"}
    return books.add(
        "balance_transaction", stripe.BalanceTransaction, amount=amount, fee=fee, net=amount - fee, currency=EUROS,
        available_on=books.clock.now() + HOLD, balance_type="payments", fee_details=[detail], status="pending",
        reporting_category="charge", type="charge", source=charge["id"],
    )  # fmt: skip


def cancel(call: Call) -> Json:
    """POST /v1/payment_intents/{id}/cancel."""
    books, intent = call.books, retrieve(call)
    if books.where("checkout.session", payment_intent=intent["id"], status="open"):
        message = "You cannot cancel the PaymentIntent for a Checkout Session. Expire the Checkout Session instead."
        raise RefusalError(message, code="payment_intent_unexpected_state").about(payment_intent=intent)
    if intent["status"] not in CANCELABLE:
        raise RefusalError(
            f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}. "
            f"Only a PaymentIntent with one of the following statuses may be canceled: {', '.join(CANCELABLE)}.",
            code="payment_intent_unexpected_state",
        ).about(payment_intent=intent)
    release(books, intent, call.body.get("cancellation_reason"))
    return intent


def release(books: Books, intent: Json, reason: str | None) -> None:
    """Ends a PaymentIntent that took nothing; what a card held is free again."""
    held = intent["status"] == "requires_capture"
    intent.update(status="canceled", canceled_at=books.clock.now(), cancellation_reason=reason, amount_capturable=0)
    if held:
        charge = books.get("charge", intent["latest_charge"])
        charge["payment_method_details"]["card"]["capture_before"] = None
        if books.released_is_refunded:
            charge.update(refunded=True, amount_refunded=charge["amount"])
        if reason == "automatic":
            books.emit("charge.expired", charge)
    books.emit("payment_intent.canceled", intent)
