"""Stripe delivers an event twice at once; a producer presses the button twice at once."""

from __future__ import annotations

import pytest

from dev.fakestripe import FakeStripe
from marche.payments.actions.open_account import open_account
from marche.payments.models import Account, StripeEvent
from marche.payments.refusals import UnreachableError
from tests import cast
from tests.dev.fakestripe.shop import opened
from tests.races.threads import together
from tests.stripe import TILL, post

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race, pytest.mark.usefixtures("clock")]


def test_an_event_that_comes_many_times_at_once_is_kept_once(stripe: FakeStripe) -> None:
    stripe.pay(opened(stripe).id)
    [(body, headers), _other] = stripe.take()

    assert together(*[lambda: post(body, headers)] * 6) == [200] * 6
    assert StripeEvent.objects.count() == 1


def test_a_button_that_is_pressed_many_times_at_once_makes_one_account(stripe: FakeStripe) -> None:
    farm = cast.ferme_du_ru(cast.beauvais(till=TILL))

    results = together(*[lambda: open_account(farm.pk, till_name=TILL)] * 4)

    [made] = stripe.state()["accounts"]
    # Stripe refuses a key while it answers the first who came with it: that one is told to try again.
    assert {type(result) for result in results} <= {Account, UnreachableError}
    assert {result.stripe_id for result in results if isinstance(result, Account)} == {made["id"]}
    assert open_account(farm.pk, till_name=TILL).stripe_id == made["id"]
