"""An order goes through every change, and after each of them all places tell the same amounts."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import pytest
import time_machine
from django.test import Client
from django.utils import translation

from dev.fakestripe import FakeStripe
from marche.common.actors import Actor
from marche.common.refusals import Refused
from marche.common.wording import euros
from marche.markets.models import MarketDay
from marche.outbox.models import Message
from marche.outbox.rendering import render
from marche.payments.actions.reconcile import reconcile
from marche.payments.models import Share
from orders.actions.cancel_order import cancel_order
from orders.actions.cancel_part import cancel_part
from orders.actions.close_day import close_day
from orders.actions.hand_over import hand_over
from orders.actions.pay_online import pay_online
from orders.actions.prepare_part import prepare_part
from orders.actions.take_back import take_back
from orders.documents.spreadsheet import table_csv
from orders.documents.summary_table import summary_table
from orders.manager.presenters.orders import find_orders
from orders.manager.presenters.stands import stands_of
from orders.manager.report.report import report_of
from orders.models import Pickup, ProducerOrder, Summary
from orders.presenters.paying import Payment
from orders.presenters.preparation import order_to_prepare
from orders.presenters.stall import order_at_stall
from orders.presenters.statement import statement_of
from orders.presenters.summary import compute, live_lines
from orders.presenters.ticket import parts_of
from orders.resident.history import history_of_resident
from orders.steps.give import Given
from producers.kinds import PaymentMeans
from producers.models import Listing, Producer
from producers.workspace.board import boards
from tests import cast
from tests.orders.manager.people import claire, signed_in, text_of, url
from tests.orders.online.by_card import (
    EVENING,
    MORNING,
    OrderByCard,
    attempt_of,
    charge,
    prepare,
    settle,
    someone,
    strike,
)
from tests.orders.online.conftest import by_card, carrots, chicken, day, paid, payable

__all__ = ["by_card", "carrots", "chicken", "day", "paid", "payable"]
pytestmark = pytest.mark.django_db


@dataclass
class Books:
    """Léa's order of the farm's chicken and carrots and of a honey, and everybody who reads its amounts."""

    pickup: Pickup
    farm: Producer
    manager: Client
    clock: time_machine.Traveller
    card: bool

    @property
    def day(self) -> MarketDay:
        return self.pickup.day

    @property
    def part(self) -> ProducerOrder:
        return self.pickup.parts.get(producer=self.farm)

    def tell(self, farm: int, *, rest: int = 850, charged: int | None = None) -> None:
        """Everybody says that `farm` cents are owed to the farm, and `rest` to the beekeeper, for this order.

        `charged`: what the card has paid the farm, of an order by card, where that was taken.
        """
        self.pickup.refresh_from_db()
        with translation.override("fr"):
            told = {name: getattr(self, f"_{name}")() for name in OF_THE_FARM}
            whole = {name: getattr(self, f"_{name}")() for name in OF_ALL}
        assert told == dict.fromkeys(OF_THE_FARM, farm)
        assert whole == dict.fromkeys(OF_ALL, farm + rest)
        if farm + rest:
            self._are_written(farm, farm + rest)
        if charged is not None:
            kept = statement_of(self.farm, self.day).orders
            assert kept.total("debite") - kept.total("rembourse") == charged

    def is_owed_by_the_card(self, farm: int) -> None:
        """What Stripe is asked for the farm in the end, of an order by card."""
        assert not self.card or Share.objects.filter(producer=self.farm).latest("pk").due_cents == farm

    def _on_the_ticket(self) -> int:
        return sum(part.due_cents for part in parts_of(self.pickup) if part.producer == self.farm)

    def _at_the_stall(self) -> int:
        return order_at_stall(self.farm, self.day, self.pickup.number).due_cents

    def _on_the_bench(self) -> int:
        return order_to_prepare(self.farm, self.day, self.pickup.number).due_cents

    def _among_the_stands(self) -> int:
        return next(stand.total_cents for stand in stands_of(self.day) if stand.producer == self.farm)

    def _on_the_producers_board(self) -> int:
        board = boards([self.farm])[0]
        return sum(card.total_cents for card in [*board.now, *board.later] if card.day == self.day)

    def _in_the_report(self) -> int:
        table = report_of(self.day.pk).tables["producteurs"]
        place = [column.key for column in table.columns].index("du")
        return sum(int(str(row[place])) for row in table.rows if row[1] == self.farm.name)

    def _in_a_summary(self) -> int:
        rows = live_lines(self.day).get(self.farm.pk, [])
        return int(compute(self.day, self.farm, 1, rows, revision=1)["total_cents"])

    def _in_the_list(self) -> int:
        return find_orders(self.day).total_cents

    def _in_the_row_of_the_list(self) -> int:
        return find_orders(self.day).lines[0].pickup.due_cents

    def _for_the_resident(self) -> int:
        history = history_of_resident(someone("lea"), None)
        return sum(order.due_cents for order in (*history.coming, *history.past))

    def _in_the_figures(self) -> int:
        return report_of(self.day.pk).figures.due

    def _in_the_vat(self) -> int:
        return report_of(self.day.pk).tables["tva"].total("ttc")

    def _are_written(self, farm: int, whole: int) -> None:
        """Where people read them: the ticket, its mail, the manager's list and page."""
        pages = {
            "ticket": text_of(Client().get(self.pickup.get_absolute_url(), follow=True)),
            "list": text_of(self.manager.get(url(self.day))),
            "page": text_of(self.manager.get(url(self.day, f"commandes/{self.pickup.number}/"))),
        }
        if not self.pickup.is_pending:
            confirmation = Message.objects.filter(kind="order-confirmation").latest("pk")
            pages["mail"] = str(render(confirmation).body)
        with translation.override("fr"):
            amounts = {euros(whole), euros(farm)} - {euros(0)}
        missing = {
            (name, amount) for name, said in pages.items() for amount in amounts if _plain(amount) not in _plain(said)
        }
        assert missing <= {("list", euros(farm))}

    def is_told_in_the_last_summary(self, farm: int) -> None:
        """The revision that the farm has, on its page and in its mail and files."""
        summary = self.day.summaries.filter(producer=self.farm).latest_of_each_producer().get()
        file = table_csv(summary_table(summary)).decode("utf-8-sig")
        titles, *rows = csv.reader(io.StringIO(file), delimiter=";")
        place = next(place for place, title in enumerate(titles) if "€" in title)
        own = [row for row in rows if row[2] == str(self.pickup.number)]
        cents = [round(float(row[place].replace(",", ".")) * 100) for row in own]

        assert summary.data["total_cents"] == farm == sum(cents)


