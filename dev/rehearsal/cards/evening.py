"""After the market: producers are paid, some residents get money back, banks contest payments."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from dev.rehearsal.cards.reckoning import Outcome, Reckoned
from dev.rehearsal.cards.week import FAULTS, CardWeek
from dev.rehearsal.errands import Errand

if TYPE_CHECKING:
    from dev.rehearsal.market_day import MarketDayPlay

ACCOUNT = """
SELECT account.stripe_id FROM payments_account account JOIN producers_producer producer
ON producer.id = account.producer_id JOIN markets_stall stall ON stall.partner_id = producer.partner_id
WHERE stall.number = %s
"""
COMPARISONS = "SELECT differences FROM payments_comparison"
TRANSFERS = "SELECT count(*) FROM payments_instruction WHERE kind IN ('transfer', 'netting')"


class CardEvening:
    """Call `play` once.

    `debt`: (order, stall) and the cents that Stripe could not take back; `kept_back`: the (order, stall) it was kept
    back from.
    """

    def __init__(self, cards: CardWeek, market: MarketDayPlay) -> None:
        self.cards, self.market, self.week, self.notes = cards, market, cards.week, cards.notes
        self.stripe, self.reckoned = cards.stripe, cards.reckoning.orders
        self.debt: tuple[tuple[int, int], int] | None = None
        self.kept_back: tuple[int, int] | None = None
        self.used: set[int] = set()  # orders to which something happened

    def play(self) -> None:
        self.note_stalls()
        self.cards.charge()
        for kind, path in (("reset", "/v1/transfers$"), ("error", "/v1/transfers$"), ("reset", "/v1/refunds$")):
            self.stripe.tell("fault", kind=kind, method="POST", path=path, times=FAULTS)
        with self.week.timed("transfers in the evening"):
            disputes = [self._contest(word) for word in ("", "lost", "won")]
            self.cards.until_settled()
            self._pay_producers()
        self.notes.count("transfers in the evening", sum(len(one.passed_on) for one in self.reckoned.values()))
        with self.week.timed("refunds after transfers"):
            self._refused_reversal()
            self._reversals()
            if self.debt:
                self._late_hand_over(self.debt[0][1])
            self.cards.reckon()
            self._pay_producers()
        self.notes.count("disputes", sum(map(bool, disputes)))
        self._compare_by_itself()

    @property
    def debt_left(self) -> int:
        """Cents that the producer still has too much: what it got since was less than its debt."""
        if self.debt is None:
            return 0
        order, stall = self.kept_back or (0, 0)
        return max(0, self.debt[1] - (self.reckoned[order].passed_on.get(stall, 0) if order else 0))

    def note_stalls(self) -> None:
        """What was handed over, and what was missing, of what is paid by card."""
        for errand in self.market.errands:
            if errand.online:
                self._note(errand)

    def _note(self, errand: Errand) -> None:
        done = self.cards.deeds.of(errand.visit.ticket_number, errand.ticket.stall)
        done.released = errand.handed_over
        if errand.handed_over:
            done.off |= {line.title for line in errand.lines if line.missing}
            fewer = [line for line in errand.lines if line.fewer is not None]
            done.units |= {line.title: line.fewer for line in fewer if line.fewer is not None}
            done.grams |= {line.title: line.grams for line in fewer if line.grams is not None}

    def _pay_producers(self) -> None:
        """The evening's task; it is over when nothing more is written."""
        before = -1
        while before != (count := int(str(self.week.execute(TRANSFERS)[0][0]))):
            before = count
            self.cards.run("transfer-due")
            self.cards.until_settled()

    def _contest(self, word: str) -> int:
        """A resident asks the bank for the money back; `word`: how the bank decides, "" while it has not."""
        order = self._next(lambda one: len(one.passed_on) > 0)
        if order is None:
            return 0
        state = self.stripe.state()
        session = next(row for row in state["sessions"] if row["id"] == order.session)
        intent = next(row for row in state["payment_intents"] if row["id"] == session["payment_intent"])
        dispute = self.stripe.tell("dispute", charge=intent["latest_charge"])
        if word:
            self.cards.until_settled()
            self.stripe.tell("close_dispute", dispute=dispute["id"], status=word)
        order.contested = word != "won"
        return order.order

    def _refused_reversal(self) -> None:
        """A producer has sent all it had to its bank when a resident complains."""
        left = {errand.ticket.stall for errand in self._not_collected()}
        order = self._next(lambda one: bool(left & set(one.passed_on)))
        if order is None:
            return
        stall = min(left & set(order.passed_on))
        [[account]] = self.week.execute(ACCOUNT, stall)
        self.stripe.tell("payout", account=account)
        before = order.parts[stall].net
        self._complain(order, stall)
        self.debt = (order.order, stall), before - order.parts[stall].net
        self.notes.count("  of them refused, kept back later")
        self.cards.refusals += 1

    def _reversals(self) -> None:
        """Complaints about goods whose money is with the producer, who gives it back after the resident has it."""
        paid_out = {self.debt[0][1]} if self.debt else set()
        for _time in range(2):
            if order := self._next(lambda one: bool(set(one.passed_on) - paid_out)):
                self._complain(order, min(set(order.passed_on) - paid_out))

    def _complain(self, order: Reckoned, stall: int) -> None:
        title = self.cards.take_off(order.order, stall, reason="complaint")
        for errand in self.market.errands:
            if (errand.visit.ticket_number, errand.ticket.stall) == (order.order, stall):
                errand.lines = [line for line in errand.lines if line.title != title]
        self.notes.count("complaints after the transfers")
        self.cards.until_settled()
        self.cards.reckon()

    def _late_hand_over(self, stall: int) -> None:
        """Somebody comes for the goods after the market: what the producer owes us is kept back."""
        errand = next((errand for errand in self._not_collected() if errand.ticket.stall == stall), None)
        if errand is None:
            return
        phone = self.market.stalls[stall].phones[0]
        counter = phone.reads(phone.find(errand, "number"), errand)
        said = phone.sees(phone.hands_over(counter, errand, "", None), errand)
        self.notes.same(f"{errand.what}: handed over late", said, "success")
        errand.note_handed_over()
        self._note(errand)
        self.kept_back = errand.visit.ticket_number, stall

    def _compare_by_itself(self) -> None:
        """The site's own comparison with Stripe, as each night: it finds nothing."""
        self.cards.run("compare-with-stripe")
        self.week.until("the site to compare itself with Stripe", 60, lambda: bool(self.week.execute(COMPARISONS)))
        self.notes.same("the site’s own comparison with Stripe", self.week.execute(COMPARISONS), [([],)])

    def _not_collected(self) -> list[Errand]:
        """What is paid by card and nobody came for."""
        return [
            errand
            for errand in self.market.errands
            if errand.online and not errand.handed_over and not errand.visit.cancelled and errand.lines
        ]

    def _next(self, wanted: Callable[[Reckoned], bool]) -> Reckoned | None:
        """The first order paid by card, to which nothing of this happened yet."""
        for number, one in sorted(self.reckoned.items()):
            if number not in self.used and one.outcome is Outcome.TAKEN and wanted(one):
                self.used.add(number)
                return one
        return None
