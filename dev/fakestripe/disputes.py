"""Disputes: a bank takes money back until it has decided."""

import stripe

from dev.fakestripe.books import EUROS, Books
from dev.fakestripe.call import Call
from dev.fakestripe.refusals import Json, RefusalError

ANSWER_WITHIN = 14 * 24 * 3600  # seconds


def open_dispute(books: Books, charge_id: str, reason: str = "fraudulent") -> Json:
    """The cardholder contests a captured charge. Raises RefusalError for one that is not, or is disputed already."""
    charge = books.get("charge", charge_id)
    if not charge["captured"] or charge["disputed"]:
        raise RefusalError("Only a captured charge can be disputed, and only once.", param="charge")
    charge["disputed"] = True
    details = {
        "due_by": books.clock.now() + ANSWER_WITHIN, "has_evidence": False, "past_due": False, "submission_count": 0,
        "enhanced_eligibility": {}, "submission_method": "not_submitted",
    }  # fmt: skip
    dispute = books.add(
        "dispute", stripe.Dispute, amount=charge["amount_captured"], charge=charge_id, currency=EUROS, reason=reason,
        balance_transactions=[], enhanced_eligibility_types=[], evidence={"enhanced_evidence": {}}, metadata={},
        evidence_details=details, is_charge_refundable=False, livemode=False, status="needs_response",
        payment_intent=charge["payment_intent"],
    )  # fmt: skip
    books.emit("charge.dispute.created", dispute)
    books.emit("charge.dispute.funds_withdrawn", dispute)
    return dispute


def close(books: Books, dispute_id: str, status: str) -> Json:
    """The bank decided: "won" gives the money back, "lost" does not."""
    dispute = books.get("dispute", dispute_id)
    if status not in ("won", "lost"):
        raise RefusalError("Invalid status: must be one of won, lost", param="status")
    dispute.update(status=status, is_charge_refundable=status == "won")
    if status == "won":
        books.emit("charge.dispute.funds_reinstated", dispute)
    books.emit("charge.dispute.closed", dispute)
    return dispute


def retrieve(call: Call) -> Json:
    return call.books.get("dispute", call.ids[0], "dispute")
