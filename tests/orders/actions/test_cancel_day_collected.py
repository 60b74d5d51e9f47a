"""A day is cancelled while residents collect: what they have stays theirs, and the rest is cancelled and told."""

from __future__ import annotations

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client

from marche.common.actors import Actor
from marche.markets.models import MarketDay
from marche.outbox.models import Message
from marche.outbox.rendering import render
from orders.actions.cancel_day import cancel_day
from orders.actions.cancel_orders_of_day import cancel_orders_of_day
from orders.actions.hand_over import hand_over
from orders.actions.take_payment import take_payment
from orders.manager.presenters.calls import call_list
from orders.manager.presenters.orders import find_orders
from orders.manager.presenters.said import sentences
from orders.manager.report.report import report_of
from orders.models import Call, Pickup, ProducerOrder, Summary
from orders.presenters.paying import Payment
from orders.presenters.stall import stall_day
from orders.presenters.summary import live_lines
from orders.steps import cancel
from orders.tasks import cancel_due_orders
from producers.kinds import PaymentMeans
from producers.models import Listing
from tests import cast
from tests.orders.manager.people import claire, text_of

pytestmark = pytest.mark.django_db
STORM = "Alerte tempête"


@pytest.fixture
def bread(day: MarketDay) -> Listing:
    """Of a third stall."""
    baker = cast.producer("Le Fournil", "fournil", 4, day.market)
    return cast.listing(cast.honey(baker, title="Pain d’épices"), day, price_cents=500)


@pytest.fixture
def grower(day: MarketDay) -> User:
    return cast.member("marie@example.org")


def of(pickup: Pickup, listing: Listing) -> ProducerOrder:
    return pickup.parts.get(producer=listing.producer)


@pytest.fixture
def lea(carrots: Listing, honey: Listing, bread: Listing, close, grower: User, clock: time_machine.Traveller) -> Pickup:
    """Has her carrots; not yet her honey and her bread."""
    pickup = cast.placed_order({carrots: 2, honey: 1, bread: 1})
    close()
    return collected(pickup, carrots, grower, clock)


def collected(pickup: Pickup, listing: Listing, grower: User, clock: time_machine.Traveller) -> Pickup:
    clock.move_to(pickup.day.starts_at)
    hand_over(
        of(pickup, listing).pk,
        payment=Payment(PaymentMeans.CASH, of(pickup, listing).total_cents),
        by=Actor.producer(grower),
    )
    return pickup


def cancelled(day: MarketDay) -> int:
    cancel_day(day.pk, reason=STORM, by=Actor.manager())
    done = cancel_orders_of_day(day.pk, by=Actor.manager())
    assert cancel_orders_of_day(day.pk, by=Actor.manager()) == 0
    return done


def mails(kind: str) -> list[str]:
    return [str(render(mail).body).replace("\xa0", " ") for mail in Message.objects.filter(kind=kind)]


def test_what_was_handed_over_stays_and_the_rest_is_cancelled(lea, day, carrots, honey, bread):
    assert cancelled(day) == 1

    assert of(lea, carrots).cancelled_at is None
    assert all(of(lea, listing).cancelled_at for listing in (honey, bread))
    lea.refresh_from_db()
    assert (lea.is_cancelled, lea.total_cents) == (False, of(lea, carrots).total_cents)
    assert not Pickup.objects.to_cancel().exists()


def test_the_goods_go_back_and_the_place_does_not(lea, day, carrots, honey):
    cancelled(day)

    for listing in (carrots, honey):
        listing.refresh_from_db()
    day.refresh_from_db()
    assert (carrots.reserved, honey.reserved, day.orders_count) == (2, 0, 1)


def test_the_resident_gets_one_mail_for_all_of_it(lea, day):
    cancelled(day)
    [said] = mails("part-cancelled")

    assert "Le marché n’a plus lieu" in said
    assert "Le Rucher d’Hodenc et Le Fournil" in said or "Le Fournil et Le Rucher d’Hodenc" in said
    assert STORM in said
    assert "La Ferme du Ru" not in said
    assert mails("order-cancelled") == []


