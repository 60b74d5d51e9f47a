"""Transfers to connected accounts, and their reversals."""

import stripe

from dev.fakestripe.balance import at_account, at_platform
from dev.fakestripe.books import EUROS, Books, metadata, new_id
from dev.fakestripe.call import Call
from dev.fakestripe.lists import page
from dev.fakestripe.reader import absent
from dev.fakestripe.refusals import Json, RefusalError, missing


def create(call: Call) -> Json:
    """POST /v1/transfers. Raises RefusalError (400) for an account that may not receive, and beyond the source."""
    books, body = call.books, call.body
    amount = _amount(body)
    if body["destination"] in books.departed:
        raise missing("destination", body["destination"], "destination", 400)
    account = books.named("account", body, "destination")
    if account["capabilities"].get("transfers") != "active":
        raise RefusalError(
            "Your destination account needs to have at least one of the following capabilities enabled: "
            "transfers, crypto_transfers, legacy_payments",
            code="insufficient_capabilities_for_transfer",
        )  # fmt: skip
    group = body.get("transfer_group")
    if "source_transaction" in body:
        charge = books.named("charge", body, "source_transaction")
        _check_source(books, charge, amount)
        group = group or charge["transfer_group"]
    elif amount > at_platform(books)["net"]:
        message = "You have insufficient available funds in your Stripe account."
        raise RefusalError(message, code="balance_insufficient")
    transfer = books.add(
        "transfer", stripe.Transfer, amount=amount, amount_reversed=0, currency=EUROS, destination=account["id"],
        destination_payment=new_id("py"), livemode=False, metadata=metadata(body), reversed=False, transfer_group=group,
        source_transaction=body.get("source_transaction"), source_type="card", description=body.get("description"),
    )  # fmt: skip
    _list_reversals(books, transfer)
    books.emit("transfer.created", transfer)
    return transfer


def _amount(body: Json) -> int:
    if "amount" not in body:
        raise absent("amount")
    if body["amount"] < 1:
        raise RefusalError("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    if body["currency"] != EUROS:
        raise RefusalError(f"Invalid currency: {body['currency']}", param="currency")
    amount: int = body["amount"]
    return amount


def _check_source(books: Books, charge: Json, amount: int) -> None:
    if not charge["captured"]:
        raise RefusalError("Only captured charges can be used as a source_transaction.", param="source_transaction")
    moved = sum(
        row["amount"] - row["amount_reversed"] for row in books.where("transfer", source_transaction=charge["id"])
    )
    if moved + amount > charge["amount_captured"]:
        raise RefusalError(
            f"Transfers using this transaction as a source must not exceed the source amount of "
            f"{charge['amount_captured']} cents. (There are already transfers amounting to {moved} cents.)",
            param="source_transaction",
        )  # fmt: skip


def _list_reversals(books: Books, transfer: Json) -> None:
    rows = books.where("transfer_reversal", transfer=transfer["id"])
    url = f"/v1/transfers/{transfer['id']}/reversals"
    transfer["reversals"] = {"object": "list", "data": rows[::-1][:10], "has_more": len(rows) > 10, "url": url}


def retrieve(call: Call) -> Json:
    return call.books.get("transfer", call.ids[0], "transfer")


def search(call: Call) -> Json:
    asked = {name: call.body[name] for name in ("destination", "transfer_group") if name in call.body}
    return page(call.books.where("transfer", **asked), call, "/v1/transfers")


def reverse(call: Call) -> Json:
    """POST /v1/transfers/{id}/reversals. Raises RefusalError (400), also when the account has been paid out."""
    books, transfer = call.books, retrieve(call)
    left = transfer["amount"] - transfer["amount_reversed"]
    amount = call.body.get("amount", left)
    if left == 0:
        raise RefusalError(f"Transfer {transfer['id']} has already been fully reversed.")
    if amount < 1:
        raise RefusalError("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    if amount > left:
        message = f"Amount to reverse ({amount} cents) is greater than the unreversed amount ({left} cents)"
        raise RefusalError(message, code="amount_too_large", param="amount")
    if amount > at_account(books, transfer["destination"])["net"]:
        message = "The recipient's balance is insufficient to cover this reversal."
        raise RefusalError(message, code="balance_insufficient", param="amount")
    reversal = books.add(
        "transfer_reversal", stripe.TransferReversal, amount=amount, currency=EUROS, metadata=metadata(call.body),
        transfer=transfer["id"], destination_payment_refund=new_id("pyr"),
    )  # fmt: skip
    transfer["amount_reversed"] += amount
    transfer["reversed"] = transfer["amount_reversed"] == transfer["amount"]
    _list_reversals(books, transfer)
    books.emit("transfer.reversed", transfer)
    return reversal


def retrieve_reversal(call: Call) -> Json:
    retrieve(call)
    return call.books.get("transfer_reversal", call.ids[1])


def search_reversals(call: Call) -> Json:
    transfer = retrieve(call)
    rows = call.books.where("transfer_reversal", transfer=transfer["id"])
    return page(rows, call, f"/v1/transfers/{transfer['id']}/reversals")
