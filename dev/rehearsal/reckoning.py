"""What each table of the report must hold, reckoned from facts alone, without the program that makes the report."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from decimal import Decimal
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from dev.rehearsal.books import Books
from dev.rehearsal.facts import ONLINE, LineFact, PartFact
from dev.rehearsal.sheets import Cell
from marche.common.language import in_town_language
from orders.mail_kinds import TO_MANAGERS, Mail
from producers.kinds import GoodsKind, PaymentMeans

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)
# A row by what names it; None: not compared.
Rows = dict[tuple[Cell, ...], tuple[Cell | None, ...]]
HOUR = dt.timedelta(hours=1)
ALL_MEANS = ("cash", "cheque", "card", ONLINE)


class Reckoning:
    """The facts of one witness, and what the tables say of the market itself."""

    def __init__(self, facts: Sequence[PartFact], books: Books) -> None:
        self.facts, self.books = facts, books
        self.wall = ZoneInfo(books.day["time_zone"])

    def tables(self) -> dict[str, Rows]:
        with in_town_language():
            return {
                "chiffres": self._figures(),
                "commandes": self._over_time(),
                "creneaux": self._slots(),
                "producteurs": self._producers(),
                "paiements": self._payments(),
                "non-retirees": self._not_collected(),
                "produits": self._products(),
                "categories": self._categories(),
                "tva": self._vat(),
                "messages": self._messages(),
                "messages-en-echec": {},
            }

    def _figures(self) -> Rows:
        facts, slots = self.facts, self.books.slots
        waiting = [fact for fact in facts if not fact.handed_over]
        orders = len({fact.order for fact in facts})
        row = (
            orders, self.books.day["order_cap"], orders, sum(slot["capacity"] for slot in slots), len(facts),
            len(facts) - len(waiting), len(waiting), *_money(facts, "ordered", "missing", "due"),
            euros(_taken(facts)), *_money(facts, "difference", "to_pay"), *_money(waiting, "due"),
        )  # fmt: skip
        return {(): tuple(Decimal(cell) for cell in row)}

    def _over_time(self) -> Rows:
        """An hour after the other, as the window is short. Here the tables are the only witness."""
        opens = self.books.day["opens_at"]
        hours: defaultdict[int, list[dict[str, object]]] = defaultdict(list)
        for order in self.books.orders:
            hours[max(0, (order["placed_at"] - opens) // HOUR)].append(order)
        rows: Rows = {}
        reached = 0
        for hour in range(max(hours, default=-1) + 1):
            kept = [order for order in hours[hour] if not order["cancelled_at"]]
            reached += len(kept)
            amount = euros(sum(int(str(order["total_cents"])) for order in kept))
            figures = Decimal(len(kept)), Decimal(reached), Decimal(len(hours[hour]) - len(kept)), amount
            rows[f"{opens.astimezone(self.wall) + hour * HOUR:%d/%m/%Y %H:%M}",] = figures
        return rows

    def _slots(self) -> Rows:
        rows: Rows = {}
        by_slot = _grouped(self.facts, lambda fact: fact.slot)
        for slot in self.books.slots:
            orders = _grouped(by_slot.get(slot["id"], []), lambda fact: fact.order).values()
            whole = sum(all(fact.handed_over for fact in order) for order in orders)
            filling = Decimal(1000 * len(orders) // slot["capacity"]) / 10
            ordered = euros(sum(fact.ordered for order in orders for fact in order))
            key = tuple(f"{slot[name].astimezone(self.wall):%H:%M}" for name in ("starts_at", "ends_at"))
            due = euros(sum(fact.due for order in orders for fact in order))
            rows[key] = Decimal(slot["capacity"]), Decimal(len(orders)), filling, ordered, Decimal(whole), due
        return rows

    def _producers(self) -> Rows:
        rows: Rows = {}
        for (stall, producer), facts in _grouped(self.facts, lambda fact: (fact.stall, fact.producer)).items():
            waiting = [fact for fact in facts if not fact.handed_over]
            by_means = (euros(_taken(f for f in facts if f.means == means)) for means in ALL_MEANS)
            rows[Decimal(stall), producer] = (
                Decimal(len(facts)), *_money(facts, "ordered"), Decimal(len(facts) - len(waiting)),
                *_money(facts, "missing"), *by_means, *_money(facts, "difference", "to_pay"),
                Decimal(len(waiting)), *_money(waiting, "due"), *_money(facts, "due"),
            )  # fmt: skip
        return rows

    def _payments(self) -> Rows:
        rows: Rows = {}
        paid = [fact for fact in self.facts if fact.means]
        for (means, stall, producer), facts in _grouped(
            paid, lambda fact: (fact.means, fact.stall, fact.producer)
        ).items():
            key = in_words(means), Decimal(stall), producer
            figures = *_money(facts, "due"), euros(_taken(facts)), *_money(facts, "difference")
            rows[key] = (Decimal(len(facts)), *figures)
        return rows

    def _not_collected(self) -> Rows:
        starts = {slot["id"]: f"{slot['starts_at'].astimezone(self.wall):%H:%M}" for slot in self.books.slots}
        phones = {order["number"]: order["phone"] for order in self.books.orders}
        return {
            (Decimal(fact.order), fact.producer): (
                fact.name, national(phones[fact.order]), starts[fact.slot], Decimal(fact.stall), euros(fact.due),
                "" if fact.paid is None else euros(fact.paid),
            )
            for fact in self.facts
            if not fact.handed_over
        }  # fmt: skip

    def _lines(self) -> list[tuple[PartFact, LineFact]]:
        return [(fact, line) for fact in self.facts for line in fact.lines]

    def _products(self) -> Rows:
        rows: Rows = {}
        groups = _grouped(self._lines(), lambda pair: (pair[0].stall, pair[0].producer, pair[1].title))
        for (stall, producer, title), pairs in groups.items():
            lines = [line for _fact, line in pairs]
            missing, lost = sum(line.units - line.given for line in lines), sum(line.lost for line in lines)
            rows[Decimal(stall), producer, title] = (
                _units(lines), None, euros(_cents(lines)), Decimal(missing), euros(lost),
                _kilograms(lines),
                euros(_due(lines)),
            )  # fmt: skip
        return rows

    def _categories(self) -> Rows:
        rows: Rows = {}
        for kind, pairs in _grouped(self._lines(), lambda pair: pair[1].kind).items():
            lines = [line for _fact, line in pairs]
            key = (str(GoodsKind(kind).label),)
            rows[key] = Decimal(len({line.listing for line in lines})), euros(_cents(lines)), None, euros(_due(lines))
        return rows

    def _vat(self) -> Rows:
        rows: Rows = {}
        for (without_vat, rate), pairs in _grouped(
            self._lines(), lambda pair: (pair[1].without_vat, pair[1].rate_bp)
        ).items():
            cents, vat = _due(line for _fact, line in pairs), sum(line.vat_due for _fact, line in pairs)
            key = _("VAT not applicable, article 293 B of the CGI") if without_vat else euros(rate)
            rows[key,] = euros(cents - vat), euros(vat), euros(cents)
        return rows

    def _messages(self) -> Rows:
        states = Counter((message["kind"], message["state"]) for message in self.books.messages.values())
        return {
            (str(kind.label),): tuple(Decimal(states[kind, state]) for state in ("sent", "waiting", "failed"))
            for kind in Mail
            if kind not in TO_MANAGERS and any(of == kind for of, _state in states)
        }


def in_words(means: str) -> str:
    return _("Card on the site") if means == ONLINE else str(PaymentMeans(means).label).capitalize()


def euros(cents: int) -> Decimal:
    return Decimal(cents) / 100


def national(phone: str) -> str:
    """ "+33353010007" as people in France write it."""
    digits = f"0{phone.removeprefix('+33')}" if phone else ""
    return " ".join(digits[i : i + 2] for i in range(0, len(digits), 2))


def _money(facts: Iterable[PartFact], *names: str) -> list[Decimal]:
    facts = list(facts)
    return [euros(sum(getattr(fact, name) for fact in facts)) for name in names]


def _taken(facts: Iterable[PartFact]) -> int:
    return sum(fact.paid or 0 for fact in facts)


def _cents(lines: Iterable[LineFact]) -> int:
    return sum(line.cents for line in lines)


def _kilograms(lines: Iterable[LineFact]) -> Cell:
    """Of what was there; nothing where no weight has a price."""
    grams = [line.grams for line in lines if line.grams is not None]
    return Decimal(sum(grams)) / 1000 if grams else ""


def _due(lines: Iterable[LineFact]) -> int:
    return sum(line.owed for line in lines)


def _units(lines: Iterable[LineFact]) -> Decimal:
    return Decimal(sum(line.units for line in lines))


def _grouped(things: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    groups: dict[K, list[T]] = {}
    for thing in things:
        groups.setdefault(key(thing), []).append(thing)
    return groups
