"""The manager's page of payments: clean when all adds up, else each thing that does not, and the figures."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from marche.common.actors import Actor
from marche.markets.models import Market
from marche.payments.models import Comparison, Instruction, PaymentAttempt, Share
from orders.actions.cancel_order import cancel_order
from orders.manager.payments.findings import Finding
from orders.manager.payments.page import payments_of
from orders.models import Pickup
from producers.models import Listing
from tests import cast
from tests.orders.manager.people import claire, signed_in, text_of
from tests.payments import rows
from tests.stripe import TILL

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
HOURS_3 = dt.timedelta(hours=3)
MONDAY_AFTER = dt.datetime(2026, 11, 30, 9, 0, tzinfo=cast.PARIS)


@pytest.fixture
def market() -> Market:
    return cast.beauvais(till=TILL)


@pytest.fixture
def honey(market: Market) -> Listing:
    """8.50 € a jar, of a beekeeper whom Stripe can pay."""
    seller = cast.le_rucher(market)
    rows.account(seller)
    return cast.listing(cast.honey(seller), cast.saturday(market), price_cents=850, quantity=50)


@pytest.fixture
def lea(honey: Listing) -> Pickup:
    """Two jars, 17.00 €."""
    return cast.placed_order({honey: 2})


@pytest.fixture
def manager(market: Market) -> Client:
    return signed_in(claire(market))


def found(market: Market) -> dict[str, list[Finding]]:
    return {kind.code: list(kind.findings) for kind in payments_of(market).kinds}


def codes(market: Market) -> dict[str, list[int]]:
    """The cents of each finding, by kind."""
    return {code: [finding.cents for finding in findings] for code, findings in found(market).items()}


def cancelled(pickup: Pickup) -> Pickup:
    """As it stands when its money did not follow."""
    Pickup.objects.filter(pk=pickup.pk).update(cancelled_at=timezone.now())
    pickup.parts.update(cancelled_at=timezone.now())
    return pickup


# When all is in order


def test_a_market_whose_payments_add_up_is_clean(market, lea):
    attempt = rows.captured(lea, earned=True)
    rows.moved({attempt.shares.get(): 1700}, "transfer")

    assert codes(market) == {}


def test_an_order_whose_money_is_held_is_clean(market, lea):
    rows.payment(lea)

    assert codes(market) == {}


def test_an_order_that_was_cancelled_and_refunded_is_clean(market, lea):
    attempt = rows.captured(cancelled(lea))
    Share.objects.update(due_cents=0)
    rows.moved({attempt.shares.get(): -1700}, "refund")

    assert codes(market) == {}


def test_an_order_paid_at_the_stalls_is_clean(market, lea, clock):
    clock.move_to(MONDAY_AFTER)

    assert codes(market) == {}


def test_another_markets_trouble_is_not_told(market, lea):
    rows.payment(cancelled(lea))
    other = cast.beauvais(slug="clermont", name="Marché de Clermont", till=TILL)

    assert codes(other) == {}


# Money without an order


@pytest.mark.parametrize("made", [rows.payment, rows.captured])
def test_money_of_a_cancelled_order_is_told(market, lea, made):
    attempt = made(cancelled(lea))

    [finding] = found(market)["money-without-order"]
    assert (finding.cents, finding.pickup, finding.attempt_id) == (1700, lea, attempt.pk)


def test_money_that_is_on_its_way_back_is_not_told(market, lea):
    attempt = rows.captured(cancelled(lea))
    rows.moved({attempt.shares.get(): -1700}, "refund", state="waiting")

    assert codes(market) == {}


def test_what_is_left_of_a_refund_is_told(market, lea):
    attempt = rows.captured(cancelled(lea))
    rows.moved({attempt.shares.get(): -1000}, "refund")

    assert codes(market) == {"money-without-order": [700]}


# An order without its money


def pending(pickup: Pickup, **changes: Any) -> PaymentAttempt:
    Pickup.objects.filter(pk=pickup.pk).update(to_be_paid_by=timezone.now() + dt.timedelta(minutes=45))
    return rows.payment(pickup, **{"state": "open", "authorised_at": None} | changes)


def test_an_order_that_waits_for_its_payment_is_told_after_two_hours(market, lea, clock):
    attempt = pending(lea)
    assert codes(market) == {}

    clock.shift(dt.timedelta(hours=2))
    [finding] = found(market)["waiting-for-payment"]
    assert (finding.cents, finding.attempt_id) == (1700, attempt.pk)


@pytest.mark.parametrize("state", ["voided", "expired"])
def test_an_order_that_stands_though_nothing_holds_its_money_is_told(market, lea, state):
    rows.payment(lea, state=state, ended_at=timezone.now())

    assert codes(market) == {"order-without-money": [1700]}


def test_an_authorisation_that_has_ended_by_the_clock_is_told(market, lea, clock):
    rows.payment(lea, capture_before=timezone.now() + HOURS_3)
    assert codes(market) == {}

    clock.shift(HOURS_3 * 2)
    assert codes(market) == {"order-without-money": [1700]}


def test_of_an_order_without_its_money_only_what_was_not_taken_off_counts(market, lea):
    rows.payment(lea, state="expired", ended_at=timezone.now())
    jars = lea.parts.get().details.get()
    jars.prepared_quantity, jars.final_cents = 1, 850
    jars.save()
    assert codes(market) == {"order-without-money": [850]}

    jars.struck = "quality"
    jars.save()
    assert codes(market) == {}


def test_of_an_order_that_waits_only_what_was_not_taken_off_counts(market, lea, clock):
    pending(lea)
    Share.objects.update(due_cents=850)
    clock.shift(HOURS_3)

    assert codes(market) == {"waiting-for-payment": [850]}


def test_an_amount_below_stripes_minimum_was_waived(market, lea):
    rows.payment(lea, state="voided")
    Share.objects.update(due_cents=40)

    assert codes(market) == {}


def test_an_order_paid_at_the_stalls_after_all_is_not_told(market, lea):
    rows.payment(lea, state="expired")
    lea.parts.update(online=False)

    assert codes(market) == {}


def test_less_taken_than_is_due_is_told(market, lea):
    attempt = rows.captured(lea)
    rows.moved({attempt.shares.get(): -200}, "refund")

    assert codes(market) == {"less-than-due": [200]}


# Producers


def test_a_transfer_that_is_owed_a_day_after_the_market_is_told_with_its_reason(market, lea, clock):
    rows.captured(lea, fee_cents=51, earned=True)
    clock.move_to(MONDAY_AFTER - dt.timedelta(days=1, hours=2))
    assert "transfers-owed" not in codes(market)

    clock.move_to(MONDAY_AFTER)
    [finding] = found(market)["transfers-owed"]
    assert (finding.cents, finding.who) == (1649, "Le Rucher d’Hodenc")


def reasons(market: Market) -> set[str]:
    return {finding.detail for finding in found(market)["transfers-owed"]}


def test_why_a_transfer_is_owed_is_told(market, lea, honey, clock):
    attempt = rows.captured(lea, fee_cents=51, earned=True)
    clock.move_to(MONDAY_AFTER)
    unknown_fee = reasons(market)
    PaymentAttempt.objects.update(fee_cents=51)
    late = reasons(market)
    honey.producer.accounts.update(transfers="inactive", due=["external_account"])
    restricted = reasons(market)
    rows.moved({attempt.shares.get(): 1649}, "transfer", state="refused", error="account_invalid")
    refused = reasons(market)

    assert len(unknown_fee | late | restricted | refused) == 4


def test_transfers_of_a_producer_and_day_are_told_together(market, honey, clock):
    for number in range(3):
        rows.captured(cast.placed_order({honey: 1}, email=f"r{number}@example.org"), earned=True)
    clock.move_to(MONDAY_AFTER)

    assert codes(market)["transfers-owed"] == [2550]


def test_what_a_producer_has_too_much_is_told(market, lea, clock):
    attempt = rows.captured(lea, earned=True)
    share = attempt.shares.get()
    rows.moved({share: 1700}, "transfer")
    rows.moved({share: -500}, "refund")
    Share.objects.update(due_cents=1200)

    [finding] = found(market)["debts"]
    assert (finding.cents, finding.who, finding.pickup) == (500, "Le Rucher d’Hodenc", lea)


def test_an_account_that_stripe_stopped_is_told(market, honey):
    honey.producer.accounts.update(transfers="inactive", due=["external_account"])

    [finding] = found(market)["stopped-accounts"]
    assert finding.who == "Le Rucher d’Hodenc"


def test_goods_that_were_paid_and_not_handed_over_are_told_once_the_market_is_over(market, lea, clock):
    rows.captured(lea)
    assert codes(market) == {}

    clock.move_to(MONDAY_AFTER)
    [finding] = found(market)["not-collected"]
    assert (finding.cents, finding.pickup, finding.who) == (1700, lea, "Le Rucher d’Hodenc")


def test_goods_that_were_taken_off_the_order_are_not_waited_for(market, lea, clock):
    attempt = rows.captured(lea)
    Share.objects.update(due_cents=0)
    rows.moved({attempt.shares.get(): -1700}, "refund")
    clock.move_to(MONDAY_AFTER)

    assert "not-collected" not in codes(market)


# Stripe


def test_a_refused_request_is_told_with_its_reason_and_can_be_tried_again(market, lea):
    attempt = rows.captured(lea)
    refused = rows.moved({attempt.shares.get(): -300}, "refund", state="refused", error="charge_disputed")

    [finding] = found(market)["refused"]
    assert (finding.cents, finding.instruction_id) == (300, refused.pk)
    assert "charge_disputed" in finding.detail


@pytest.mark.parametrize("state", ["done", "dropped"])
def test_a_request_that_is_done_or_given_up_is_not_told(market, lea, state):
    attempt = rows.payment(lea)
    rows.moved({attempt.shares.get(): 1700}, "transfer", state=state)
    Share.objects.update(earned_at=timezone.now(), due_cents=0)

    assert not {"refused", "unanswered"} & set(codes(market))


def test_a_request_without_an_answer_is_told_after_two_hours(market, lea, clock):
    attempt = rows.payment(lea)
    rows.moved({attempt.shares.get(): 1700}, "capture", state="waiting")
    assert codes(market) == {}

    clock.shift(HOURS_3)
    assert codes(market) == {"unanswered": [1700]}


@pytest.mark.parametrize(
    ("status", "told"), [("needs_response", True), ("under_review", True), ("won", False), ("warning_closed", False)]
)
def test_a_dispute_is_told_until_it_is_won(market, lea, status, told):
    rows.contested(rows.captured(lea), status)

    assert codes(market) == ({"disputes": [1700]} if told else {})


def test_the_reason_of_a_dispute_is_told_in_words(market, lea):
    rows.contested(rows.captured(lea), "needs_response")

    [finding] = found(market)["disputes"]
    assert "fraudulent" not in finding.detail
    assert "titulaire" in finding.detail


def test_a_dispute_that_was_lost_is_told_for_a_month(market, lea, clock):
    attempt = rows.captured(lea, earned=True)
    rows.contested(attempt, "lost", closed_at=timezone.now())
    assert codes(market) == {"disputes": [1700]}

    clock.shift(dt.timedelta(days=31))
    assert "disputes" not in codes(market)


def differing(order_number: str, **changes: Any) -> dict[str, Any]:
    row = {"what": "unknown", "of": "refund", "stripe_id": "re_1", "stripe_cents": 300, "our_cents": 0}
    return row | {"order_number": order_number, "at": timezone.now().isoformat()} | changes


def test_what_differs_from_stripes_books_is_told_with_its_order(market, lea):
    Comparison.objects.create(till=TILL, made_at=timezone.now(), differences=[differing(lea.order.number)])

    [finding] = found(market)["differences"]
    assert (finding.cents, finding.pickup) == (300, lea)
    assert "re_1" in finding.detail


def test_only_the_last_comparison_counts(market, lea):
    Comparison.objects.create(till=TILL, made_at=timezone.now() - HOURS_3, differences=[differing("")])
    Comparison.objects.create(till=TILL, made_at=timezone.now())

    assert codes(market) == {}


def test_a_difference_about_another_markets_order_is_told_there(market, lea):
    other = cast.beauvais(slug="clermont", name="Marché de Clermont", till=TILL)
    differences = [differing(lea.order.number), differing("M-0000", stripe_id="re_2")]
    Comparison.objects.create(till=TILL, made_at=timezone.now(), differences=differences)

    assert len(found(market)["differences"]) == 2
    assert [finding.pickup for finding in found(other)["differences"]] == [None]


def test_books_that_were_not_compared_for_a_night_are_told(market, lea, clock):
    rows.payment(lea)
    Comparison.objects.create(till=TILL, made_at=timezone.now())
    clock.shift(dt.timedelta(hours=37))

    assert set(codes(market)) == {"not-compared"}


# The figures


def test_the_figures_of_a_day_add_up(market, honey, lea):
    """Léa: 17.00 € taken, 2.00 € refunded, 14.00 € transferred; Odette: 8.50 € held. The town bears 0.51 €."""
    attempt = rows.captured(lea, fee_cents=0, earned=True)
    PaymentAttempt.objects.filter(pk=attempt.pk).update(fee_cents=51)
    rows.moved({attempt.shares.get(): -200}, "refund")
    rows.moved({attempt.shares.get(): 1400}, "transfer")
    rows.payment(cast.placed_order({honey: 1}, **cast.ODETTE))

    [row] = payments_of(market).figures.rows
    assert row[1:] == (2, 850, 1700, 200, 51, 1400, 0, 100, 0, -51)


def test_a_fee_that_producers_bear_costs_the_town_nothing(market, lea):
    attempt = rows.captured(lea, fee_cents=51, earned=True)
    PaymentAttempt.objects.filter(pk=attempt.pk).update(fee_cents=51)

    [row] = payments_of(market).figures.rows
    assert row[-3:] == (1649, 0, 0)


def test_a_lost_dispute_is_the_towns(market, lea):
    attempt = rows.captured(lea, earned=True)
    rows.moved({attempt.shares.get(): 1700}, "transfer")
    rows.contested(attempt, "lost", closed_at=timezone.now())

    [row] = payments_of(market).figures.rows
    assert row[-3:] == (0, 1700, -1700)


def test_eight_days_are_shown_the_latest_first(market, honey):
    for week in range(1, 10):
        cast.saturday(market, cast.SATURDAY - dt.timedelta(weeks=week))

    shown = payments_of(market).figures.rows
    assert len(shown) == 8
    assert "28" in str(shown[0][0])


# The page


def get(manager: Client, market: Market) -> Any:
    return manager.get(f"/gestion/{market.slug}/paiements/")


def test_the_page_says_that_all_is_clean_and_when_it_was_compared(manager, market, stripe, lea):
    rows.payment(lea)
    Comparison.objects.create(till=TILL, made_at=timezone.now())

    page = get(manager, market).content.decode()
    assert "note--success" in page
    assert "note--error" not in page
    assert "24 novembre" in page


def test_the_page_leads_to_the_order_and_holds_the_button_that_helps(manager, market, stripe, lea):
    attempt = rows.captured(lea)
    refused = rows.moved({attempt.shares.get(): -300}, "refund", state="refused", error="charge_disputed")
    rows.payment(cancelled(cast.placed_order({lea.parts.get().details.get().listing: 1}, **cast.ODETTE)))

    page = get(manager, market).content.decode()
    assert "note--error" in page
    assert f"/gestion/beauvais/2026-11-28/commandes/{lea.number}/" in page
    assert f"/gestion/beauvais/paiements/demandes/{refused.pk}/reessayer/" in page
    assert "/verifier/" in page
    assert "3,00" in text_of(get(manager, market))


def test_a_key_that_stripe_refuses_stands_among_what_is_to_be_looked_at(manager, market, settings, stripe):
    settings.STRIPE_SECRET_KEYS = {}

    assert 'id="keys"' in get(manager, market).content.decode()


def test_a_market_without_a_till_says_so_and_has_no_link(manager, market):
    Market.objects.update(till="")

    response = get(manager, market)
    assert 'class="empty"' in response.content.decode()
    assert "/gestion/beauvais/paiements/" not in manager.get("/gestion/beauvais/reglages/").content.decode()


def test_a_market_with_a_till_has_its_link_in_the_menu(manager, market):
    assert 'href="/gestion/beauvais/paiements/"' in manager.get("/gestion/beauvais/reglages/").content.decode()


def test_comparing_tells_what_it_found(manager, market, stripe):
    response = manager.post("/gestion/beauvais/paiements/comparer/")

    assert response.url == "/gestion/beauvais/paiements/"
    assert Comparison.objects.get().differences == []


def test_comparing_without_an_answer_changes_nothing(manager, market, stripe):
    stripe.fault("error", "/v1/payment_intents")

    assert manager.post("/gestion/beauvais/paiements/comparer/").status_code == 302
    assert not Comparison.objects.exists()


def test_asking_about_a_payment_brings_the_order_in_line(manager, market, stripe, lea):
    """As far as Stripe knows, this payment was never begun, and it is too late to begin it."""
    attempt = pending(lea, session_id="", intent_id="", parameters={"mode": "payment", "expires_at": 1})

    response = manager.post(f"/gestion/beauvais/paiements/{attempt.pk}/verifier/")
    attempt.refresh_from_db()
    assert (response.status_code, attempt.state) == (302, PaymentAttempt.State.EXPIRED)


def test_trying_again_gives_up_the_refused_request_and_asks_for_what_is_owed_now(manager, market, stripe, lea):
    attempt = rows.captured(lea)
    refused = rows.moved({attempt.shares.get(): -300}, "refund", state="refused")
    lea.parts.get().details.update(struck="quality")

    manager.post(f"/gestion/beauvais/paiements/demandes/{refused.pk}/reessayer/")
    refused.refresh_from_db()
    [refund] = attempt.instructions.filter(kind="refund", state="waiting")
    assert (refused.state, refund.cents) == (Instruction.State.DROPPED, 1700)


def test_trying_again_twice_asks_once(manager, market, stripe, lea):
    attempt = rows.captured(lea)
    refused = rows.moved({attempt.shares.get(): -300}, "refund", state="refused")
    lea.parts.get().details.update(struck="quality")

    for _time in range(2):
        assert manager.post(f"/gestion/beauvais/paiements/demandes/{refused.pk}/reessayer/").status_code == 302
    assert attempt.instructions.filter(kind="refund", state="waiting").count() == 1


def test_another_markets_payments_can_not_be_asked_about(manager, market, stripe):
    other = cast.beauvais(slug="clermont", name="Marché de Clermont", till=TILL)
    day = cast.saturday(other)
    attempt = rows.captured(cast.placed_order({cast.listing(cast.carrots(cast.ferme_du_ru(other)), day): 1}))
    refused = rows.moved({attempt.shares.get(): -10}, "refund", state="refused")

    assert manager.post(f"/gestion/beauvais/paiements/{attempt.pk}/verifier/").status_code == 404
    assert manager.post(f"/gestion/beauvais/paiements/demandes/{refused.pk}/reessayer/").status_code == 404


def test_however_much_is_found_the_queries_are_the_same(market, honey, clock, django_assert_num_queries):
    def trouble(count: int) -> None:
        for number in range(count):
            attempt = rows.captured(cast.placed_order({honey: 1}, email=f"r{number}@example.org"), earned=True)
            rows.moved({attempt.shares.get(): -100}, "refund", state="refused")
            rows.contested(rows.captured(cast.placed_order({honey: 1}, email=f"s{number}@example.org")))

    with time_machine.travel(cast.OPEN_TIME, tick=False):
        trouble(1)
    clock.move_to(MONDAY_AFTER)
    with django_assert_num_queries(20):
        assert payments_of(market).count > 2
    with time_machine.travel(cast.OPEN_TIME, tick=False):
        trouble(3)
    with django_assert_num_queries(20):
        assert payments_of(market).count > 6


def test_a_cancelled_order_gives_its_money_back_by_itself(market, lea):
    """The whole chain: what `cancel_order` writes leaves nothing for this page."""
    rows.payment(lea)
    cancel_order(lea.pk, reason="erreur", by=Actor.manager())

    assert codes(market) == {}
