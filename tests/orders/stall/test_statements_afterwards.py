"""A statement that was printed says the same when it is printed again, whatever came later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
import time_machine
from django.test import Client

from marche.markets.models import MarketDay
from marche.payments.models import Account, PaymentAttempt
from marche.payments.transfer_or_reverse import transfer_shares
from orders.documents.statement import context_of, statement_pdf
from orders.models import Pickup
from orders.presenters.statement import Statement, statement_of
from orders.presenters.statement_lines import in_ranges
from orders.presenters.tables import Row
from producers.models import Listing
from tests import cast
from tests.payments import rows
from tests.producers.people import signed_in

pytestmark = pytest.mark.django_db

WEDNESDAY = dt.datetime(2026, 12, 2, 9, 0, tzinfo=cast.PARIS)
NEXT_SUNDAY = dt.datetime(2026, 12, 6, 9, 0, tzinfo=cast.PARIS)


@pytest.fixture
def honey(clock) -> Listing:
    """8.50 € a jar, of a beekeeper to whom money can go."""
    market = cast.beauvais()
    seller = cast.le_rucher(market)
    rows.account(seller)
    return cast.listing(cast.honey(seller), cast.saturday(market), price_cents=850, quantity=100)


@pytest.fixture
def account(honey: Listing) -> Account:
    return Account.objects.get(producer=honey.producer)


@pytest.fixture
def paid(honey: Listing, clock: time_machine.Traveller) -> PaymentAttempt:
    """Order 1 of the first Saturday, 17.00 €: charged, handed over, and transferred that evening."""
    attempt = bought(honey, clock)
    clock.move_to(dt.datetime(2026, 11, 28, 18, 15, tzinfo=cast.PARIS))
    rows.moved({attempt.shares.get(): 1700}, "transfer")
    clock.move_to(cast.SUNDAY)
    return attempt


@pytest.fixture
def next_week(honey: Listing, clock: time_machine.Traveller) -> Listing:
    """The same honey, a week later."""
    day = cast.saturday(honey.day.market, dt.date(2026, 12, 5))
    return cast.listing(honey.sheet, day, price_cents=850, quantity=100)


def bought(listing: Listing, clock: time_machine.Traveller, count: int = 2) -> PaymentAttempt:
    """Paid by card and handed over on its day; the fee is the town's."""
    clock.move_to(listing.day.closes_at - dt.timedelta(hours=1))
    attempt = rows.captured(cast.placed_order({listing: count}), fee_cents=0, earned=True)
    PaymentAttempt.objects.filter(pk=attempt.pk).update(fee_cents=0)
    attempt.refresh_from_db()
    return attempt


def owe(attempt: PaymentAttempt, cents: int) -> None:
    """The resident is refunded; Stripe could not take it back from the producer."""
    rows.moved({attempt.shares.get(): -cents}, "refund", reason="Un pot cassé")
    rows.moved({attempt.shares.get(): -cents}, "reversal", state="refused")


def printed(listing: Listing) -> Statement:
    return statement_of(listing.producer, listing.day)


def amounts(lines: Sequence[Row]) -> list[tuple[object, ...]]:
    """What, refunded, net, transferred, withheld."""
    return [(line[3], line[6], *line[8:]) for line in lines]


def test_another_weeks_debt_leaves_the_transferred_of_a_week_alone(honey, paid, next_week, account, clock):
    clock.move_to(WEDNESDAY)
    owe(paid, 850)
    before = printed(honey).orders
    second = bought(next_week, clock)
    clock.move_to(NEXT_SUNDAY)
    transfer_shares([paid, second], {account.producer_id: account})
    rows.Instruction.objects.filter(state="waiting").update(state="done", done_at=NEXT_SUNDAY)

    assert printed(honey).orders.total("verse") == before.total("verse") == 1700
    assert printed(honey).orders.rows[: len(before.rows)] == before.rows
    assert printed(next_week).orders.total("verse") == 850, "what went to the bank for this week"
    assert printed(next_week).orders.total("retenu") == 850
    assert (printed(honey).balance_cents, printed(next_week).balance_cents) == (0, 0)


def test_each_of_the_two_statements_names_the_other(honey, paid, next_week, account, clock):
    clock.move_to(WEDNESDAY)
    owe(paid, 850)
    second = bought(next_week, clock)
    clock.move_to(NEXT_SUNDAY)
    transfer_shares([paid, second], {account.producer_id: account})

    assert amounts(printed(next_week).orders.rows)[-1] == (
        "Retenu pour le relevé du samedi 28 novembre 2026, commande n° 1", 0, 0, 0, 850,
    )  # fmt: skip
    assert amounts(printed(honey).orders.rows)[-1] == (
        "Réglé par retenue sur le relevé du samedi 5 décembre 2026, commande n° 1", 0, 0, 0, -850,
    )  # fmt: skip


