"""After an outage nothing that happened at Stripe is missing."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core.cache import cache
from pytest_django import Settings

from dev.fakestripe import API_KEY, FakeStripe
from marche.payments.actions.catch_up import catch_up
from marche.payments.cache_keys import CAUGHT_UP, cache_key
from marche.payments.models import StripeEvent
from marche.payments.refusals import NoTillError, UnreachableError
from marche.payments.tasks import catch_up_all
from marche.payments.tills import Till
from tests.dev.fakestripe.shop import opened
from tests.stripe import TILL, deliver, post

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


def pay(stripe: FakeStripe) -> None:
    """Two events happen."""
    stripe.pay(opened(stripe).id)


def forget() -> None:
    cache.delete(cache_key(CAUGHT_UP, Till(TILL, API_KEY)))


def test_what_did_not_arrive_is_asked_for(stripe: FakeStripe, clock: time_machine.Traveller) -> None:
    pay(stripe)

    assert catch_up(TILL) == 2
    assert catch_up(TILL) == 0
    assert StripeEvent.objects.count() == 2


def test_what_arrives_after_it_was_asked_for_is_kept_once(stripe: FakeStripe, clock: time_machine.Traveller) -> None:
    pay(stripe)
    catch_up(TILL)

    assert deliver(stripe) == [200, 200]
    assert StripeEvent.objects.count() == 2


def test_of_what_arrived_only_the_rest_is_new(stripe: FakeStripe, clock: time_machine.Traveller) -> None:
    pay(stripe)
    body, headers = stripe.take()[1]
    post(body, headers)

    assert catch_up(TILL) == 1


def test_the_first_time_a_day_is_looked_back(stripe: FakeStripe, clock: time_machine.Traveller) -> None:
    pay(stripe)
    clock.shift(23 * HOUR)
    pay(stripe)
    clock.shift(2 * HOUR)

    assert catch_up(TILL) == 2


def test_the_events_of_an_outage_are_found_behind_the_first_that_came_after_it(
    stripe: FakeStripe, clock: time_machine.Traveller, caplog: pytest.LogCaptureFixture
) -> None:
    catch_up(TILL)
    pay(stripe)  # nobody hears it
    stripe.take()
    clock.shift(3 * HOUR)
    pay(stripe)
    deliver(stripe)

    assert catch_up(TILL) == 2
    assert "2 events of the till beauvais did not arrive by themselves" in caplog.text


@pytest.mark.parametrize("hours", [3, 72])
def test_with_an_empty_cache_too(stripe: FakeStripe, clock: time_machine.Traveller, hours: int) -> None:
    pay(stripe)
    deliver(stripe)
    clock.shift(HOUR / 2)
    pay(stripe)
    stripe.take()
    clock.shift(hours * HOUR)
    forget()

    assert catch_up(TILL) == 2


def test_it_is_written_down_in_the_order_in_which_it_happened(
    stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    for _ in range(3):
        pay(stripe)
        clock.shift(HOUR / 10)
    catch_up(TILL)

    times = list(StripeEvent.objects.order_by("pk").values_list("happened_at", flat=True))
    assert times == sorted(times)
    assert len(times) == 6


def test_more_than_a_page_of_events_is_read_to_its_end(stripe: FakeStripe, clock: time_machine.Traveller) -> None:
    for _ in range(51):
        pay(stripe)

    assert catch_up(TILL) == 102


def test_what_is_about_accounts_is_left_to_the_night(stripe: FakeStripe, clock: time_machine.Traveller) -> None:
    stripe.activate(stripe.client().v1.accounts.create({"country": "FR"}).id)

    assert catch_up(TILL) == 0


def test_a_stripe_that_does_not_answer_is_asked_for_the_same_time_again(
    stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    catch_up(TILL)
    pay(stripe)
    clock.shift(HOUR)
    stripe.fault("error", path="events", times=9)
    with pytest.raises(UnreachableError):
        catch_up(TILL)
    stripe.clear_faults()
    clock.shift(HOUR)

    assert catch_up(TILL) == 2


def test_a_till_without_a_key_does_not_stop_the_others(
    stripe: FakeStripe, clock: time_machine.Traveller, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.STRIPE_SECRET_KEYS = {"clermont": "nonsense", **settings.STRIPE_SECRET_KEYS}
    pay(stripe)

    catch_up_all()

    assert StripeEvent.objects.count() == 2
    assert "catching up with events of the till clermont: NoTillError" in caplog.text
    with pytest.raises(NoTillError):
        catch_up("clermont")
