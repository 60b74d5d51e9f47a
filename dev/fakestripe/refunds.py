"""Refunds: captured money that goes back to the card."""

import stripe

from dev.fakestripe.books import EUROS, Books, metadata
from dev.fakestripe.call import Call
from dev.fakestripe.lists import page
from dev.fakestripe.reader import absent
from dev.fakestripe.refusals import Json, RefusalError


def create(call: Call) -> Json:
    """POST /v1/refunds. Raises RefusalError (400) beyond what was captured and not refunded yet."""
    books, body = call.books, call.body
    charge = _charge(books, body)
    if any(dispute["status"] != "won" for dispute in books.where("dispute", charge=charge["id"])):
        message = f"Charge {charge['id']} has been charged back; cannot issue a refund."
        raise RefusalError(message, code="charge_disputed")
    left = charge["amount_captured"] - refunded(books, charge)
    if left == 0:
        message = f"Charge {charge['id']} has already been refunded."
        raise RefusalError(message, code="charge_already_refunded")
    amount = body.get("amount", left)
    if amount < 1:
        raise RefusalError("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    if amount > left:
        message = f"Refund amount ({amount} cents) is greater than unrefunded amount on charge ({left} cents)"
        raise RefusalError(message, code="amount_too_large", param="amount")
    refund = books.add(
        "refund", stripe.Refund, amount=amount, currency=EUROS, charge=charge["id"], metadata=metadata(body),
        payment_intent=charge["payment_intent"], reason=body.get("reason"), status="succeeded",
        destination_details={"type": "card", "card": {"reference_status": "pending", "type": "refund"}},
    )  # fmt: skip
    books.emit("refund.created", refund)
    _sum_up(books, charge)
    return refund


def _charge(books: Books, body: Json) -> Json:
    """The captured charge that is meant."""
    if ("payment_intent" in body) == ("charge" in body):
        if "charge" in body:
            message = "You may only specify one of these parameters: charge, payment_intent."
            raise RefusalError(message, code="parameters_exclusive", param="charge")
        raise absent("payment_intent")
    if "charge" in body:
        charge = books.named("charge", body, "charge")
    else:
        intent = books.named("payment_intent", body, "payment_intent")
        found = books.rows["charge"].get(intent["latest_charge"])
        if found is None or not found["captured"]:
            raise RefusalError(
                f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.",
                param="payment_intent",
            ).about(payment_intent=intent)
        charge = found
    if not charge["captured"]:
        raise RefusalError(f"Charge {charge['id']} is not captured.", code="charge_not_refundable", param="charge")
    return charge


def refunded(books: Books, charge: Json) -> int:
    """Cents."""
    return sum(refund["amount"] for refund in books.where("refund", charge=charge["id"], status="succeeded"))


def _sum_up(books: Books, charge: Json) -> None:
    released = charge["amount"] - charge["amount_captured"] if books.released_is_refunded else 0
    total = refunded(books, charge)
    charge.update(amount_refunded=total + released, refunded=total == charge["amount_captured"])
    books.emit("charge.refunded", charge)


def retrieve(call: Call) -> Json:
    return call.books.get("refund", call.ids[0], "refund")


def search(call: Call) -> Json:
    asked = {name: call.body[name] for name in ("charge", "payment_intent") if name in call.body}
    return page(call.books.where("refund", **asked), call, "/v1/refunds")


def fail(books: Books, refund_id: str) -> Json:
    """The bank sends a refund back, as one does to an account that was closed."""
    refund = books.get("refund", refund_id)
    refund.update(status="failed", failure_reason="expired_or_canceled_card")
    _sum_up(books, books.get("charge", refund["charge"]))
    books.emit("refund.updated", refund, previous={"status": "succeeded"})
    books.emit("refund.failed", refund)
    return refund
