"""Erasing a person: contacts and account go everywhere, and the books add up to the cent as before."""

from __future__ import annotations

import json
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Sum

from marche.accounts.actions.send_code import send_code
from marche.accounts.models import SignInCode
from marche.common.actors import Actor
from marche.markets.models import MarketDay
from marche.outbox.models import Message
from orders.actions.cancel_order import cancel_order
from orders.actions.close_day import close_day
from orders.actions.erase_resident import erase_resident
from orders.actions.hand_over import hand_over
from orders.actions.join_orders import join_orders
from orders.actions.note_called import note_called
from orders.manager.presenters.calls import call_list
from orders.models import DayBasket, LineDetail, OrderChange, Pickup, ProducerOrder, Summary
from orders.presenters.paying import Payment
from orders.presenters.summary import compute, live_lines, producers_with_stalls
from producers.kinds import PaymentMeans
from tests import cast
from tests.orders.resident.account.people import account_of, browser_of, ordered_by
from tests.refusals import codes_of

pytestmark = pytest.mark.django_db

LEA_CALLS = {"name": "Léa Dumont", "phone": "+33639980102", "shortage": "call", "note": "Sonnez deux fois"}
WORDS_OF_LEA = ("Léa", "Dumont", "lea@example.org", "39980102", "39 98 01 02", "Sonnez")


@pytest.fixture
def pickup(lea, carrots, honey) -> Pickup:
    """Léa's order, with everything one can write about oneself; Odette's stands beside it on the same lists."""
    made = ordered_by(lea, cast.basket_of({carrots: 3, honey: 1}, **LEA_CALLS))
    cast.placed_order({carrots: 2}, **cast.ODETTE)
    return made


@pytest.fixture
def closed(pickup: Pickup) -> MarketDay:
    """The day is closed, and its lists are made."""
    with time_machine.travel(cast.CUTOFF, tick=False):
        close_day(pickup.day_id)
    return pickup.day


def refusal(user: User) -> list[str]:
    return codes_of(erase_resident, user.pk)


def everything() -> str:
    """Every row of every table of ours, of Oscar's, and of the accounts, as text."""
    tables = [name for name in connection.introspection.table_names() if not name.startswith("django_migrations")]
    with connection.cursor() as cursor:
        rows = []
        for name in tables:
            cursor.execute(f"SELECT coalesce(json_agg(t)::text, '') FROM {connection.ops.quote_name(name)} t")  # noqa: S608
            rows.append(cursor.fetchone()[0])
    return json.dumps([json.loads(row) if row else [] for row in rows], ensure_ascii=False)


def sums() -> list[Any]:
    """What the books are made of, in cents."""
    return [
        Pickup.objects.aggregate(Sum("total_cents"), Sum("max_cents")),
        ProducerOrder.objects.aggregate(Sum("total_cents"), Sum("max_cents"), Sum("vat_cents"), Sum("paid_cents")),
        LineDetail.objects.aggregate(Sum("amount_cents"), Sum("vat_cents"), Sum("quantity")),
        *MarketDay.objects.order_by("pk").values("orders_count", "last_number"),
        *Pickup.objects.order_by("pk").values("number", "code", "order__number", "order__total_incl_tax"),
    ]


def totals_of_summaries(day: MarketDay) -> list[Any]:
    """What the lists say is to be brought, and for how much, as written and as it would be written now."""
    rows = live_lines(day)
    now = [
        compute(day, producer, stall, rows[producer.pk], revision=1)
        for producer, stall in producers_with_stalls(day, rows)
    ]
    written = [summary.data for summary in Summary.objects.order_by("pk")]
    kept = ("orders", "totals", "vat", "total_cents", "max_cents")
    return [{key: data[key] for key in kept} for data in (*now, *written)]


def test_nothing_anywhere_tells_of_the_person_any_more(lea, pickup, closed, on_sunday):
    browser_of(lea)
    send_code("lea@example.org", language="fr")
    assert all(word in everything() for word in WORDS_OF_LEA)

    with on_sunday():
        assert erase_resident(lea.pk)

    assert [word for word in WORDS_OF_LEA if word in everything()] == []


