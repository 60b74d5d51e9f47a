"""Forms of strangers and of other sites change nothing of a manager’s. Who opens what: tests/test_permissions.py."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from marche.markets.models import MarketDay
from marche.outbox.models import Message
from marche.payments.models import Instruction, PaymentAttempt
from orders.manager.urls import urlpatterns
from orders.models import Pickup, ProducerOrder
from tests import cast
from tests.orders.manager.people import claire, clermont, fail, signed_in
from tests.payments import rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

READ_ONLY = {
    "manage-day",
    "manage-calls",
    "manage-order",
    "manage-payments",
    "manage-report",
    "manage-report-workbook",
    "manage-report-csv",
    "manage-report-xlsx",
}
NAMES = [pattern.name for pattern in urlpatterns if pattern.name != "manage"]


@pytest.fixture
def day() -> MarketDay:
    """A day of Beauvais with an order and a failed message."""
    day = cast.saturday(cast.beauvais())
    cast.placed_order({cast.listing(cast.carrots(cast.ferme_du_ru(day.market)), day): 1})
    fail(Message.objects.get())
    return day


def addresses(day: MarketDay) -> dict[str, str]:
    """Every address below /gestion/ of this day's market, by name."""
    base = f"/gestion/{day.market.slug}/{day.date}/"
    payments = f"/gestion/{day.market.slug}/paiements/"
    attempt = PaymentAttempt.objects.first() or rows.payment(Pickup.objects.get())
    refused = Instruction.objects.first() or rows.moved({attempt.shares.get(): 1}, "transfer", state="refused")
    return {
        "manage-payments": f"{payments}",
        "manage-payments-compare": f"{payments}comparer/",
        "manage-payment-check": f"{payments}{attempt.pk}/verifier/",
        "manage-payment-retry": f"{payments}demandes/{refused.pk}/reessayer/",
        "manage-market": f"/gestion/{day.market.slug}/reglages/",
        "manage-day": base,
        "manage-holiday-hold": f"{base}jour-ferie/maintenir/",
        "manage-holiday-cancel": f"{base}jour-ferie/annuler/",
        "manage-cap": f"{base}plafond/",
        "manage-day-cancel": f"{base}annuler/",
        "manage-day-move": f"{base}deplacer/",
        "manage-calls": f"{base}appels/",
        "manage-called": f"{base}appels/appele/",
        "manage-not-called": f"{base}appels/pas-appele/",
        "manage-capacity": f"{base}creneaux/{day.slots.all()[0].pk}/",
        "manage-send-again": f"{base}messages/{Message.objects.get().pk}/renvoyer/",
        "manage-report": f"{base}bilan/",
        "manage-report-workbook": f"{base}bilan.xlsx",
        "manage-report-csv": f"{base}bilan/tva.csv",
        "manage-report-xlsx": f"{base}bilan/tva.xlsx",
        "manage-order": f"{base}commandes/1/",
        "manage-order-cancel": f"{base}commandes/1/annuler/",
        "manage-order-contact": f"{base}commandes/1/contact/",
        "manage-part-cancel": f"{base}commandes/1/parts/{ProducerOrder.objects.get(pickup__number=1).pk}/annuler/",
        "manage-order-strike": f"{base}commandes/1/lignes/{ProducerOrder.objects.get(pickup__number=1).pk}/",
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_form_of_another_site_is_refused(day: MarketDay, name: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(claire(day.market))

    assert client.post(addresses(day)[name]).status_code == 403 or name in READ_ONLY


def test_strangers_changed_nothing(day: MarketDay) -> None:
    """The manager next door, a producer's member of this very market, and a resident with an account."""
    farmer, resident = User.objects.get(email="ferme-du-ru-member@example.org"), cast.member("odette@example.org")
    for stranger in (claire(clermont()), farmer, resident):
        for address in addresses(day).values():
            signed_in(stranger).post(address, {"cap": 1, "capacity": 0, "reason": "other", "detail": "x"})

    day.refresh_from_db()
    assert (day.order_cap, day.slots.all()[0].capacity, day.orders_count, day.cancelled_at) == (350, 15, 1, None)
    assert Message.objects.get().state == "failed"


def test_pages_of_managers_are_kept_nowhere(day: MarketDay) -> None:
    response = signed_in(claire(day.market)).get(addresses(day)["manage-order"])

    assert "no-store" in response["Cache-Control"]