def test_a_later_refund_and_what_is_taken_back_for_it_are_dated_lines_under_the_same_sales(honey, paid, clock):
    before = printed(honey).orders.rows
    clock.move_to(WEDNESDAY)
    rows.moved({paid.shares.get(): -850}, "refund", reason="Un pot cassé")
    clock.shift(60)
    rows.moved({paid.shares.get(): -850}, "reversal")

    after = printed(honey).orders.rows
    assert after[: len(before)] == before
    assert amounts(after[len(before) :]) == [
        ("Remboursé à l’habitant : Un pot cassé", 850, -850, 0, 0),
        ("Repris sur votre compte", 0, 0, -850, 0),
    ]
    assert {line[0] for line in after[len(before) :]} == {WEDNESDAY.date()}
    assert printed(honey).balance_cents == 0


def test_goods_that_nobody_collected_and_that_are_refunded_later_keep_their_sale(honey, clock):
    attempt = bought(honey, clock)
    attempt.shares.update(earned_at=None)
    clock.move_to(cast.SUNDAY)
    [before] = printed(honey).orders.rows
    clock.move_to(WEDNESDAY)
    rows.moved({attempt.shares.get(): -1700}, "refund")

    assert printed(honey).orders.rows[0] == before
    assert printed(honey).balance_cents == 0


def test_a_refund_that_the_bank_sent_back_is_told_and_then_told_to_be_back(honey, paid, clock):
    clock.move_to(WEDNESDAY)
    refund = rows.moved({paid.shares.get(): -850}, "refund")
    before = printed(honey).orders.rows
    refund.state, refund.error, refund.due_at = "refused", "refund-failed", NEXT_SUNDAY
    refund.save()

    after = printed(honey).orders.rows
    assert after[:-1] == before
    assert amounts(after)[-1] == ("La banque de l’habitant a renvoyé le remboursement", -850, 850, 0, 0)
    assert printed(honey).balance_cents == 0


def test_a_fee_that_falls_away_with_a_later_refund_falls_away_in_its_line(honey, paid, clock):
    paid.shares.update(fee_cents=51)
    before = printed(honey).orders.rows[0]
    clock.move_to(WEDNESDAY)
    rows.moved({paid.shares.get(): -1700}, "refund")

    table = printed(honey).orders
    assert table.rows[0] == before
    assert table.rows[-1][7:9] == (-51, -1649)
    assert (table.total("frais"), table.total("net")) == (0, 0)


def test_page_pdf_and_csv_printed_a_week_later_are_the_same_to_the_letter(honey, paid, next_week, clock):
    def files() -> list[bytes]:
        client: Client = signed_in(honey.producer.partner.users.get())
        address = f"/producteur/le-rucher/beauvais/{honey.day.date}/releve"
        statement = printed(honey)
        page = str(context_of(statement)).encode()
        return [page, statement_pdf(statement), client.get(f"{address}.csv").content]

    before = files()
    clock.move_to(NEXT_SUNDAY)
    bought(next_week, clock)
    clock.move_to(NEXT_SUNDAY)

    assert files() == before


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("won", "La banque de l’habitant a donné raison au marché"),
        ("lost", "Litige perdu : la ville en supporte la perte, vous gardez ce qui vous a été versé"),
    ],
)
def test_a_dispute_is_told_by_lines_and_changes_none(honey, paid, clock, status, words):
    before = printed(honey).orders.rows
    clock.move_to(WEDNESDAY)
    dispute = rows.contested(paid)
    contested = printed(honey).orders.rows
    assert contested[:-1] == before
    assert contested[-1][3] == "Contesté par la banque de l’habitant"

    clock.move_to(NEXT_SUNDAY)
    dispute.status, dispute.closed_at = status, NEXT_SUNDAY
    dispute.save()
    assert printed(honey).orders.rows[:-1] == contested
    assert printed(honey).orders.rows[-1][3] == words


def test_a_dispute_that_is_lost_before_the_transfer_says_that_nothing_comes(honey, clock):
    attempt = bought(honey, clock)
    clock.move_to(WEDNESDAY)
    rows.contested(attempt, "lost", closed_at=WEDNESDAY)

    statement = printed(honey)
    assert (statement.contested, statement.lost, statement.balance_cents) == (0, 1, 0)
    assert any("perdu dans un litige" in remark for remark in context_of(statement)["remarks"])


def test_what_is_transferred_together_is_one_line(honey, clock):
    attempts = [bought(honey, clock, 1) for _time in range(3)]
    clock.move_to(cast.SUNDAY)
    for attempt in attempts:
        rows.moved({attempt.shares.get(): 850}, "transfer")

    assert printed(honey).orders.rows[-1][1:4] == ("1 à 3", "", "Versé sur votre compte")
    assert printed(honey).orders.rows[-1][9] == 2550


@pytest.mark.parametrize(
    ("numbers", "words"),
    [([1], "1"), ([2, 1], "1, 2"), ([1, 2, 3, 5], "1 à 3, 5"), ([4, 7, 8, 9], "4, 7 à 9")],
)
def test_numbers_are_read_in_ranges(numbers: list[int], words: str) -> None:
    assert in_ranges(numbers) == words


def test_a_statement_is_provisional_until_the_market_is_over(honey: Listing, clock: time_machine.Traveller) -> None:
    bought(honey, clock)
    day: MarketDay = honey.day
    assert not printed(honey).is_final

    clock.move_to(day.ends_at)
    assert printed(honey).is_final
    assert Pickup.objects.count() == 1