def test_the_books_add_up_as_before_to_the_cent(lea, pickup, closed, honey, on_sunday):
    part = pickup.parts.get(producer=honey.producer)
    with time_machine.travel(closed.starts_at, tick=False):
        hand_over(part.pk, payment=Payment(PaymentMeans.CASH, 850), by=Actor.producer(cast.member("x@example.org")))
    before = sums(), totals_of_summaries(closed)

    with on_sunday():
        erase_resident(lea.pk)

    assert (sums(), totals_of_summaries(closed)) == before


def test_the_order_stays_with_a_neutral_word_for_a_name(lea, pickup, on_sunday):
    with on_sunday():
        erase_resident(lea.pk)

    pickup = Pickup.objects.select_related("order").get(pk=pickup.pk)
    assert pickup.name
    assert (pickup.email, str(pickup.phone), pickup.note, pickup.order.user) == ("", "", "", None)


def test_others_on_the_same_list_stay_as_they_were(lea, pickup, closed, on_sunday):
    with on_sunday():
        erase_resident(lea.pk)

    assert Pickup.objects.get(number=2).name == "Odette Caron"
    orders = [o for s in Summary.objects.all() for slot in s.data["slots"] for o in slot["orders"] if o["number"] == 2]
    assert {(order["first_name"], order["note"]) for order in orders} == {("Odette", "Au rez-de-chaussée")}


def test_what_changed_after_the_closing_names_nobody_either(lea, pickup, closed, on_sunday):
    with time_machine.travel(closed.closes_at, tick=False):
        cancel_order(pickup.pk, reason="empêchement", by=Actor.manager())
    assert any("Léa" in str(summary.changes) for summary in Summary.objects.all())

    with on_sunday():
        erase_resident(lea.pk)

    assert not any("Léa" in f"{summary.changes}{summary.data}" for summary in Summary.objects.all())


def test_a_guests_orders_with_the_proven_address_are_erased_as_well(lea, carrots, on_sunday):
    guest = cast.placed_order({carrots: 1})

    with on_sunday():
        erase_resident(lea.pk)

    guest.refresh_from_db()
    assert guest.email == ""


def test_an_order_of_somebody_elses_account_is_left_alone(lea, odette, carrots, on_sunday):
    hers = ordered_by(odette, cast.basket_of({carrots: 1}, email="lea@example.org"))

    with on_sunday():
        erase_resident(lea.pk)

    hers.refresh_from_db()
    assert hers.email == "lea@example.org"


def test_what_an_unproven_address_was_used_for_is_left_alone(lea, carrots, on_sunday):
    EmailAddress.objects.create(user=lea, email="odette@example.org", verified=False)
    hers = cast.placed_order({carrots: 1}, email="odette@example.org")

    with on_sunday():
        erase_resident(lea.pk)

    hers.refresh_from_db()
    assert hers.email == "odette@example.org"


def test_messages_stay_without_their_recipient_and_none_is_sent_any_more(lea, carrots, on_sunday):
    for _i in range(2):
        ordered_by(lea, cast.basket_of({carrots: 1}))
    first, second = Message.objects.order_by("pk")
    Message.objects.filter(pk=first.pk).update(state="sent", error="mailbox full")

    with on_sunday():
        erase_resident(lea.pk)

    told = Message.objects.order_by("pk").values_list("recipient", "state", flat=False)
    assert list(told) == [(f"erased-{first.pk}@invalid", "sent"), (f"erased-{second.pk}@invalid", "failed")]
    assert Message.objects.get(pk=first.pk).error == ""


def test_codes_and_addresses_go_with_the_account_and_nobody_stays_signed_in(lea, odette):
    browsers = [browser_of(lea), browser_of(odette)]
    send_code("lea@example.org", language="fr")

    erase_resident(lea.pk)

    assert not EmailAddress.objects.filter(email="lea@example.org").exists()
    assert not SignInCode.objects.exists()
    assert [browser.get("/mon-compte/").status_code for browser in browsers] == [302, 200]


