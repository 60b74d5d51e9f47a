"""The list of calls as a manager reads it, and what other screens say of who will be told."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from marche.common.actors import Actor
from marche.markets.models import MarketDay
from marche.outbox.models import Message
from orders.actions.cancel_day import cancel_day
from orders.actions.cancel_orders_of_day import cancel_orders_of_day
from orders.manager.presenters.calls import CallList, call_list
from orders.models import Call, Pickup
from orders.presenters.preparation import OrderToPrepare
from orders.presenters.stall import parts_of_stall
from orders.stall.forms_prepare import PrepareForm
from tests import cast
from tests.orders.manager.calls.lists import STORM, keys, message, struck
from tests.orders.manager.people import claire, clermont, fail, signed_in, text_of, url


class TestThePage:
    @pytest.fixture
    def client(self, manager: User) -> Client:
        return signed_in(manager)

    def form(self, calls: CallList) -> dict[str, list[str]]:
        return {"facts": keys(calls)}

    def test_says_whom_to_call_under_which_number_and_what_to_say(self, client, cancelled):
        page = client.get(url(cancelled, "appels/"))

        assert 'href="tel:+33353010102"' in page.content.decode()
        said = text_of(page)
        assert "03 53 01 01 02" in said.replace("\xa0", " ")
        assert f"({STORM})" in said
        assert "Appels passés : 0 sur 1" in said

    def test_says_of_a_line_that_was_taken_off_that_there_is_less(self, client, day, odette, manager):
        struck(odette, manager)

        said = text_of(client.get(url(day, "appels/")))
        assert "Commande n° 1, La Ferme du Ru, en moins : Carottes : Gel" in said

    @pytest.mark.parametrize(("kind", "is_called"), [("order-cancelled", True), ("order-confirmation", False)])
    def test_the_page_of_an_order_knows_the_same(self, client, cancelled, lea, kind, is_called):
        fail(message(kind))

        page = client.get(url(cancelled, f"commandes/{lea.number}/"))
        assert page.context["to_call"] is is_called

    def test_has_a_box_to_tick_on_paper_for_whom_nobody_has_called(self, client, cancelled):
        assert "callee__box" in client.get(url(cancelled, "appels/")).content.decode()

        page = client.post(url(cancelled, "appels/appele/"), self.form(call_list(cancelled.pk)), follow=True)
        assert "callee__box" not in page.content.decode()

    def test_shows_a_number_of_elsewhere_with_its_country_code(self, client, day, odette):
        Pickup.objects.filter(pk=odette.pk).update(phone="+3225551234")
        cancel_day(day.pk, reason=STORM, by=Actor.manager())

        assert "+32 2 555 12 34" in text_of(client.get(url(day, "appels/"))).replace("\xa0", " ")

    def test_says_why_a_mail_did_not_arrive(self, client, cancelled):
        fail(message("order-cancelled"))
        said = text_of(client.get(url(cancelled, "appels/")))

        assert "550 5.1.1" in said
        assert "1 non arrivé" in said

    def test_ticks_a_call_and_takes_it_back(self, client, cancelled, manager):
        seen = self.form(call_list(cancelled.pk))
        page = client.post(url(cancelled, "appels/appele/"), seen, follow=True)
        assert "Appels passés : 1 sur 1" in text_of(page)
        assert "Claire Moreau" in text_of(page)

        page = client.post(url(cancelled, "appels/pas-appele/"), seen, follow=True)
        assert "Appels passés : 0 sur 1" in text_of(page)

    def test_says_that_a_call_was_noted_already(self, client, cancelled):
        seen = self.form(call_list(cancelled.pk))
        client.post(url(cancelled, "appels/appele/"), seen)

        page = client.post(url(cancelled, "appels/appele/"), seen, follow=True)
        assert len(page.context["messages"]) == 1

    @pytest.mark.parametrize("facts", [[], ["x"], ["order1.order-cancelled.1\0"], ["producer0.day-cancelled.1"] * 300])
    def test_notes_nothing_that_is_not_on_the_list(self, client, cancelled, facts):
        client.post(url(cancelled, "appels/appele/"), {"facts": facts})

        assert not Call.objects.filter(called_at__isnull=False).exists()

    def test_says_when_there_is_nobody_to_call(self, client, day, lea):
        cancel_day(day.pk, reason=STORM, by=Actor.manager())

        page = client.get(url(day, "appels/"))
        assert "Personne à appeler" in text_of(page)
        assert "data-print" not in page.content.decode()

    def test_comes_after_cancelling_when_somebody_is_to_be_called(self, client, day, odette):
        answer = client.post(url(day, "annuler/"), {"reason": "weather", "detail": ""})

        assert answer.headers["Location"] == url(day, "appels/")

    def test_comes_after_refusing_a_holiday_as_well(self, client, day, odette):
        MarketDay.objects.filter(pk=day.pk).update(holiday="Noël", holiday_decision="pending")

        assert client.post(url(day, "jour-ferie/annuler/")).headers["Location"] == url(day, "appels/")

    def test_is_found_from_the_day_and_from_the_list_of_days(self, client, cancelled):
        assert url(cancelled, "appels/") in client.get(url(cancelled)).content.decode()
        assert "1 personne à appeler" in text_of(client.get("/gestion/"))

    def test_takes_as_many_queries_for_many_as_for_one(self, client, cancelled, carrots):
        fail(message("order-cancelled"))
        fail(message("day-cancelled"))
        with CaptureQueriesContext(connection) as few:
            client.get(url(cancelled, "appels/"))
        MarketDay.objects.filter(pk=cancelled.pk).update(cancelled_at=None)
        for number in range(3):
            cast.placed_order({carrots: 1}, **cast.ODETTE | {"phone": f"+3335301010{number}"})
            cast.placed_order({carrots: 1}, email=f"ines{number}@example.org")
        MarketDay.objects.filter(pk=cancelled.pk).update(cancelled_at=cast.OPEN_TIME)
        cancel_orders_of_day(cancelled.pk, by=Actor.manager())
        for row in Message.objects.exclude(kind="order-confirmation"):
            fail(row)

        with CaptureQueriesContext(connection) as many:
            client.get(url(cancelled, "appels/"))
        assert len(many) == len(few)

    def test_is_of_ones_own_markets(self, cancelled):
        stranger = signed_in(claire(clermont()))

        assert stranger.get(url(cancelled, "appels/")).status_code == 404


class TestNoScreenPromisesMoreThanIsTrue:
    """That a mail will be sent is said where there is an address; else whom to call."""

    @pytest.fixture
    def client(self, manager: User) -> Client:
        return signed_in(manager)

    def test_before_an_order_is_cancelled(self, client, day, lea, odette):
        pages = [text_of(client.get(url(day, f"commandes/{pickup.number}/"))) for pickup in (lea, odette)]

        assert "Un e-mail sera envoyé à lea@example.org." in pages[0]
        assert "Odette Caron n’a pas d’adresse e-mail" in pages[1]
        assert not any("prévenu" in page for page in pages)

    def test_after_an_order_is_cancelled(self, client, day, lea, odette):
        form = {"reason": "supply", "detail": ""}
        said = []
        for number in (lea.number, odette.number):
            page = client.post(url(day, f"commandes/{number}/annuler/"), form, follow=True)
            said.append([str(one) for one in page.context["messages"]])

        assert "lea@example.org" in said[0][1]
        assert "03 53 01 01 02" in said[1][1].replace("\xa0", " ")

    def test_before_a_day_is_cancelled(self, client, day, lea, odette):
        page = text_of(client.get(url(day)))

        assert "1 commande est sans adresse" in page
        assert "prévenu" not in page

    def test_after_a_day_is_cancelled(self, client, day, lea, odette):
        page = client.post(url(day, "annuler/"), {"reason": "weather", "detail": ""}, follow=True)

        assert "prévenu" not in text_of(page)

    def test_on_the_order_that_is_to_be_called_about(self, client, day, odette, manager):
        struck(odette, manager)

        assert url(day, "appels/") in client.get(url(day, f"commandes/{odette.number}/")).content.decode()

    def test_on_the_bench(self, day, odette, manager, clock):
        clock.move_to(cast.CUTOFF)
        part = odette.parts.get()
        bench = signed_in(part.producer.partner.users.get())
        address = f"/producteur/{part.producer.slug}/{day.market.slug}/{day.date}/preparation/{odette.number}/"
        line = part.details.get().pk
        form = {f"off_{line}": "on", f"why_{line}": "shortage", "off_seen": ""}

        page = bench.post(address, form, follow=True)
        assert "Odette Caron n’a pas d’adresse e-mail" in text_of(page)


class TestReasonsFitTheThing:
    @pytest.fixture
    def client(self, manager: User) -> Client:
        return signed_in(manager)

    @pytest.mark.parametrize("reason", ["supply", "resident", "mistake", "shortage"])
    def test_a_day_is_not_cancelled_for_a_reason_of_an_order(self, client, day, reason):
        client.post(url(day, "annuler/"), {"reason": reason, "detail": ""})

        day.refresh_from_db()
        assert day.cancelled_at is None

    @pytest.mark.parametrize("reason", ["weather", "works", "authorities", "holiday", "producers"])
    def test_a_day_has_its_own(self, client, day, reason):
        client.post(url(day, "annuler/"), {"reason": reason, "detail": ""})

        day.refresh_from_db()
        assert day.cancelled_at
        assert day.cancel_reason

    @pytest.mark.parametrize("reason", ["weather", "market", "absent"])
    def test_an_order_is_not_cancelled_for_a_reason_of_a_day_or_a_part(self, client, day, lea, reason):
        client.post(url(day, f"commandes/{lea.number}/annuler/"), {"reason": reason, "detail": ""})

        lea.refresh_from_db()
        assert not lea.is_cancelled

    def test_on_the_bench_nobody_has_complained(self, day, odette, clock):
        clock.move_to(cast.CUTOFF)
        form = PrepareForm(OrderToPrepare(parts_of_stall(odette.parts.get().producer, day).get()))

        [one] = form.lines
        assert "complaint" not in dict(one.why.field.choices)  # type: ignore[attr-defined]
