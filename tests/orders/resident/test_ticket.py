"""The ticket: page, PDF, calendar, and cancelling with its link."""

from __future__ import annotations

import datetime as dt
import io

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.urls import reverse
from icalendar import Calendar
from pypdf import PdfReader

from marche.common.actors import Actor
from marche.markets.models import Market, MarketDay
from marche.outbox import rendering
from marche.outbox.models import Message
from orders.actions.cancel_order import cancel_order
from orders.actions.hand_over import hand_over
from orders.models import OrderChange, Pickup, ProducerOrder
from orders.presenters.paying import Payment
from producers.kinds import PaymentMeans
from producers.models import Listing, Producer
from tests import cast
from tests.pages import words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english(client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"


@pytest.fixture
def pickup(carrots: Listing, honey: Listing) -> Pickup:
    return cast.placed_order({carrots: 3, honey: 1})


def page_of(client, pickup: Pickup, name: str = "ticket"):
    return client.get(reverse(name, args=[pickup.display_code]))


def test_a_name_of_earlier_times_opens_no_mail_with_a_line_or_a_link(pickup):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE orders_pickup SET name = %s", ["Gagnez\r\n\r\nsur http://evil.com/x\u202e"])

    mail = rendering.render(Message.objects.get(kind="order-confirmation"))
    assert "Gagnez sur http evil com x," in mail.body
    html = str(mail.alternatives[0][0])
    assert "Gagnez sur http evil com x" in html
    assert "evil.com" not in mail.body + html


def test_the_ticket_shows_number_code_slot_and_stalls_in_walking_order(client, pickup):
    page = words(page_of(client, pickup))

    assert "Saturday 28 November,<br>between 8:00 and 8:30" in page
    assert pickup.short_code in page
    assert page.index("La Ferme du Ru") < page.index("Le Rucher d’Hodenc")
    assert "€5.63" in page
    assert "€8.50" in page


@pytest.mark.parametrize("change", [str.lower, lambda code: code.replace("-", ""), lambda code: code.replace("-", " ")])
def test_a_code_is_found_however_it_is_typed(client, pickup, change):
    assert client.get(reverse("ticket", args=[change(pickup.display_code)])).status_code == 200


@pytest.mark.parametrize("code", ["AAAA-AAAA-AAAA", "K7MP", "x" * 500, "../../etc/passwd".replace("/", "%2F")])
def test_an_altered_link_is_not_found_and_says_what_to_do(client, pickup, code):
    response = client.get(reverse("ticket", args=[code]))

    assert response.status_code == 404
    assert "Open again the link of your confirmation mail" in words(response)


def test_an_old_link_has_expired(client, pickup):
    with time_machine.travel(pickup.day.ends_at + dt.timedelta(days=91), tick=False):
        response = page_of(client, pickup)

    assert response.status_code == 410
    assert "Léa" not in words(response)


def test_a_ticket_is_never_kept_by_a_proxy(client, pickup):
    assert "no-store" in page_of(client, pickup)["Cache-Control"]


def test_the_pdf_is_one_page_with_the_same_words(client, pickup):
    response = page_of(client, pickup, "ticket-pdf")

    pdf = PdfReader(io.BytesIO(response.content))
    text = " ".join(pdf.pages[0].extract_text().split())
    assert len(pdf.pages) == 1
    assert pickup.short_code in text
    assert "Le Rucher d’Hodenc" in text
    assert "€14.13" in text


def test_a_name_that_no_font_can_show_still_gets_its_pdf(client, carrots):
    pickup = cast.placed_order({carrots: 1}, name="Zoé 🥕 王")

    pdf = PdfReader(io.BytesIO(page_of(client, pickup, "ticket-pdf").content))
    assert "Zoé" in pdf.pages[0].extract_text()


def test_the_calendar_entry_is_the_slot(client, pickup):
    [event] = Calendar.from_ical(page_of(client, pickup, "ticket-calendar").content).walk("VEVENT")

    assert (event.decoded("dtstart"), event.decoded("dtend")) == (pickup.slot.starts_at, pickup.slot.ends_at)
    assert pickup.url in str(event["description"])


def test_the_link_cancels_until_the_cutoff_and_everything_goes_back(client, pickup, carrots):
    response = client.post(reverse("ticket-cancel", args=[pickup.display_code]), follow=True)

    carrots.refresh_from_db()
    pickup.slot.refresh_from_db()
    assert "This order is cancelled" in words(response)
    assert (carrots.reserved, pickup.slot.reserved) == (0, 0)
    assert OrderChange.objects.get().actor == "resident"


def test_who_did_not_cancel_it_reads_why_and_is_led_to_the_market(client, pickup):
    MarketDay.objects.update(cancelled_at=pickup.placed_at, cancel_reason="Tempête")
    cancel_order(pickup.pk, reason="Tempête", by=Actor.manager())
    page = words(page_of(client, pickup))

    assert "Reason: Tempête" in page
    assert f'href="{pickup.market.get_absolute_url()}">See the stalls' in page


def test_who_cancelled_it_is_told_no_reason(client, pickup):
    page = words(client.post(reverse("ticket-cancel", args=[pickup.display_code]), follow=True))

    assert "Reason:" not in page
    assert f'href="{pickup.day.get_absolute_url()}">See the stalls' in page


def test_after_the_cutoff_the_link_no_longer_cancels(client, pickup):
    with time_machine.travel(cast.CUTOFF, tick=False):
        response = client.post(reverse("ticket-cancel", args=[pickup.display_code]), follow=True)

    assert "It is too late to cancel this order" in words(response)
    pickup.refresh_from_db()
    assert not pickup.is_cancelled


def test_looking_at_the_cancel_address_cancels_nothing(client, pickup):
    assert page_of(client, pickup, "ticket-cancel").status_code == 405


@pytest.mark.parametrize("address", ["halles@example.org", ""])
def test_a_mail_about_an_order_is_answered_to_its_market(client, pickup, address):
    Market.objects.update(contact_email=address)
    client.post(reverse("ticket-cancel", args=[pickup.display_code]))

    mails = [rendering.render(message) for message in Message.objects.all()]
    assert [mail.reply_to for mail in mails] == [[address] if address else []] * 2


def test_the_confirmation_mail_carries_the_contract_the_ticket_and_the_calendar(pickup):
    mail = rendering.render(Message.objects.get(kind="order-confirmation"))

    text = mail.body
    assert pickup.url in text
    assert "Carottes" in text
    assert "5,63" in text
    assert "73282932000074" in text
    assert pickup.terms_version in text
    assert [name for name, _content, _type in mail.attachments] == ["billet-1.pdf", "billet-1.ics"]
    assert pickup.url in str(mail.alternatives[0][0])


def test_the_cancellation_mail_says_that_there_is_nothing_to_pay(client, pickup):
    client.post(reverse("ticket-cancel", args=[pickup.display_code]))

    message = Message.objects.get(kind="order-cancelled")
    message.language = "en"
    assert "There is nothing to pay" in rendering.render(message).body


def test_the_ticket_page_asks_a_fixed_number_of_queries(client, carrots, honey, django_assert_num_queries):
    pickup = cast.placed_order({carrots: 1, honey: 1})

    # The pickup, then stalls, parts and lines, what has changed of the day; whose its address is, how often corrected.
    with django_assert_num_queries(8):
        page_of(client, pickup)


class TestOnTheMarketDay:
    """The farm has handed over its carrots; the beekeeper is still to come."""

    @pytest.fixture
    def collected(self, pickup: Pickup) -> Pickup:
        grower = cast.member("grower@example.org")
        with time_machine.travel(dt.datetime(2026, 11, 28, 9, 12, tzinfo=cast.PARIS), tick=False):
            part = pickup.parts.get(producer__slug="ferme-du-ru")
            hand_over(part.pk, payment=Payment(PaymentMeans.CHEQUE, 563), by=Actor.producer(grower))
        return pickup

    def test_the_ticket_says_which_stall_is_done_and_what_was_paid(self, client, collected):
        page = words(page_of(client, collected))

        assert "Collected at 9:12" in page
        assert "Paid (cheque)" in page
        assert "1 of 2 done" in page

    def test_the_ticket_still_says_what_is_to_pay_elsewhere(self, client, collected):
        parts = page_of(client, collected).context["parts"]

        assert [(part.is_done, part.payment and part.payment.cents) for part in parts] == [(True, 563), (False, None)]

    def test_the_ticket_says_what_was_missing(self, client, pickup):
        part = pickup.parts.get(producer__slug="ferme-du-ru")
        part.details.update(missing=True)

        assert "Carottes: 1.5 kg, missing" in words(page_of(client, pickup))

    def test_a_stall_of_which_everything_was_taken_off_is_not_on_the_way(self, client, pickup):
        pickup.parts.get(producer__slug="ferme-du-ru").details.update(struck="shortage")
        page = words(page_of(client, pickup))

        assert "Your way: 1 stall<" in page
        assert "Nothing to collect here" in page
        assert "€0.00" not in page
        assert "is-done" not in page

    @pytest.mark.parametrize("online", [False, True], ids=["to be paid at the stall", "by card"])
    def test_what_the_market_cancelled_is_nothing_to_collect_in_any_paper(self, client, pickup, online):
        parts = ProducerOrder.objects.filter(pickup=pickup, producer__slug="ferme-du-ru")
        parts.update(cancelled_at=pickup.placed_at, online=online)
        page = words(page_of(client, pickup))
        pdf = PdfReader(io.BytesIO(page_of(client, pickup, "ticket-pdf").content)).pages[0].extract_text()
        mail = rendering.render(Message.objects.get(kind="order-confirmation", language="fr"))
        calendar = page_of(client, pickup, "ticket-calendar").content.decode()

        assert "Your way: 1 stall<" in page
        assert "of 2 done" not in page
        assert "Nothing to collect here" in pdf
        assert "Rien à retirer ici" in mail.body
        assert "Rien à retirer ici" in str(mail.alternatives[0][0])
        for told in (pdf, mail.body.replace("\xa0", " "), str(mail.alternatives[0][0]).replace("\xa0", " ")):
            assert "5.63" not in told
            assert "5,63" not in told
            assert "VAT included" not in told
        assert "La Ferme du Ru" not in calendar

    def test_where_nothing_is_left_to_collect_the_ticket_says_so(self, client, pickup):
        for part in pickup.parts.all():
            part.details.update(struck="shortage")

        assert "There is nothing left to collect" in words(page_of(client, pickup))

    def test_nobody_is_led_to_a_stall_but_its_members(self, client, collected):
        assert "/etal/" not in page_of(client, collected).content.decode()

    def test_a_member_is_led_from_the_ticket_to_its_own_stall(self, client, collected):
        client.force_login(Producer.objects.get(slug="le-rucher").partner.users.get())
        page = page_of(client, collected).content.decode()

        assert f"/producteur/le-rucher/beauvais/2026-11-28/etal/{collected.number}/" in page
        assert "/producteur/ferme-du-ru/" not in page
