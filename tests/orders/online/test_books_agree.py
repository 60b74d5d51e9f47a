"""Statement, its CSV, the report, the payments page and the ticket tell one truth of money that went astray."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass

import pytest
import time_machine
from django.utils import translation

from dev.fakestripe import FakeStripe
from marche.common.actors import Actor
from marche.payments.actions.handle_event import handle_event
from marche.payments.actions.note_dispute import note_dispute
from marche.payments.actions.reconcile import reconcile
from marche.payments.actions.transfer_due import transfer_due
from marche.payments.models import Instruction, StripeEvent
from marche.payments.statements import statement_days
from orders.actions.hand_over import hand_over
from orders.documents.spreadsheet import table_csv
from orders.manager.payments.page import payments_of
from orders.manager.report.report import report_of
from orders.models import Pickup
from orders.presenters.card import card_of
from orders.presenters.statement import statement_of
from producers.models import Listing, Producer
from tests.orders.online.by_card import (
    EVENING,
    FRIDAY,
    MORNING,
    OrderByCard,
    attempt_of,
    by_hand,
    charge,
    prepare,
    settle,
    someone,
    strike,
)
from tests.stripe import TILL, deliver


@dataclass(frozen=True)
class Told:
    """Cents, as everybody tells them: taken from the resident, given back, passed on to the farm, lost to a bank."""

    charged: int
    refunded: int
    transferred: int
    lost: int = 0


def told(pickup: Pickup, farm: Producer) -> dict[str, object]:
    """Who tells what; the same facts by the same names."""
    statement, report = statement_of(farm, pickup.day), report_of(pickup.day_id)
    day = payments_of(pickup.market).figures
    figures = dict(zip([column.key for column in day.columns], day.rows[0], strict=True))
    card = card_of(pickup)
    assert card
    return {
        "statement": tuple(statement.orders.total(key) for key in ("debite", "rembourse", "verse")),
        "csv": tuple(_in_the_file(statement.orders)[key] for key in ("debite", "rembourse", "verse")),
        "list of statements": statement_days(farm)[0].charged_cents,
        "page of payments": tuple(figures[key] for key in ("debite", "rembourse", "verse", "perdu")),
        "report, producers": report.tables["producteurs"].total("online"),
        "report, payments": report.tables["paiements"].total("encaisse"),
        "ticket": (card.attempt.captured_cents, card.refunded_cents, card.lost_cents),
    }


def _in_the_file(table: object) -> dict[str, int]:
    """The sums of the columns of the CSV, in cents."""
    rows = list(csv.reader(io.StringIO(table_csv(table).decode("utf-8-sig")), delimiter=";"))  # type: ignore[arg-type]
    keys = [column.key for column in table.columns]  # type: ignore[attr-defined]
    cells = [dict(zip(keys, row, strict=True)) for row in rows[1:] if row[1]]
    return {
        key: sum(round(float(row[key].replace(",", ".") or 0) * 100) for row in cells)
        for key in ("debite", "rembourse", "verse")
    }


def agree(pickup: Pickup, farm: Producer, truth: Told) -> None:
    passed_on = truth.charged, truth.refunded, truth.transferred
    assert told(pickup, farm) == {
        "statement": passed_on,
        "csv": passed_on,
        "list of statements": truth.charged,
        "page of payments": (*passed_on, truth.lost),
        "report, producers": truth.charged - truth.refunded,
        "report, payments": truth.charged - truth.refunded,
        "ticket": (truth.charged, truth.refunded, truth.lost),
    }


@pytest.fixture
def farm(chicken: Listing) -> Producer:
    return chicken.producer


@pytest.fixture
def collected(
    paid: OrderByCard, chicken: Listing, carrots: Listing, clock: time_machine.Traveller
) -> Callable[[], Pickup]:
    """A chicken of 18.00 € and carrots of 3.75 €, prepared on the Friday and handed over on the Saturday."""

    def made(before_it_is_prepared: Callable[[Pickup], None] = lambda pickup: None) -> Pickup:
        pickup = paid({chicken: 1, carrots: 2})
        clock.move_to(FRIDAY)
        before_it_is_prepared(pickup)
        prepare(pickup, {chicken: 1500})
        clock.move_to(MORNING)
        hand_over(pickup.parts.get().pk, by=Actor.producer(someone("marie")))
        charge(clock)
        clock.move_to(EVENING)
        transfer_due(TILL)
        settle(clock)
        return pickup

    return made


def test_of_a_partial_capture_by_hand(collected, farm: Producer, stripe: FakeStripe) -> None:
    def ten_euros(pickup: Pickup) -> None:
        by_hand(stripe, attempt_of(pickup), capture=1000)
        reconcile(attempt_of(pickup).pk)

    pickup = collected(ten_euros)

    agree(pickup, farm, Told(1000, 0, 1000))
    [short] = [kind for kind in payments_of(pickup.market).kinds if kind.code == "less-than-due"]
    assert short.cents == 1175
    assert report_of(pickup.day_id).figures.difference == -1175


def test_of_a_refund_and_of_one_that_came_back(
    collected, farm: Producer, carrots: Listing, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = collected()
    agree(pickup, farm, Told(2175, 0, 2175))
    strike(pickup, carrots)
    settle(clock)
    transfer_due(TILL)
    settle(clock)
    agree(pickup, farm, Told(2175, 375, 1800))

    refund = Instruction.objects.get(kind=Instruction.Kind.REFUND)
    stripe.fail_refund(refund.stripe_id)
    deliver(stripe)
    for event in StripeEvent.objects.filter(handled_at=None):
        handle_event(event.pk)
    refund.refresh_from_db()
    assert refund.state == Instruction.State.REFUSED

    agree(pickup, farm, Told(2175, 0, 1800))
    assert "refused" in {kind.code for kind in payments_of(pickup.market).kinds}


def test_of_a_lost_dispute(collected, farm: Producer, stripe: FakeStripe) -> None:
    pickup = collected()
    opened = stripe.dispute(attempt_of(pickup).charge_id)
    note_dispute(opened["id"], till=TILL)
    agree(pickup, farm, Told(2175, 0, 2175))
    stripe.close_dispute(opened["id"], "lost")
    note_dispute(opened["id"], till=TILL)

    agree(pickup, farm, Told(2175, 0, 2175, lost=2175))
    with translation.override("en"):
        note = report_of(pickup.day_id).tables["paiements"].note
    assert "€21.75 of it were lost in disputes" in note
