"""The rehearsal with cards: what it reckons by itself, and what its audit notices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from dev.rehearsal.books import Books
from dev.rehearsal.cards.audit import audit_balances, audit_ledger, audit_moves, audit_payments
from dev.rehearsal.cards.deeds import CardPayment, Deeds
from dev.rehearsal.cards.ledger import Ledger
from dev.rehearsal.cards.reckoning import Outcome, Reckoning, shared
from dev.rehearsal.cards.ways import UNUSUAL, Way, deal_ways
from dev.rehearsal.market import Visit
from dev.rehearsal.notes import Notes
from tests.dev.rehearse import rehearse


@pytest.mark.process
def test_a_week_of_twelve_residents_with_cards_ends_with_no_difference() -> None:
    result = rehearse(ORDERS="12", SEED="1", PAY="online")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "\nstripe requests: " in result.stdout
    assert result.stdout.endswith("\n0 differences\n")


@pytest.mark.process
def test_another_way_to_pay_is_refused() -> None:
    result = rehearse(PAY="cash")
    assert result.returncode == 1
    assert "PAY=cash is none of online." in result.stderr


def test_half_of_the_residents_choose_the_card_and_every_way_is_gone() -> None:
    ways = Counter(deal_ways(230, "1"))
    assert ways[Way.STALLS] == 115
    assert set(ways) == set(Way)
    assert sum(ways[way] for way in UNUSUAL) == 11
    assert deal_ways(230, "1") == deal_ways(230, "1") != deal_ways(230, "2")


def test_a_fee_is_shared_to_the_cent_by_largest_remainder() -> None:
    assert shared(60, [1990, 190]) == [55, 5]
    assert shared(10, [1, 1, 1]) == [4, 3, 3]
    assert shared(56, [260, 470, 110]) == [18, 31, 7], "of equal remainders the first, to the last digit"


# --- What is reckoned ------------------------------------------------------------------------------


class Saturday:
    """Léa ordered a chicken of about 1.6 kg, 1.8 at most, at 12 € a kilogram; and carrots for 1.88 € elsewhere."""

    def __init__(self) -> None:
        self.deeds = Deeds()
        self.reckoning = Reckoning({5, 1}, self.deeds)
        card = CardPayment(Way.PAYS, shown=2348, session="cs_1", held=True)
        self.visit = Visit(0, "Léa", tickets=["/billet/A/"], ticket_number=7, card=card)
        chicken = {"stall": 5, "title": "Poulet", "unit": "weighed", "price_cents": 1200, "quantity": 1}
        chicken |= {"expected_grams": 1600, "max_grams": 1800, "step_grams": None, "order_id": 70}
        carrots = {"stall": 1, "title": "Carottes", "unit": "piece", "price_cents": 188, "quantity": 1}
        carrots |= {"expected_grams": None, "max_grams": None, "step_grams": None, "order_id": 70}
        order = {"order_id": 70, "number": 7}
        farms = {1: {"stall": 5, "sort_key": "elevage"}, 2: {"stall": 1, "sort_key": "jardins"}}
        self.books = Books({}, [], {}, farms, [order], {}, [chicken, carrots], [], [], {}, [])

    def prepare(self, grams: int) -> None:
        for stall in (1, 5):
            self.deeds.of(7, stall).prepared = True
        self.deeds.of(7, 5).grams["Poulet"] = grams

    def release(self) -> None:
        for stall in (1, 5):
            self.deeds.of(7, stall).released = True

    def reckon(self, *, is_late: bool = False) -> tuple[Outcome, int, int]:
        """(outcome, taken, given back)."""
        self.reckoning.update(self.books, [self.visit], is_late=is_late)
        one = self.reckoning.orders[7]
        return one.outcome, one.taken, one.given_back


def test_nothing_is_taken_before_the_market_is_over() -> None:
    saturday = Saturday()
    saturday.prepare(1500)
    saturday.release()
    assert saturday.reckon() == (Outcome.HELD, 0, 0)


@pytest.mark.parametrize(("grams", "cents"), [(1500, 1800 + 188), (1800, 2160 + 188), (2500, 2160 + 188)])
def test_what_was_weighed_is_taken_and_never_more_than_the_maximum(grams: int, cents: int) -> None:
    saturday = Saturday()
    saturday.prepare(grams)
    assert saturday.reckon(is_late=True) == (Outcome.TAKEN, cents, 0)


def test_what_nobody_weighed_is_taken_at_its_most_and_counts_as_estimated_once_it_is_handed_over() -> None:
    saturday = Saturday()
    assert saturday.reckon(is_late=True) == (Outcome.TAKEN, 2348, 0)
    saturday.release()
    assert saturday.reckon() == (Outcome.TAKEN, 2348, 2160 - 1920)


def test_a_line_taken_off_afterwards_is_given_back_and_its_producer_keeps_nothing_of_it() -> None:
    saturday = Saturday()
    saturday.prepare(1500)
    saturday.release()
    saturday.reckon(is_late=True)
    fee = saturday.reckoning.orders[7].parts[5].fee
    assert saturday.reckoning.orders[7].passed_on[5] == 1800 - fee
    saturday.deeds.of(7, 1).off.add("Carottes")
    assert saturday.reckon() == (Outcome.TAKEN, 1988, 188)
    assert saturday.reckoning.orders[7].passed_on == {5: 1800 - fee}


def test_nothing_is_taken_for_a_part_that_is_cancelled_by_itself() -> None:
    saturday = Saturday()
    saturday.deeds.of(7, 5).cancelled = True
    saturday.deeds.of(7, 1).prepared = True
    assert saturday.reckon(is_late=True) == (Outcome.TAKEN, 188, 0)


def test_what_is_cancelled_before_it_was_taken_is_let_go_and_afterwards_given_back() -> None:
    early, late = Saturday(), Saturday()
    early.visit.cancelled = True
    assert early.reckon() == (Outcome.LET_GO, 0, 0)
    late.prepare(1500)
    late.reckon(is_late=True)
    late.visit.cancelled = True
    assert late.reckon() == (Outcome.TAKEN, 1988, 1988)


def test_of_equal_remainders_of_the_fee_the_first_in_the_alphabet_gets_the_cent() -> None:
    saturday = Saturday()
    saturday.books.lines[0] |= {"unit": "piece", "price_cents": 188}
    saturday.books.lines.reverse()
    saturday.prepare(0)
    saturday.reckon(is_late=True)
    assert {stall: part.fee for stall, part in saturday.reckoning.orders[7].parts.items()} == {5: 16, 1: 15}


# --- What the audit notices ------------------------------------------------------------------------


class Evening:
    debt = None
    kept_back = None
    debt_left = 0


class Both:
    """Stripe's side and ours of Léa's order, once everything is paid."""

    def __init__(self) -> None:
        saturday = Saturday()
        saturday.prepare(1500)
        saturday.release()
        saturday.reckon(is_late=True)
        self.orders = saturday.reckoning.orders
        parts = self.orders[7].parts
        intent = {"id": "pi_1", "status": "succeeded", "amount": 2348, "amount_capturable": 0, "amount_received": 1988}
        charge = {"payment_intent": "pi_1", "captured": True, "amount_captured": 1988}
        session = {"id": "cs_1", "client_reference_id": "M-1", "payment_intent": "pi_1", "amount_total": 2348}
        accounts = {5: "acct_5", 1: "acct_1"}
        net, fees = {s: part.net for s, part in parts.items()}, sum(part.fee for part in parts.values())
        self.state: dict[str, Any] = {
            "sessions": [{**session, "status": "complete"}], "payment_intents": [intent], "charges": [charge],
            "refunds": [], "reversals": [],
            "transfers": [
                {"transfer_group": "order_M-1", "destination": accounts[s], "amount": net[s], "amount_reversed": 0}
                for s in parts
            ],
            "balances": {
                "platform": {"captured": 1988, "refunded": 0, "fees": fees, "disputed": 0, "net": 0},
                "accounts": {accounts[s]: {"transferred": net[s], "reversed": 0} for s in parts},
            },
        }  # fmt: skip
        attempt = {"number": 7, "session_id": "cs_1", "state": "captured", "amount_cents": 2348}
        shares = [
            {"id": s, "number": 7, "stall": s, "authorised_cents": part.most, "due_cents": part.due,
             "captured_cents": part.taken, "fee_cents": part.fee}
            for s, part in parts.items()
        ]  # fmt: skip
        moves = [{"share_id": s, "kind": "capture", "cents": part.taken} for s, part in parts.items()]
        moves += [{"share_id": s, "kind": "transfer", "cents": cents} for s, cents in net.items()]
        stalls = {account: stall for stall, account in accounts.items()}
        self.ledger = Ledger(
            {"M-1": 7}, [{**attempt, "captured_cents": 1988, "fee_cents": fees}], shares, moves, [], stalls, [], []
        )

    def differences(self) -> list[str]:
        notes, evening = Notes(), Evening()
        audit_payments(self.state, self.ledger, self.orders, notes)
        audit_moves(self.state, self.ledger, self.orders, evening, notes)  # type: ignore[arg-type]
        audit_balances(self.state, self.orders, evening, self.ledger, notes)  # type: ignore[arg-type]
        audit_ledger(self.ledger, self.orders, notes)
        return notes.differences


def test_money_that_is_where_it_must_be_is_no_difference() -> None:
    assert Both().differences() == []


def _charge_twice(both: Both) -> None:
    both.state["sessions"].append({**both.state["sessions"][0], "id": "cs_2", "payment_intent": "pi_2"})
    both.state["payment_intents"].append({**both.state["payment_intents"][0], "id": "pi_2"})


WRONGS: dict[str, tuple[Callable[[Both], object], str]] = {
    "a second payment of the same order": (_charge_twice, "order 7: its pages at Stripe"),
    "a payment without an order": (
        lambda b: b.state["sessions"].append({**b.state["sessions"][0], "client_reference_id": "M-9"}),
        "without an order",
    ),
    "an order without its payment": (lambda b: b.state["sessions"].clear(), "orders with a page at Stripe"),
    "a payment that no page led to": (
        lambda b: b.state["payment_intents"].append({**b.state["payment_intents"][0], "id": "pi_2"}), "each of one page"
    ),
    "a cent too much taken": (lambda b: b.state["payment_intents"][0].update(amount_received=1989), "taken"),
    "a refund that nobody owed": (
        lambda b: b.state["refunds"].append({"payment_intent": "pi_1", "amount": 1}), "given back"
    ),
    "money that is held on": (lambda b: b.state["payment_intents"][0].update(amount_capturable=1), "still held"),
    "a transfer to the wrong producer": (
        lambda b: b.state["transfers"][0].update(destination="acct_1"), "transfers at Stripe"
    ),
    "a platform that kept a cent": (lambda b: b.state["balances"]["platform"].update(net=1), "the platform’s balance"),
    "an attempt in another state": (lambda b: b.ledger.attempts[0].update(state="authorised"), "attempt of order 7"),
    "a share with a cent less": (lambda b: b.ledger.shares[0].update(captured_cents=1799), "due, taken, fee"),
    "a movement that was lost": (lambda b: b.ledger.movements.pop(), "with the producers"),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONGS)
def test_the_audit_notices(wrong: str) -> None:
    both = deepcopy(Both())
    spoil, said = WRONGS[wrong]
    spoil(both)
    found = both.differences()
    assert any(said in difference for difference in found), found