OF_THE_FARM = (
    "on_the_ticket",
    "at_the_stall",
    "on_the_bench",
    "among_the_stands",
    "on_the_producers_board",
    "in_the_report",
    "in_a_summary",
)
OF_ALL = (
    "in_the_list",
    "in_the_row_of_the_list",
    "for_the_resident",
    "in_the_figures",
    "in_the_vat",
)


def _plain(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ")


@pytest.fixture
def honey(day: MarketDay) -> Listing:
    """8.50 € a jar, of a producer whom no card pays."""
    return cast.listing(cast.honey(cast.le_rucher(day.market)), day, price_cents=850, quantity=3)


@pytest.fixture(params=["stall", "card"])
def books(
    request: pytest.FixtureRequest,
    chicken: Listing,
    carrots: Listing,
    honey: Listing,
    paid: OrderByCard,
    clock: time_machine.Traveller,
) -> Books:
    """A chicken (19.20 €), two steps of carrots (3.75 €) and a honey (8.50 €)."""
    card, goods = request.param == "card", {chicken: 1, carrots: 2, honey: 1}
    pickup = paid(goods) if card else cast.placed_order(goods)
    pickup.order.user = someone("lea")
    pickup.order.save(update_fields=["user"])
    return Books(pickup, chicken.producer, signed_in(claire(chicken.day.market)), clock, card)


@pytest.fixture
def unpaid(
    chicken: Listing, carrots: Listing, honey: Listing, by_card: OrderByCard, clock: time_machine.Traveller
) -> Books:
    """The same order, while it waits for its card."""
    pickup = by_card({chicken: 1, carrots: 2, honey: 1})
    pickup.order.user = someone("lea")
    pickup.order.save(update_fields=["user"])
    return Books(pickup, chicken.producer, signed_in(claire(chicken.day.market)), clock, card=True)


def closed(books: Books) -> None:
    books.clock.move_to(cast.AFTER_CUTOFF)
    assert close_day(books.day.pk)


def test_a_line_taken_off_before_the_cutoff_is_in_no_summary(books: Books, carrots: Listing) -> None:
    books.tell(1920 + 375)
    strike(books.pickup, carrots)
    books.tell(1920)

    closed(books)

    books.tell(1920)
    books.is_told_in_the_last_summary(1920)


def test_a_line_taken_off_after_the_cutoff_leaves_the_summary_with_a_revision(books: Books, carrots: Listing) -> None:
    closed(books)
    books.is_told_in_the_last_summary(1920 + 375)

    strike(books.pickup, carrots)

    books.tell(1920)
    books.is_told_in_the_last_summary(1920)
    summary = Summary.objects.filter(producer=books.farm).latest("revision")
    assert (summary.revision, [change["title"] for change in summary.changes]) == (2, ["Carottes", "Carottes"])
    assert "bruised" in summary.data["reason"]


def test_what_was_taken_off_is_not_told_again_by_the_next_revision(
    books: Books, chicken: Listing, carrots: Listing
) -> None:
    closed(books)
    strike(books.pickup, carrots)
    strike(books.pickup, chicken)

    books.tell(0)
    books.is_told_in_the_last_summary(0)
    summary = Summary.objects.filter(producer=books.farm).latest("revision")
    assert {change["title"] for change in summary.changes} == {"Poulet fermier"}


@pytest.mark.parametrize("page", ["opened before", "opened after", "refused at first"])
def test_a_line_taken_off_while_the_order_waits_for_its_card_is_not_paid_for(
    unpaid: Books, chicken: Listing, carrots: Listing, stripe: FakeStripe, clock: time_machine.Traveller, page: str
) -> None:
    pickup = unpaid.pickup
    unpaid.tell(1920 + 375)
    if page == "opened before":
        pay_online(pickup.pk)
    if page == "refused at first":
        stripe.fault("error", "/sessions", times=1, status=400)
        with pytest.raises(Refused, match="no-card"):
            pay_online(pickup.pk)
    strike(pickup, carrots)
    unpaid.tell(1920)

    pay_online(pickup.pk)
    stripe.pay(attempt_of(pickup).session_id)
    reconcile(attempt_of(pickup).pk)

    unpaid.tell(1920)
    unpaid.is_owed_by_the_card(2160)
    closed(unpaid)
    unpaid.is_told_in_the_last_summary(1920)
    prepare(pickup, {chicken: 1550}, without=(carrots,))
    charge(clock)
    unpaid.tell(1860, charged=1860)
    assert stripe.state()["balances"]["platform"]["captured"] == 1860


def test_from_the_scale_to_a_complaint(
    books: Books, chicken: Listing, carrots: Listing, clock: time_machine.Traveller
) -> None:
    closed(books)
    books.tell(1920 + 375)
    prepare(books.pickup, {chicken: 1600})
    books.tell(1920 + 375)
    prepare(books.pickup, {chicken: 1600}, without=(carrots,))
    books.tell(1920)
    prepare(books.pickup, {chicken: 1550})
    books.tell(1860 + 375)

    clock.move_to(MORNING)
    seller = someone("ferme")
    missing = [books.part.details.get(listing=carrots).pk]
    payment = None if books.card else Payment(PaymentMeans.CASH, 1860)
    hand_over(books.part.pk, missing=missing, payment=payment, by=Actor.producer(seller))
    books.tell(1860)
    take_back(books.part.pk, reason="Noted by mistake", by=Actor.producer(seller))
    books.tell(1860 + 375)
    hand_over(books.part.pk, by=Actor.producer(seller))
    settle(clock)
    books.tell(1860 + 375)

    charge(clock)
    clock.move_to(EVENING)
    books.tell(1860 + 375, charged=1860 + 375 if books.card else None)
    strike(books.pickup, chicken)
    settle(clock)
    books.tell(375, charged=375 if books.card else None)


def test_a_part_and_then_the_whole_order_are_cancelled(books: Books, clock: time_machine.Traveller) -> None:
    closed(books)
    cancel_part(books.part.pk, reason="No van", by=Actor.manager(someone("claire2")))
    settle(clock)
    books.tell(0)
    books.is_told_in_the_last_summary(0)

    cancel_order(books.pickup.pk, reason="Ill", by=Actor.manager())
    settle(clock)
    books.tell(0, rest=0)


def test_one_step_of_two_is_told_alike_everywhere(
    books: Books, chicken: Listing, carrots: Listing, clock: time_machine.Traveller
) -> None:
    closed(books)
    line = {detail.listing_id: detail.pk for detail in books.part.details.all()}
    seller, weighed = someone("ferme"), {line[chicken.pk]: 1550}
    prepare_part(books.part.pk, grams=weighed, struck={}, units={line[carrots.pk]: 1}, by=Actor.producer(seller))

    books.tell(1860 + 188)
    books.is_owed_by_the_card(1860 + 188)


def test_what_is_given_in_part_at_the_stall_is_told_alike_everywhere(
    books: Books, carrots: Listing, clock: time_machine.Traveller
) -> None:
    closed(books)
    clock.move_to(MORNING)
    line = books.part.details.get(listing=carrots)
    hand_over(books.part.pk, given={line.pk: Given(1)}, by=Actor.producer(someone("ferme")))

    books.tell(1920 + 188)
    books.is_owed_by_the_card(1920 + 188)

    strike(books.pickup, carrots)
    books.tell(1920)
    books.is_owed_by_the_card(1920)
