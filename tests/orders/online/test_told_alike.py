"""How an order is paid is told alike by every page, mail and file, from before it is placed to the end."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags
from pypdf import PdfReader

from dev.fakestripe import FakeStripe
from marche.common.actors import Actor
from marche.markets.models import MarketDay
from marche.outbox.models import Message
from marche.outbox.rendering import render
from marche.payments.actions.reconcile import reconcile
from orders.actions.hand_over import hand_over
from orders.actions.pay_online import pay_online
from orders.documents.ticket import ticket_pdf
from orders.models import DayBasket, Pickup
from producers.models import Listing
from tests import cast
from tests.orders.manager.people import claire, signed_in
from tests.orders.online.by_card import FRIDAY, MORNING, OrderByCard, attempt_of, charge, prepare, settle, someone

pytestmark = pytest.mark.usefixtures("fresh_cache")

WAITS, RESERVED, PAID = "À payer par carte", "Réservé sur la carte", "Payé par carte"
# What no page may say before the money is taken.
PAID_ALREADY = re.compile(r"payée? (par carte|en ligne|sur le site)|(est|sont) payée?s?\b", re.IGNORECASE)
Read = Callable[[], dict[str, str]]


@pytest.fixture
def member(chicken: Listing) -> User:
    """Of the farm."""
    return chicken.producer.partner.users.get()


def page(client: Client, address: str) -> str:
    """Its text, as one reads it."""
    return words(client.get(address, follow=True).content.decode())


def words(html: str) -> str:
    return " ".join(strip_tags(html).replace("\xa0", " ").split())


def everything(pickup: Pickup, chicken: Listing, member: User) -> dict[str, str]:
    """What is read of an order by everybody who may: pages, the ticket's PDF, the last mail, the person's data."""
    day, number = pickup.day, pickup.number
    resident, owner = Client(), User.objects.filter(email="lea@example.org").first() or cast.member("lea@example.org")
    EmailAddress.objects.get_or_create(user=owner, email=owner.email, verified=True, primary=True)
    resident.force_login(owner)
    producer = Client()
    producer.force_login(member)
    manager = signed_in(User.objects.filter(email="claire@example.org").first() or claire(day.market))
    stall = [chicken.producer.slug, day.market.slug, day.date]
    read = {
        "ticket": page(Client(), pickup.get_absolute_url()),
        "account": page(resident, reverse("account")),
        "my data": resident.get(reverse("my-data-json")).content.decode(),
        "stall": page(producer, reverse("stall", args=stall) + "?liste=toutes"),
        "order at the stall": page(producer, reverse("stall-order", args=[*stall, number])),
        "preparation": page(producer, reverse("prepare", args=[*stall, number])),
        "manager": page(manager, reverse("manage-order", args=[day.market.slug, day.date, number])),
        "mail": words(str(render(Message.objects.filter(subject_id=pickup.pk).latest("pk")).body)),
    }
    if not pickup.is_pending:
        reader = PdfReader(io.BytesIO(ticket_pdf(pickup)))
        read["PDF"] = " ".join(words(one.extract_text()) for one in reader.pages)
    return read


def missing(read: dict[str, str], said: str, *names: str) -> list[str]:
    return [name for name in names if said.lower() not in read[name].lower()]


def test_an_order_is_reserved_until_it_is_paid_wherever_one_reads_of_it(
    chicken: Listing, by_card: OrderByCard, member: User, stripe: FakeStripe, clock: time_machine.Traveller
) -> None:
    pickup = by_card({chicken: 1})
    waiting = everything(pickup, chicken, member)
    assert not missing(waiting, WAITS, "ticket", "account", "manager")
    assert '"payment_state": "waits"' in waiting["my data"]

    pay_online(pickup.pk)
    stripe.pay(attempt_of(pickup).session_id)
    reconcile(attempt_of(pickup).pk)
    pickup = Pickup.objects.with_related().get(pk=pickup.pk)
    states = [waiting, everything(pickup, chicken, member)]
    clock.move_to(FRIDAY)
    prepare(pickup, {chicken: 1500})
    settle(clock)
    states.append(everything(pickup, chicken, member))
    clock.move_to(MORNING)
    hand_over(pickup.parts.get().pk, by=Actor.producer(someone("ferme")))
    settle(clock)
    states.append(everything(pickup, chicken, member))
    for read in states[1:]:
        assert not missing(read, RESERVED, "ticket", "account", "stall", "order at the stall", "manager", "PDF", "mail")
        assert '"payment_state": "reserved"' in read["my data"]
    for read in states:
        assert not {name: found[0] for name, text in read.items() if (found := PAID_ALREADY.search(text))}

    charge(clock)
    after = everything(pickup, chicken, member)
    assert not missing(after, PAID, "ticket", "account", "stall", "order at the stall", "manager", "PDF")
    assert "18,00 € ont été débités de votre carte" in after["mail"]
    assert '"payment_state": "paid"' in after["my data"]
    assert not [name for name, text in after.items() if RESERVED in text]


def test_producers_read_until_when_it_can_be_corrected(
    chicken: Listing, paid: OrderByCard, member: User, clock: time_machine.Traveller
) -> None:
    pickup = paid({chicken: 1})
    clock.move_to(FRIDAY)
    read = everything(pickup, chicken, member)
    assert not missing(
        read, "Vous pouvez corriger jusqu’au samedi 28 novembre, 12 h", "order at the stall", "preparation"
    )

    charge(clock)
    assert "Vous pouvez corriger" not in "".join(everything(pickup, chicken, member).values())


class TestBefore:
    """Where cards are taken, it is said from the first page on."""

    def read(self, day: MarketDay, listing: Listing) -> dict[str, str]:
        basket = cast.basket_of({listing: 1})
        visitor = Client()
        visitor.cookies["basket"] = DayBasket.objects.get(pk=basket.pk).visitor
        pages = {"home": "/", "market": day.market.get_absolute_url(), "day": day.get_absolute_url()}
        pages |= {"basket": reverse("basket"), "contact": reverse("contact", args=[basket.pk])}
        pages |= {"verify": reverse("verify", args=[basket.pk]), "product": listing.get_absolute_url()}
        pages |= {"producer": listing.producer.get_absolute_url()}
        return {name: page(visitor, address) for name, address in pages.items()}

    def test_where_the_market_takes_cards(self, chicken: Listing, day: MarketDay) -> None:
        read = self.read(day, chicken)

        assert not missing(read, "par carte", *read)
        assert "Vous payez à chaque étal" not in "".join(read.values())

    def test_where_it_does_not(self, honey: Listing, day: MarketDay) -> None:
        day.market.till = ""
        day.market.save()
        read = self.read(day, honey)

        assert not [name for name, text in read.items() if "par carte" in text.lower() and "étal" not in text.lower()]
        assert "par carte sur le site" not in "".join(read.values()).lower()
