"""The lines of a producer's statement: its sales as they stood when the market ended, then what came of them, dated.

A line that was printed once never changes: what happens later is a later line. So a statement says what was transferred
for itself, and names the other one wherever money was withheld for it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from marche.common.wording import day_in_words
from marche.markets.models import MarketDay
from marche.payments.ledger import ShareBalance
from marche.payments.models import CAME_BACK, Dispute, Instruction, Movement, Share
from orders.models import Pickup
from orders.presenters.tables import Row

Kind = Instruction.Kind
Numbers = Sequence[int]


@dataclass
class Line:
    """One fact, in cents. `at`: when, `numbers`: of which orders. All but `most` add up."""

    at: dt.datetime
    what: str
    numbers: Numbers
    name: str = ""
    most: int | None = None
    charged: int = 0
    refunded: int = 0
    fee: int = 0
    transferred: int = 0
    withheld: int = 0

    @property
    def net(self) -> int:
        return self.charged - self.refunded - self.fee

    @property
    def row(self) -> Row:
        """In the order of the columns of `orders/presenters/statement.py`."""
        amounts = (self.most, self.charged, self.refunded, self.fee, self.net, self.transferred, self.withheld)
        number = self.numbers[0] if len(self.numbers) == 1 else in_ranges(self.numbers)
        return (timezone.localtime(self.at).date(), number, self.name, self.what, *amounts)


@dataclass
class _Order:
    """One share while its lines are made: what is kept of the resident's money, and the fee of it so far."""

    share: Share
    movements: list[Movement] = field(default_factory=list)
    taken: int = 0
    fee: int = 0

    @property
    def pickup(self) -> Pickup:
        pickup: Pickup = self.share.attempt.order.pickup
        return pickup

    def take(self, cents: int) -> int:
        """Keep so much more, or less; returns by how much the fee changes with it."""
        self.taken += cents
        before, self.fee = self.fee, min(self.share.fee_cents or 0, max(self.taken, 0))
        return self.fee - before


def lines_of(balances: Iterable[ShareBalance], day: MarketDay) -> list[Line]:
    """The sales by number, then everything else in the order in which it happened. Three queries."""
    orders = {balance.share.pk: _Order(balance.share) for balance in balances}
    told = Q(instruction__state=Instruction.State.DONE) | Q(instruction__error=CAME_BACK)
    movements = Movement.objects.filter(told, share__in=orders).select_related("instruction")
    for movement in movements.order_by("instruction__done_at", "instruction", "pk"):
        orders[movement.share_id].movements.append(movement)
    sales = [_sale(order, day) for order in orders.values()]
    later = [line for order in orders.values() for line in _refunds(order, day)]
    moves = [movement for order in orders.values() for movement in order.movements]
    later += _transfers(orders, [move for move in moves if move.instruction.kind == Kind.TRANSFER])
    later += _taken_back(orders, [move for move in moves if move.instruction.kind == Kind.REVERSAL])
    later += _withheld(orders, [move for move in moves if move.instruction.kind == Kind.NETTING], day)
    later += _contested(orders)
    return sales + sorted(later, key=lambda line: (line.at, line.numbers))


def in_ranges(numbers: Iterable[int]) -> str:
    """ "1 to 12, 15": order numbers as one reads them."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(_run(run) for run in runs)


def _run(run: list[int]) -> str:
    if len(run) < 3:
        return ", ".join(map(str, run))
    return _("%(first)d to %(last)d") % {"first": run[0], "last": run[-1]}


def _sale(order: _Order, day: MarketDay) -> Line:
    """What was charged, whenever that was, and what of it had gone back when the market ended."""
    charged = refunded = 0
    for move in order.movements:
        if move.instruction.kind == Kind.CAPTURE:
            charged += move.cents
        elif move.instruction.kind == Kind.REFUND:
            refunded -= move.cents * (_at(move) <= day.ends_at)
            refunded += move.cents * (_came_back(move) and move.instruction.due_at <= day.ends_at)
    fee = order.take(charged - refunded)
    what = pgettext("statement", "Sale")
    return Line(
        day.starts_at, what, [order.pickup.number], order.pickup.first_name, order.share.authorised_cents,
        charged=charged, refunded=refunded, fee=fee,
    )  # fmt: skip


def _refunds(order: _Order, day: MarketDay) -> list[Line]:
    """Those that came after the market, and those that the resident's bank has sent back."""
    refunds = [move for move in order.movements if move.instruction.kind == Kind.REFUND]
    facts = [(_at(move), _refund_words(move.instruction.reason), -move.cents) for move in refunds]
    facts += [
        (move.instruction.due_at, _("The refund came back from the resident’s bank"), move.cents)
        for move in refunds
        if _came_back(move)
    ]
    number, name = order.pickup.number, order.pickup.first_name
    return [
        Line(at, what, [number], name, refunded=cents, fee=order.take(-cents))
        for at, what, cents in sorted(facts)
        if at > day.ends_at
    ]