def test_who_has_no_address_is_called_once_about_all_of_it(carrots, honey, bread, grower, clock, day):
    collected(cast.placed_order({carrots: 2, honey: 1, bread: 1}, **cast.ODETTE), carrots, grower, clock)
    cancelled(day)
    [callee] = call_list(day.pk).waiting
    [said] = sentences([fact.call for fact in callee.facts], day).values()

    assert [fact.call.kind for fact in callee.facts] == ["part-cancelled"]
    assert "Le Rucher d’Hodenc" in said
    assert "Le Fournil" in said
    assert STORM in said


def test_who_comes_between_the_cancelling_and_what_follows_is_called_about_the_rest(carrots, honey, grower, clock, day):
    """The manager’s list named the whole order; meanwhile a stall has handed over its part."""
    odette = cast.placed_order({carrots: 2, honey: 1}, **cast.ODETTE)
    clock.move_to(day.starts_at)
    cancel_day(day.pk, reason=STORM, by=Actor.manager())
    assert [fact.call.kind for fact in call_list(day.pk).waiting[0].facts] == ["order-cancelled"]
    hand_over(of(odette, carrots).pk, by=Actor.producer(grower))
    cancel_orders_of_day(day.pk, by=Actor.manager())

    assert [fact.call.kind for fact in call_list(day.pk).waiting[0].facts] == ["part-cancelled"]


def test_what_was_paid_and_not_collected_stays_until_the_stall_takes_it_back(carrots, honey, grower, clock, day):
    pickup = cast.placed_order({carrots: 2, honey: 1})
    clock.move_to(day.starts_at)
    take_payment(of(pickup, honey).pk, payment=Payment(PaymentMeans.CASH, 850), by=Actor.producer(grower))
    cancelled(day)

    assert of(pickup, honey).cancelled_at is None
    assert of(pickup, carrots).cancelled_at


def test_the_history_says_it_of_each_stall(lea, day, honey, bread):
    manager = claire(day.market)
    cancel_day(day.pk, reason=STORM, by=Actor.manager(manager))
    cancel_orders_of_day(day.pk, by=Actor.manager(manager))
    changes = lea.changes.filter(kind="cancelled")

    assert {change.part for change in changes} == {of(lea, honey), of(lea, bread)}
    assert {(change.reason, change.user) for change in changes} == {(STORM, manager)}


def test_every_book_agrees(lea, day, carrots, honey, bread):
    cancelled(day)
    due = of(lea, carrots).total_cents

    assert {pk: len(rows) for pk, rows in live_lines(day).items()} == {carrots.producer_id: 1}
    assert find_orders(day).total_cents == due
    assert [len(stall_day(listing.producer, day).orders) for listing in (carrots, honey, bread)] == [1, 0, 0]
    figures = report_of(day.pk).figures
    assert (figures.due, figures.taken, figures.not_handed_over) == (due, due, 0)
    ticket = text_of(Client().get(lea.get_absolute_url())).replace("\xa0", " ")
    assert ticket.count("Annulé par le marché") == 2


def test_producers_are_told_once_that_the_day_is_not_held(lea, day):
    cancelled(day)

    assert Message.objects.filter(kind="day-cancelled").count() == 3
    assert not Summary.objects.filter(revision__gt=1).exists()


def test_after_a_restart_midway_it_goes_on_and_tells_nobody_twice(carrots, honey, grower, clock, day, monkeypatch):
    orders = [cast.placed_order({carrots: 1, honey: 1}, email=f"lea{at}@example.org") for at in range(3)]
    for pickup in orders:
        collected(pickup, carrots, grower, clock)
    cancel_day(day.pk, reason=STORM, by=Actor.manager())
    told, tell = [], cancel.tell

    def killed(*args, **kwargs):
        told.append(args)
        if len(told) == 2:
            raise SystemExit
        tell(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(cancel, "tell", killed)
        with pytest.raises(SystemExit):
            cancel_orders_of_day(day.pk, by=Actor.manager())
    assert ProducerOrder.objects.filter(cancelled_at__isnull=False).count() == 1

    cancel_due_orders()
    cancel_due_orders()

    assert ProducerOrder.objects.filter(cancelled_at__isnull=False).count() == 3
    recipients = Message.objects.filter(kind="part-cancelled").values_list("recipient", flat=True)
    assert sorted(recipients) == [f"lea{at}@example.org" for at in range(3)]
    honey.refresh_from_db()
    assert honey.reserved == 0
    assert not Call.objects.exists()
