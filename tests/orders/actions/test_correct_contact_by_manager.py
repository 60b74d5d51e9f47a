"""A manager puts the contact of an order right: name, telephone number and address, for who telephones about a slip."""

from __future__ import annotations

import logging

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client

from marche.common.actors import Actor
from marche.common.refusals import Refused
from marche.outbox.models import Message
from orders.actions.cancel_order import cancel_order
from orders.actions.cancel_part import cancel_part
from orders.actions.correct_contact import MOST_CORRECTIONS, correct_contact
from orders.actions.erase_resident import erase_resident
from orders.documents.summary import change_words
from orders.manager.presenters.calls import call_list
from orders.manager.presenters.history import history_of
from orders.models import Pickup, Summary
from producers.models import Listing
from tests import cast
from tests.orders.manager.people import claire, fail, sent, signed_in, text_of, url
from tests.orders.resident.account.people import account_of, ordered_by

pytestmark = pytest.mark.django_db
RIGHT = "lea@gmail.example"


@pytest.fixture
def pickup(carrots: Listing) -> Pickup:
    return cast.placed_order({carrots: 2}, email="lea@gmial.example", phone="+33612345678")


@pytest.fixture
def manager(pickup: Pickup) -> Client:
    return signed_in(claire(pickup.day.market))


def corrected(pickup: Pickup, user: User | None = None, **changes) -> Pickup:
    return correct_contact(pickup.pk, by=Actor.manager(user), **changes)


def refusal(pickup: Pickup, **changes) -> str:
    with pytest.raises(Refused) as caught:
        corrected(pickup, **changes)
    return caught.value.problems[0].code


def waiting() -> list[tuple[str, str]]:
    return sorted(Message.objects.exclude(state="sent").values_list("kind", "recipient"))


def history(pickup: Pickup) -> str:
    return " ".join(event.sentence for event in history_of(pickup))


