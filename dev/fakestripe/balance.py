"""Whose money is where, in cents, added up from the rows each time."""

from typing import Any

from dev.fakestripe.books import EUROS, Books
from dev.fakestripe.call import Call
from dev.fakestripe.refusals import Json


def at_platform(books: Books) -> dict[str, int]:
    """What the platform took and gave. A dispute takes its amount back until it is won; fees are never returned."""
    sums = {
        "captured": _sum(books.where("charge", captured=True), "amount_captured"),
        "fees": _sum(books.where("balance_transaction"), "fee"),
        "refunded": _sum(books.where("refund", status="succeeded"), "amount"),
        "disputed": _sum([row for row in books.where("dispute") if row["status"] != "won"], "amount"),
        "transferred": _sum(books.where("transfer"), "amount"),
        "reversed": _sum(books.where("transfer_reversal"), "amount"),
    }
    out = sums["fees"] + sums["refunded"] + sums["disputed"] + sums["transferred"]
    return {**sums, "net": sums["captured"] + sums["reversed"] - out}


def at_account(books: Books, account_id: str) -> dict[str, int]:
    """What a connected account received and sent to its bank."""
    rows = books.where("transfer", destination=account_id)
    sums = {
        "transferred": _sum(rows, "amount"),
        "reversed": _sum(rows, "amount_reversed"),
        "paid_out": _sum(books.where("payout", account=account_id, status="paid"), "amount"),
    }
    return {**sums, "net": sums["transferred"] - sums["reversed"] - sums["paid_out"]}


def _sum(rows: list[Json], field: str) -> int:
    return sum(row[field] for row in rows)


def retrieve(call: Call) -> Json:
    """GET /v1/balance; all of it available at once, unlike in the real one."""
    net = at_platform(call.books)["net"]
    funds: dict[str, Any] = {"currency": EUROS, "source_types": {"card": net}}
    return {
        "object": "balance",
        "available": [{**funds, "amount": net}],
        "pending": [{**funds, "amount": 0, "source_types": {"card": 0}}],
        "livemode": False,
    }