def test_what_was_typed_and_not_ordered_is_forgotten_and_the_goods_stay(lea, carrots):
    basket = cast.basket_of({carrots: 1})

    erase_resident(lea.pk)

    basket.refresh_from_db()
    assert (basket.name, basket.email, basket.slot, basket.basket.lines.count()) == ("", "", None, 1)


def test_the_basket_of_an_address_that_only_looks_alike_stays(lea, carrots):
    """PostgreSQL writes ı and i as the same capital; they are two mailboxes."""
    lia, basket = account_of("lia@example.org"), cast.basket_of({carrots: 1}, email="lıa@example.org")

    erase_resident(lia.pk)

    basket.refresh_from_db()
    assert (basket.name, basket.email) == ("Léa Dumont", "lıa@example.org")


def test_the_basket_an_order_came_from_forgets_the_contact(lea, pickup, on_sunday):
    with on_sunday():
        erase_resident(lea.pk)

    basket = DayBasket.objects.get(pickup=pickup)
    assert (basket.name, basket.email, basket.note) == ("", "", "")


def test_changes_of_the_order_stay_and_name_nobody(lea, carrots, on_sunday):
    pickup = ordered_by(lea, cast.basket_of({carrots: 1}))
    cancel_order(pickup.pk, reason="empêchement", by=Actor.resident(lea))

    erase_resident(lea.pk)

    change = OrderChange.objects.get()
    assert (change.actor, change.reason, change.user) == ("resident", "empêchement", None)


def test_while_an_order_is_to_be_collected_nothing_is_erased(lea, pickup):
    before = everything()

    assert refusal(lea) == ["open-order"]
    assert everything() == before


def test_each_open_order_is_named(lea, pickup, carrots):
    cast.placed_order({carrots: 1})

    assert refusal(lea) == ["open-order", "open-order"]


def test_an_order_is_open_until_the_market_ends(lea, pickup):
    with time_machine.travel(pickup.day.ends_at, tick=False):
        assert erase_resident(lea.pk)


def test_a_cancelled_order_keeps_nobody_from_erasing(lea, carrots):
    pickup = ordered_by(lea, cast.basket_of({carrots: 1}))
    cancel_order(pickup.pk, reason="empêchement", by=Actor.resident())

    assert erase_resident(lea.pk)


def test_a_producers_member_is_told_whom_to_ask(carrots):
    assert refusal(carrots.producer.partner.users.get()) == ["staff"]


def test_a_manager_is_told_whom_to_ask(lea, day):
    day.market.managers.add(lea)

    assert refusal(lea) == ["staff"]


def test_an_administrator_is_told_whom_to_ask(db):
    assert refusal(cast.member("root@example.org", is_superuser=True)) == ["staff"]


def test_erasing_twice_is_harmless(lea):
    gone = lea.pk

    assert (erase_resident(gone), erase_resident(gone)) == (True, False)


def test_an_account_without_orders_just_goes(lea):
    erase_resident(lea.pk)

    assert not User.objects.filter(email="lea@example.org").exists()


def test_coming_back_one_begins_anew(lea, pickup, on_sunday):
    with on_sunday():
        erase_resident(lea.pk)
        assert join_orders(account_of("lea@example.org").pk) == 0


def test_nobody_is_called_any_more_and_who_was_called_is_named_no_longer(lea, carrots, day, on_sunday):
    first, second = (ordered_by(lea, cast.basket_of({carrots: 1}, **LEA_CALLS | {"email": ""})) for _i in range(2))
    cancel_order(first.pk, reason="Gel", by=Actor.manager())
    keys = [fact.key for one in call_list(day.pk).waiting for fact in one.facts]
    note_called(day.pk, keys=keys, by=Actor.manager(cast.member("claire@example.org")))
    cancel_order(second.pk, reason="Gel", by=Actor.manager())

    with on_sunday():
        erase_resident(lea.pk)

    calls = call_list(day.pk)
    assert (calls.waiting, [pickup.number for one in calls.made for pickup in one.pickups]) == ([], [first.number])
    assert [word for word in WORDS_OF_LEA if word in everything()] == []
