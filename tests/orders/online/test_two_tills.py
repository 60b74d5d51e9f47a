"""Two towns on one installation, each with its own platform at Stripe: neither sees nor moves the other's money."""

from __future__ import annotations

import pytest
import time_machine
from pytest_django import Settings

from dev.fakestripe import API_KEY, FakeStripe
from marche.common.actors import Actor
from marche.markets.models import Market
from marche.payments.actions.handle_event import attempt_of as attempt_of_event
from marche.payments.actions.transfer_due import transfer_due
from marche.payments.models import Account, PaymentAttempt, StripeEvent
from orders.actions.hand_over import hand_over
from orders.presenters.basket import contents_of
from orders.presenters.card_choice import online_of
from producers.models import Listing
from tests import cast
from tests.orders.online.by_card import EVENING, MORNING, Charged, OrderByCard, attempt_of, charge, someone
from tests.stripe import TILL, deliver

OTHER = "clermont"


@pytest.fixture
def clermont(stripe: FakeStripe, settings: Settings) -> str:
    """Another till of this installation."""
    settings.STRIPE_SECRET_KEYS = {TILL: API_KEY, OTHER: f"{API_KEY}_clermont"}
    settings.STRIPE_WEBHOOK_SECRETS = {**settings.STRIPE_WEBHOOK_SECRETS, OTHER: "whsec_clermont"}
    return OTHER


def test_an_account_at_one_till_takes_no_cards_at_another(chicken: Listing, clermont: str) -> None:
    Market.objects.update(till=clermont)
    basket = cast.basket_of({chicken: 1})
    basket.day.market.refresh_from_db()

    assert Account.objects.get(producer=chicken.producer).till == TILL
    assert online_of(basket.day, contents_of(basket).groups) is None


def test_producers_are_paid_by_the_till_that_was_paid(
    chicken: Listing, clermont: str, charged: Charged, clock: time_machine.Traveller
) -> None:
    pickup = charged({chicken: 1}, {chicken: 1500})
    clock.move_to(MORNING)
    hand_over(pickup.parts.get().pk, by=Actor.producer(someone("marie")))
    clock.move_to(EVENING)

    assert transfer_due(clermont) == 0
    assert transfer_due(TILL) == 1


def test_an_event_of_one_till_is_about_no_payment_of_another(
    chicken: Listing, clermont: str, paid: OrderByCard, stripe: FakeStripe
) -> None:
    attempt = attempt_of(paid({chicken: 1}))
    deliver(stripe)
    event = StripeEvent.objects.filter(related=attempt.intent_id).first()
    assert event
    assert attempt_of_event(event) == attempt.pk

    event.till = clermont
    assert attempt_of_event(event) is None


def test_a_payment_under_way_ends_with_the_keys_it_began_with(
    chicken: Listing, clermont: str, paid: OrderByCard, charged: Charged, clock: time_machine.Traveller
) -> None:
    pickup = paid({chicken: 1})
    Market.objects.update(till=clermont)
    clock.move_to(pickup.day.starts_at)
    hand_over(pickup.parts.get().pk, by=Actor.producer(someone("marie")))
    charge(clock)

    attempt = attempt_of(pickup)
    assert (attempt.till, attempt.state) == (TILL, PaymentAttempt.State.CAPTURED)