def _came_back(move: Movement) -> bool:
    return move.instruction.state != Instruction.State.DONE


def _refund_words(reason: str) -> str:
    if not reason:
        return _("Refunded to the resident")
    return _("Refunded to the resident: %(reason)s") % {"reason": reason}


def _transfers(orders: dict[int, _Order], moves: Iterable[Movement]) -> list[Line]:
    """What was written together was transferred together: a line for all of its orders."""
    groups: defaultdict[dt.datetime, list[Movement]] = defaultdict(list)
    for move in moves:
        groups[move.instruction.made_at.replace(second=0, microsecond=0)].append(move)
    return [
        Line(
            min(_at(move) for move in group), _("Transferred to you"),
            sorted(orders[move.share_id].pickup.number for move in group),
            transferred=sum(move.cents for move in group),
        )
        for group in groups.values()
    ]  # fmt: skip


def _taken_back(orders: dict[int, _Order], moves: Iterable[Movement]) -> list[Line]:
    return [
        Line(_at(move), _("Taken back from you"), [orders[move.share_id].pickup.number], transferred=move.cents)
        for move in moves
    ]


def _withheld(orders: dict[int, _Order], moves: Sequence[Movement], day: MarketDay) -> list[Line]:
    """A debt that was settled: on the statement that paid it, and on the one that owed it, each naming the other."""
    others = _other_sides(moves)
    return [
        Line(
            _at(move), _withheld_words(others[move.instruction_id, move.share_id], day, is_payer=move.cents > 0),
            [orders[move.share_id].pickup.number], withheld=move.cents,
        )
        for move in moves
    ]  # fmt: skip


def _other_sides(moves: Sequence[Movement]) -> dict[tuple[int, int], Pickup]:
    """By instruction and share: the order on the other side."""
    found: dict[tuple[int, int], Pickup] = {}
    sides: defaultdict[int, list[Movement]] = defaultdict(list)
    both = Movement.objects.filter(instruction__in={move.instruction_id for move in moves})
    for side in both.select_related("share__attempt__order__pickup__day__market"):
        sides[side.instruction_id].append(side)
    for instruction, pair in sides.items():
        for side in pair:
            other = next((one for one in pair if one.share_id != side.share_id), side)
            found[instruction, side.share_id] = other.share.attempt.order.pickup
    return found


def _withheld_words(other: Pickup, day: MarketDay, *, is_payer: bool) -> str:
    words = {
        "day": day_in_words(other.day.starts_at),
        "year": other.day.date.year,
        "number": other.number,
        "market": other.day.market.name,
    }
    if other.day.market_id != day.market_id:
        if is_payer:
            return _("Withheld for the statement of %(day)s %(year)s, %(market)s, order %(number)d") % words
        return _("Settled by the statement of %(day)s %(year)s, %(market)s, order %(number)d") % words
    if is_payer:
        return _("Withheld for the statement of %(day)s %(year)s, order %(number)d") % words
    return _("Settled by the statement of %(day)s %(year)s, order %(number)d") % words


def _contested(orders: dict[int, _Order]) -> list[Line]:
    """What a bank contests, and how it was decided: no amount moves with it."""
    by_attempt = {order.share.attempt_id: order for order in orders.values()}
    disputes = Dispute.objects.filter(attempt__in=by_attempt)
    return [
        Line(at, words, [order.pickup.number], order.pickup.first_name)
        for dispute in disputes
        for order in [by_attempt[dispute.attempt_id]]
        for at, words in _decisions(dispute, order)
    ]


def _decisions(dispute: Dispute, order: _Order) -> Iterable[tuple[dt.datetime, str]]:
    yield dispute.opened_at, _("Contested by the resident’s bank")
    if dispute.closed_at and dispute.is_won:
        yield dispute.closed_at, _("The resident’s bank has decided for the market")
    elif dispute.closed_at and any(move.instruction.kind == Kind.TRANSFER for move in order.movements):
        yield dispute.closed_at, _("Dispute lost: the town bears it, and you keep what you were transferred")
    elif dispute.closed_at:
        yield dispute.closed_at, _("Dispute lost: the resident has the money back, and nothing is transferred")


def _at(move: Movement) -> dt.datetime:
    return move.instruction.done_at or move.instruction.made_at