class TestTheVerb:
    def test_writes_what_is_given_and_leaves_the_rest(self, pickup):
        corrected(pickup, name="Léa Durand", phone="06 98 76 54 32")

        pickup.refresh_from_db()
        assert (pickup.name, str(pickup.phone), pickup.email) == ("Léa Durand", "+33698765432", "lea@gmial.example")

    def test_says_in_the_history_who_corrected_what_and_none_of_it(self, pickup):
        manager = claire(pickup.day.market)
        corrected(pickup, name="Léa Durand", phone="06 98 76 54 32", email=RIGHT, user=manager)

        assert "rectifié : nom, numéro de téléphone, adresse e-mail, par un gestionnaire (Claire Moreau)" in history(
            pickup
        ).replace("\xa0", " ")
        assert not any(word in history(pickup) for word in ("Durand", "Dumont", "98 76", "@"))

    def test_names_only_what_has_changed(self, pickup):
        corrected(pickup, name="Léa  Dumont", phone="06.12.34.56.78", email=RIGHT)

        assert pickup.changes.get().reason.endswith("adresse e-mail")

    def test_the_same_contact_again_changes_nothing(self, pickup):
        corrected(pickup, name="Léa Dumont", phone="0033612345678", email="lea@gmial.example")

        assert (pickup.changes.count(), Message.objects.count()) == (0, 1)

    def test_with_another_name_the_confirmation_leaves_again(self, pickup):
        sent(Message.objects.get())
        corrected(pickup, name="Léa Durand")

        assert waiting() == [("order-confirmation", "lea@gmial.example")]

    def test_with_another_number_only_no_mail_leaves(self, pickup):
        sent(Message.objects.get())
        corrected(pickup, phone="06 98 76 54 32")

        assert waiting() == []

    def test_without_an_address_what_was_to_be_told_by_mail_is_to_be_called(self, carrots, honey):
        pickup = cast.placed_order({carrots: 1, honey: 1}, email="x@gmial.example", phone="+33612345678")
        cancel_part(pickup.parts.all()[0].pk, reason="x", by=Actor.manager(claire(pickup.day.market)))
        fail(Message.objects.get(kind="part-cancelled"))
        corrected(pickup, email="")

        assert waiting() == []
        assert [one.name for one in call_list(pickup.day_id).waiting] == ["Léa Dumont"]

    def test_with_a_first_address_what_was_to_be_called_is_told_by_mail(self, carrots, honey):
        pickup = cast.placed_order({carrots: 1, honey: 1}, **cast.ODETTE)
        cancel_part(pickup.parts.all()[0].pk, reason="x", by=Actor.manager(claire(pickup.day.market)))
        assert len(call_list(pickup.day_id).waiting) == 1
        corrected(pickup, email="odette@example.org")

        assert waiting() == [
            ("order-confirmation", "odette@example.org"),
            ("part-cancelled", "odette@example.org"),
        ]
        assert call_list(pickup.day_id).waiting == []

    def test_somebody_can_still_be_reached(self, pickup, carrots):
        odette = cast.placed_order({carrots: 1}, **cast.ODETTE | {"email": "odette@example.org"})

        assert refusal(pickup, email="", phone="") == "no-contact"
        assert refusal(odette, phone="") == "no-phone"

    def test_the_residents_three_corrections_are_not_the_managers(self, pickup):
        for at in range(MOST_CORRECTIONS):
            correct_contact(pickup.pk, email=f"lea{at}@example.org", by=Actor.resident())

        assert corrected(pickup, email=RIGHT).email == RIGHT
        for at in range(MOST_CORRECTIONS - 1):
            corrected(pickup, email=f"lea{at}@example.org")
        assert refusal(pickup, email=RIGHT) == "too-often"

    def test_the_address_of_an_account_is_its_persons_to_correct_and_the_rest_the_managers(self, carrots):
        pickup = ordered_by(account_of("lea@example.org"), cast.basket_of({carrots: 1}))

        assert refusal(pickup, email=RIGHT, user=claire(pickup.day.market)) == "not-yours"
        assert corrected(pickup, name="Léa Durand", phone="06 98 76 54 32").name == "Léa Durand"

    @pytest.mark.parametrize("changes", [{"name": "Léa Durand"}, {"phone": "0698765432"}, {"email": RIGHT}], ids=str)
    def test_nothing_of_a_cancelled_order_or_a_past_day_is_corrected(self, pickup, carrots, changes):
        gone = cast.placed_order({carrots: 1})
        cancel_order(gone.pk, reason="x", by=Actor.manager())

        assert refusal(gone, **changes) == "cancelled"
        with time_machine.travel(pickup.day.ends_at, tick=False):
            assert refusal(pickup, **changes) == "too-late"

    def test_no_log_names_anybody(self, pickup, caplog):
        with caplog.at_level(logging.DEBUG):
            corrected(pickup, name="Léa Durand", phone="06 98 76 54 32", email=RIGHT)

        said = "".join(record.getMessage() for record in caplog.records if not record.name.startswith("django.db"))
        assert not any(word in said for word in ("Durand", "98765432", "gmail"))


class TestTheSummaries:
    @pytest.fixture
    def odette(self, carrots: Listing, honey: Listing) -> Pickup:
        return cast.placed_order({carrots: 1, honey: 1}, **cast.ODETTE)

    def words(self) -> list[str]:
        revised = Summary.objects.filter(revision=2)
        return [change_words(change).replace("\xa0", " ") for one in revised for change in one.changes]

    def test_producers_who_have_the_old_name_or_number_get_a_revision(self, odette, close):
        close()
        corrected(odette, name="Colette Caron", phone="06 12 34 56 78")

        said = "Commande 1 : Colette, 06 12 34 56 78, au lieu de Odette, 03 53 01 01 02"
        assert self.words() == [said, said]

    def test_who_has_neither_gets_none(self, pickup, close):
        close()
        corrected(pickup, name="Léa Durand", phone="06 98 76 54 32")

        assert set(Summary.objects.values_list("revision", flat=True)) == {1}

    def test_before_they_are_made_they_have_the_right_name_at_once(self, odette, close):
        corrected(odette, name="Colette Caron")
        close()

        assert Summary.objects.all()[0].data["slots"][0]["orders"][0]["first_name"] == "Colette"

    def test_erasing_finds_the_names_there_too(self, carrots, close, clock):
        lea = account_of("lea@example.org")
        pickup = ordered_by(lea, cast.basket_of({carrots: 1}, **cast.ODETTE | {"email": "lea@example.org"}))
        close()
        corrected(pickup, name="Colette Caron", phone="06 12 34 56 78")
        clock.move_to(pickup.day.ends_at)
        erase_resident(lea.pk)

        kept = "".join(f"{one.data}{one.changes}" for one in Summary.objects.all())
        assert not any(word in kept for word in ("Odette", "Colette", "12 34 56", "53 01 01"))


