"""Stripe's side, ours, and what the rehearsal reckoned itself: the same, to the cent."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from dev.rehearsal.books import Books, Row
from dev.rehearsal.cards.evening import CardEvening
from dev.rehearsal.cards.ledger import Ledger, read_ledger
from dev.rehearsal.cards.reckoning import Outcome, Reckoned
from dev.rehearsal.cards.statements import audit_statements
from dev.rehearsal.cards.week import CardWeek
from dev.rehearsal.notes import Notes

State = dict[str, Any]
OURS = {Outcome.NEVER: "expired", Outcome.HELD: "authorised", Outcome.TAKEN: "captured", Outcome.LET_GO: "voided"}


def audit_cards(cards: CardWeek, evening: CardEvening, books: Books, notes: Notes) -> None:
    """Every session, payment, refund, transfer, reversal and balance; every row of ours."""
    state, ledger = cards.stripe.state(), read_ledger(cards.week.stage.database_url)
    orders = cards.reckoning.orders
    audit_payments(state, ledger, orders, notes)
    audit_moves(state, ledger, orders, evening, notes)
    audit_balances(state, orders, evening, ledger, notes)
    audit_ledger(ledger, orders, notes)
    audit_instructions(state, ledger, evening, notes)
    audit_orders(books, orders, cards, notes)
    audit_statements(cards, notes)


def audit_payments(state: State, ledger: Ledger, orders: dict[int, Reckoned], notes: Notes) -> None:
    """No payment without an order, no order without its payment, nobody held or charged twice."""
    intents = {row["id"]: row for row in state["payment_intents"]}
    sessions: defaultdict[int | None, list[Row]] = defaultdict(list)
    for session in state["sessions"]:
        sessions[ledger.orders.get(session["client_reference_id"])].append(session)
    notes.same("Stripe’s pages without an order", sessions.pop(None, []), [])
    notes.same("orders with a page at Stripe", sessions.keys(), orders.keys())
    of_sessions = Counter(session["payment_intent"] for session in state["sessions"] if session["payment_intent"])
    notes.same("payments at Stripe, each of one page", of_sessions, Counter(intents.keys()))
    for number, one in orders.items():
        notes.same(f"order {number}: its pages at Stripe", [row["id"] for row in sessions[number]], [one.session])
        for session in sessions[number]:
            what = f"order {number}: at Stripe"
            notes.same(f"{what}, what the page asked for", session["amount_total"], one.shown)
            status = "expired" if one.outcome is Outcome.NEVER else "complete"
            notes.same(f"{what}, the page", session["status"], status)
            _audit_intent(what, intents.get(session["payment_intent"]), one, state, notes)


def _audit_intent(what: str, intent: Row | None, one: Reckoned, state: State, notes: Notes) -> None:
    if intent is None:
        notes.same(f"{what}, a payment", one.outcome, Outcome.NEVER)
        return
    status = Outcome.LET_GO if one.outcome is Outcome.NEVER else one.outcome
    charges = [row for row in state["charges"] if row["payment_intent"] == intent["id"]]
    refunds = [row for row in state["refunds"] if row["payment_intent"] == intent["id"]]
    notes.same(f"{what}, the payment", intent["status"], status.value)
    notes.same(f"{what}, held at most", intent["amount"], one.shown)
    notes.same(f"{what}, still held", intent["amount_capturable"], one.shown if one.outcome is Outcome.HELD else 0)
    notes.same(f"{what}, taken", intent["amount_received"], one.taken)
    notes.same(f"{what}, given back", sum(row["amount"] for row in refunds), one.given_back)
    taken = [row["amount_captured"] for row in charges if row["captured"]]
    notes.same(f"{what}, charged once", taken, [one.taken] if one.taken else [])


def audit_moves(state: State, ledger: Ledger, orders: dict[int, Reckoned], evening: CardEvening, notes: Notes) -> None:
    """What is with each producer, order by order."""
    found: Counter[tuple[int, int]] = Counter()
    for transfer in state["transfers"]:
        number = ledger.orders.get(transfer["transfer_group"].removeprefix("order_"), 0)
        found[number, ledger.stalls.get(transfer["destination"], 0)] += transfer["amount"] - transfer["amount_reversed"]
    expected = {(number, stall): cents for number, one in orders.items() for stall, cents in one.passed_on.items()}
    moved = dict(expected)
    if evening.debt:
        (key, cents), late = evening.debt, evening.kept_back
        expected[key] = expected.get(key, 0) + cents
        moved[key] = moved.get(key, 0) + evening.debt_left
        if late in expected:
            expected[late] -= cents - evening.debt_left
    notes.same("transfers at Stripe, less what was taken back", _nonzero(found), _nonzero(expected))
    notes.same("reversals at Stripe", _sum(state["reversals"], "amount"), _sum(state["transfers"], "amount_reversed"))
    keys = {share["id"]: (share["number"], share["stall"]) for share in ledger.shares}
    ours: Counter[tuple[int, int]] = Counter()
    for movement in ledger.movements:
        if movement["kind"] in ("transfer", "reversal", "netting"):
            ours[keys[movement["share_id"]]] += movement["cents"]
    notes.same("our ledger: what is with the producers", _nonzero(ours), _nonzero(moved))


def audit_balances(
    state: State, orders: dict[int, Reckoned], evening: CardEvening, ledger: Ledger, notes: Notes
) -> None:
    """The platform's, and each producer's."""
    platform, all_orders = state["balances"]["platform"], orders.values()
    passed_on: Counter[int] = Counter()
    for one in all_orders:
        passed_on.update(one.passed_on)
    if evening.debt:
        passed_on[evening.debt[0][1]] += evening.debt_left
    taken, given_back = sum(one.taken for one in all_orders), sum(one.given_back for one in all_orders)
    fees = sum(part.fee for one in all_orders for part in one.parts.values())
    contested = sum(one.taken for one in all_orders if one.contested)
    for name, cents in (("captured", taken), ("refunded", given_back), ("fees", fees), ("disputed", contested)):
        notes.same(f"the platform’s balance: {name}", platform[name], cents)
    net = taken - given_back - fees - contested - passed_on.total()
    notes.same("the platform’s balance", platform["net"], net)
    for account, balance in state["balances"]["accounts"].items():
        with_it = balance["transferred"] - balance["reversed"]
        notes.same(f"stall {ledger.stalls[account]}: what it has had", with_it, passed_on[ledger.stalls[account]])


def audit_ledger(ledger: Ledger, orders: dict[int, Reckoned], notes: Notes) -> None:
    """Attempts and shares, and the movements that they add up to."""
    notes.same("attempts, one an order", Counter(row["number"] for row in ledger.attempts), Counter(orders.keys()))
    for attempt in ledger.attempts:
        if one := orders.get(attempt["number"]):
            what, taken = f"attempt of order {one.order}", one.outcome is Outcome.TAKEN
            found = tuple(
                attempt[name] for name in ("session_id", "state", "amount_cents", "captured_cents", "fee_cents")
            )
            fee = sum(part.fee for part in one.parts.values())
            expected = one.session, OURS[one.outcome], one.shown, *((one.taken, fee) if taken else (None, None))
            notes.same(what, found, expected)
    movements: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for movement in ledger.movements:
        movements[movement["share_id"]][movement["kind"]] += movement["cents"]
    keys = Counter((share["number"], share["stall"]) for share in ledger.shares)
    notes.same("shares, one a part", keys, Counter((n, stall) for n, one in orders.items() for stall in one.parts))
    for share in ledger.shares:
        if one := orders.get(share["number"]):
            _audit_share(share, one, movements[share["id"]], notes)


def _audit_share(share: Row, one: Reckoned, moved: Counter[str], notes: Notes) -> None:
    part = one.parts.get(share["stall"])
    what = f"share of stall {share['stall']} in order {one.order}"
    if part is None:
        notes.differ(f"{what}: nothing of it is paid by card")
        return
    notes.same(f"{what}: at most", share["authorised_cents"], part.most)
    if one.outcome is Outcome.TAKEN:
        found = share["due_cents"], share["captured_cents"], share["fee_cents"]
        notes.same(f"{what}: due, taken, fee", found, (part.due, part.taken, part.fee))
    notes.same(f"{what}: taken, by the ledger", moved["capture"], part.taken)
    notes.same(f"{what}: given back, by the ledger", -moved["refund"], part.taken - part.left)


def audit_instructions(state: State, ledger: Ledger, evening: CardEvening, notes: Notes) -> None:
    """All that was asked is done, and what was done at Stripe was asked by us, once.

    A reversal that Stripe refused is given up once its debt is settled otherwise.
    """
    states = Counter((row["kind"], row["state"]) for row in ledger.instructions)
    wrong = {key: count for key, count in states.items() if key[1] in ("waiting", "refused")}
    refused = {("reversal", "refused"): 1} if evening.debt_left else {}
    notes.same("instructions that wait or were refused", wrong, refused)
    notes.same("events that were not looked at", ledger.unhandled, [])
    given_up = Counter({key: count for key, count in states.items() if key[1] == "dropped" and key[0] == "reversal"})
    notes.same("reversals given up", given_up.total(), int(evening.debt is not None and not evening.debt_left))
    for kind, rows in (("refund", "refunds"), ("transfer", "transfers"), ("reversal", "reversals")):
        done = [row for row in ledger.instructions if (row["kind"], row["state"]) == (kind, "done")]
        ours = {row["stripe_id"]: (row["cents"], row["key"]) for row in done}
        theirs = {row["id"]: (row["amount"], row["metadata"].get("instruction")) for row in state[rows]}
        notes.same(f"{rows} at Stripe, each asked for by us", theirs, ours)
    disputes = sorted((row["id"], row["amount"], row["status"]) for row in state["disputes"])
    ours_too = sorted((row["stripe_id"], row["cents"], row["status"]) for row in ledger.disputes)
    notes.same("disputes", ours_too, disputes)


def audit_orders(books: Books, orders: dict[int, Reckoned], cards: CardWeek, notes: Notes) -> None:
    """Nothing waits any more, and each part is paid where its resident chose."""
    numbers = {order["order_id"]: order["number"] for order in books.orders}
    notes.same("orders that wait to be paid", [o["number"] for o in books.orders if o["to_be_paid_by"]], [])
    by_card = {number for number, one in orders.items() if one.outcome is not Outcome.NEVER}
    for part in books.parts.values():
        number, stall = numbers[part["pickup_id"]], books.producers[part["producer_id"]]["stall"]
        if part["cancelled_at"] is None:
            expected = number in by_card and stall in cards.reckoning.stalls
            notes.same(f"order {number} at stall {stall}: paid by card on the site", part["online"], expected)


def _nonzero(sums: dict[tuple[int, int], int]) -> dict[tuple[int, int], int]:
    return {key: cents for key, cents in sums.items() if cents}


def _sum(rows: list[Row], name: str) -> int:
    return sum(row[name] for row in rows)
