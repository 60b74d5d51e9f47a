"""What Stripe tells comes twice, in disorder, too early, too late, never, or from somebody else."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from marche.outbox.models import Message
from marche.payments.models import PaymentAttempt, StripeEvent
from tests.faults.people import Resident, Town, attempt_of
from tests.faults.whole_way import the_whole_way

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def completed(town: Town) -> str:
    """The event that tells of the only payment."""
    [event] = [e for e in town.stage.fake.state()["events"] if e["type"] == "checkout.session.completed"]
    return str(event["id"])


def told() -> QuerySet[StripeEvent]:
    """What was kept, but for the accounts of the town's producers."""
    return StripeEvent.objects.filter(account="")


def confirmations(resident: Resident) -> int:
    return Message.objects.filter(kind="order-confirmation", subject_id=resident.pickup().pk).count()


def test_every_event_comes_twice(town: Town) -> None:
    fake = town.stage.fake
    town.stage.rest()
    before = len(fake.deliveries())
    fake.duplicate(times=1000)
    the_whole_way(town)

    came = [line["event"] for line in fake.deliveries()[before:] if line["status"] == 200]
    assert len(came) == 2 * len(set(came))
    assert told().count() == len(set(came))


def test_all_that_happened_is_told_backwards(town: Town) -> None:
    fake = town.stage.fake
    fake.hold()
    pickup = the_whole_way(town)
    before = attempt_of(pickup)
    fake.release(reverse=True)
    town.stage.settle()

    after = attempt_of(pickup)
    assert told().exclude(handled_at=None).count() == 8
    assert (after.state, after.captured_cents) == (before.state, before.captured_cents)


def test_stripe_tells_before_the_resident_is_back(town: Town) -> None:
    resident = town.resident()
    back = resident.pays(resident.orders())
    town.stage.rest()
    assert attempt_of(resident.pickup()).state == "authorised"

    page = resident.comes_back(back)
    assert (page.status, confirmations(resident)) == (200, 1)


def test_nobody_tells_and_nobody_comes_back(town: Town) -> None:
    stage, resident = town.stage, town.resident()
    page = resident.orders()
    stage.rest()
    stage.fake.drop(times=1000)
    resident.pays_and_closes(page)
    stage.sweep()
    assert resident.pickup().is_pending
    ten_minutes_ago = timezone.now() - dt.timedelta(minutes=10)
    PaymentAttempt.objects.update(asked_at=ten_minutes_ago, made_at=ten_minutes_ago)
    stage.sweep()

    assert not resident.pickup().is_pending
    assert confirmations(resident) == 1


def test_what_was_forged_is_refused_and_the_true_one_is_taken(town: Town) -> None:
    fake, resident = town.stage.fake, town.resident()
    fake.hold()
    resident.pays_and_closes(resident.orders())
    assert fake.forge(completed(town)) == 400
    town.stage.sweep()
    assert resident.pickup().is_pending
    assert not told().exists()
    fake.release()
    town.stage.settle()

    assert attempt_of(resident.pickup()).state == "authorised"


def test_what_is_told_again_after_ten_minutes_is_refused(town: Town) -> None:
    fake, resident = town.stage.fake, town.resident()
    resident.pays_and_closes(resident.orders())
    town.stage.settle()
    kept = told().count()

    assert fake.replay(completed(town), age=600) == 400
    assert fake.replay(completed(town)) == 200
    assert told().count() == kept
    assert confirmations(resident) == 1


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"livemode": True}, 400), ({"api_version": "2019-01-01"}, 400), ({"type": "invoice.paid"}, 200)],
    ids=["real money", "another version", "unknown"],
)
def test_what_is_not_for_us_changes_nothing(town: Town, changes: dict[str, Any], status: int) -> None:
    fake, resident = town.stage.fake, town.resident()
    fake.hold()
    resident.pays_and_closes(resident.orders())

    assert fake.send_changed(completed(town), **changes) == status
    town.stage.sweep()
    assert resident.pickup().is_pending
    assert not told().exists()
    fake.release()


def test_an_event_of_a_payment_that_is_not_ours_is_passed_over(town: Town) -> None:
    town.paid()
    event = completed(town)
    foreign = {"id": "cs_test_foreign", "object": "checkout.session", "metadata": {}, "client_reference_id": "999"}

    assert town.stage.fake.send_changed(event, data={"object": foreign}) == 200
    town.stage.rest()
    assert StripeEvent.objects.get(subject="cs_test_foreign").handled_at