class TestTheScreen:
    def typed(self, **changes: str) -> dict[str, str]:
        return {"name": "Léa Dumont", "phone": "06 12 34 56 78", "email": "lea@gmial.example"} | changes

    def post(self, manager: Client, pickup: Pickup, follow: bool = True, **changes: str):
        return manager.post(url(pickup.day, "commandes/1/contact/"), self.typed(**changes), follow=follow)

    def test_shows_the_contact_as_it_is(self, manager, pickup):
        form = manager.get(url(pickup.day, "commandes/1/")).context["contact_form"]

        assert {field.name: field.value() for field in form} | {"phone": form["phone"].initial} == {
            "name": "Léa Dumont",
            "phone": pickup.phone,
            "email": "lea@gmial.example",
        }

    def test_corrects_it_and_says_where_the_ticket_goes(self, manager, pickup):
        page = text_of(self.post(manager, pickup, name="Léa Durand", phone="06 98 76 54 32", email=RIGHT))

        pickup.refresh_from_db()
        assert (pickup.name, str(pickup.phone), pickup.email) == ("Léa Durand", "+33698765432", RIGHT)
        assert pickup.changes.get().user.email == "claire@example.org"
        assert f"Le billet repart, à {RIGHT}" in page

    @pytest.mark.parametrize(
        ("typed", "field"),
        [
            ({"name": ""}, "name"),
            ({"name": "www.x.com"}, "name"),
            ({"phone": "12"}, "phone"),
            ({"email": "l@"}, "email"),
        ],
    )
    def test_says_at_the_field_what_is_wrong(self, manager, pickup, typed, field):
        page = self.post(manager, pickup, **typed)

        assert page.status_code == 422
        assert list(page.context["wrong"].errors) == [field]
        assert pickup.changes.count() == 0

    def test_keeps_what_was_typed_where_the_verb_refuses(self, manager, pickup):
        page = self.post(manager, pickup, email="", phone="")

        assert (page.status_code, page.context["contact_form"]["email"].value()) == (409, "")

    def test_asks_once_about_a_likely_slip(self, manager, pickup):
        assert self.post(manager, pickup, email="lea@gmial.com").context["question"].meant == "lea@gmail.com"
        self.post(manager, pickup, email="lea@gmial.com", email_asked="lea@gmial.com")

        pickup.refresh_from_db()
        assert pickup.email == "lea@gmial.com"

    def test_offers_no_address_where_it_is_somebody_elses(self, carrots, manager):
        theirs = ordered_by(account_of("lea@example.org"), cast.basket_of({carrots: 1}))
        page = manager.get(url(theirs.day, f"commandes/{theirs.number}/"))

        assert "email" not in page.context["contact_form"].fields
        assert "compte" in page.context["not_the_address"].sentence

    def test_offers_nothing_once_the_day_is_over(self, manager, pickup):
        with time_machine.travel(pickup.day.ends_at, tick=False):
            assert "contact_form" not in manager.get(url(pickup.day, "commandes/1/")).context

    def test_is_nobody_elses(self, pickup, client):
        assert client.post(url(pickup.day, "commandes/1/contact/"), self.typed(email=RIGHT)).status_code in (302, 404)
        pickup.refresh_from_db()
        assert pickup.email != RIGHT

    def test_is_never_done_by_looking(self, manager, pickup):
        assert manager.get(url(pickup.day, "commandes/1/contact/")).status_code == 405


def test_on_the_day_of_the_market_the_contact_can_still_be_corrected(pickup, clock):
    clock.move_to(cast.AFTER_CUTOFF)

    assert corrected(pickup, email=RIGHT).email == RIGHT
