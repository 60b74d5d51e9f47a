"""The administration: what an administrator finds there, what of it can be written, and what is refused."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.contrib import admin
from django.contrib.auth.models import User
from django.contrib.flatpages.models import FlatPage
from django.db.models import Model
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.functional import Promise

from marche.markets.models import MarketDay
from marche.shop.oscar import ProductClass
from producers.models import Listing, Producer, VatRate
from tests import cast
from tests.pages import words
from tests.producers.people import signed_in

pytestmark = pytest.mark.django_db


READ, WRITTEN, KEPT = "", "add change", "change"  # what can be done with a model; nothing that was used is deleted
LISTED = {
    "auth.User": WRITTEN,
    "flatpages.FlatPage": "add change delete",
    "markets.Market": WRITTEN,
    "orders.OscarComparison": READ,
    "orders.Pickup": READ,
    "orders.Summary": READ,
    "outbox.Message": READ,
    "partner.Partner": WRITTEN,
    "payments.Account": READ,
    "payments.Comparison": READ,
    "payments.Dispute": READ,
    "payments.Instruction": READ,
    "payments.Movement": READ,
    "payments.PaymentAttempt": READ,
    "payments.Share": READ,
    "payments.StripeEvent": READ,
    "producers.Listing": READ,
    "producers.Producer": WRITTEN,
    "producers.ProductSheet": READ,
    "producers.VatRate": WRITTEN,
}
TIMES = {"markets.MarketDay"}  # days are made by the habit; what becomes of them is said on the manager's screens


@pytest.fixture
def alex() -> User:
    return cast.member("alex@example.org", is_staff=True, is_superuser=True)


@pytest.fixture
def client(alex: User) -> Client:
    client = signed_in(alex)
    client.cookies["language"] = "en"
    return client


@pytest.fixture
def day() -> Any:
    with time_machine.travel(cast.OPEN_TIME, tick=False):
        yield cast.saturday(cast.beauvais())


@pytest.fixture
def carrots(day: MarketDay) -> Listing:
    return cast.listing(cast.carrots(cast.ferme_du_ru(day.market)), day)


def rate_of(listing: Listing) -> VatRate:
    return VatRate.objects.get(product_class=listing.sheet.product.product_class, territory="metropolitan")


def send(client: Client, name: str, values: dict[str, Any], *args: Any) -> str:
    """The words of the answer to a form of the administration; empty when it was taken."""
    response = client.post(reverse(f"admin:{name}", args=args), values)
    return "" if response.status_code == 302 else words(response)


def test_what_is_listed_and_what_of_it_can_be_written_is_what_stands_here(alex):
    request = RequestFactory().get("/")
    request.user = alex
    site = {model._meta.label: model_admin for model, model_admin in admin.site._registry.items()}
    allowed = {
        label: " ".join(
            name
            for name, may in [
                ("add", one.has_add_permission(request)),
                ("change", one.has_change_permission(request)),
                ("delete", one.has_delete_permission(request)),
            ]
            if may
        )
        for label, one in site.items()
        if label not in TIMES
    }

    assert set(site) == set(LISTED) | TIMES
    assert allowed == LISTED


def test_an_admin_class_of_somebody_else_is_not_taken():
    admin.site.register(ProductClass, admin.ModelAdmin)

    assert not admin.site.is_registered(ProductClass)


def test_its_pages_are_in_french(client, alex):
    client.cookies["language"] = "fr"
    page = words(client.get(reverse("admin:index")))

    assert "Administration du marché" in page
    for foreign in ("Django", "Fournisseur", "Partenaire", "Authentification"):
        assert foreign not in page
    for name in ("auth_user", "producers_vatrate", "partner_partner", "producers_producer", "flatpages_flatpage"):
        assert "Ajouter" in words(client.get(reverse(f"admin:{name}_changelist")))
        assert client.get(reverse(f"admin:{name}_add")).status_code == 200


def test_no_column_of_its_lists_goes_by_the_english_name_of_its_field():
    without = [
        f"{model._meta.label}.{name}"
        for model, one in admin.site._registry.items()
        for name in one.list_display
        if (field := _field(model, str(name))) and not isinstance(field.verbose_name, Promise)
    ]

    assert without == ["producers.Producer.siret"], "which is French"


def _field(model: type[Model], name: str) -> Any:
    """None for a column that an admin class works out."""
    return next((field for field in model._meta.fields if field.name == name), None)


class TestVatRates:
    def new(self, listing: Listing, **changes: Any) -> dict[str, Any]:
        values = {"rate_bp": "1300", "valid_from": "2027-01-01", "valid_until": ""}
        same = {"product_class": rate_of(listing).product_class_id, "territory": "metropolitan"}
        return same | values | changes

    def test_a_rate_that_has_begun_is_neither_changed_nor_deleted(self, client, carrots):
        rate = rate_of(carrots)
        send(client, "producers_vatrate_change", self.new(carrots), rate.pk)

        assert client.post(reverse("admin:producers_vatrate_delete", args=[rate.pk])).status_code == 403
        rate.refresh_from_db()
        assert (rate.rate_bp, rate.valid_from) == (550, dt.date(2014, 1, 1))

    def test_the_next_rate_is_added_and_rules_from_its_first_day(self, client, carrots):
        assert send(client, "producers_vatrate_add", self.new(carrots)) == ""

        assert Listing.objects.with_vat().get().vat_bp == 550
        MarketDay.objects.filter(pk=carrots.day_id).update(date="2027-01-02")
        assert Listing.objects.with_vat().get().vat_bp == 1300

    def test_a_rate_that_nobody_has_met_can_be_taken_away_again(self, client, carrots):
        send(client, "producers_vatrate_add", self.new(carrots))
        new = VatRate.objects.get(rate_bp=1300)

        send(client, "producers_vatrate_delete", {"post": "yes"}, new.pk)
        assert not VatRate.objects.filter(pk=new.pk).exists()

    def test_a_coming_rate_under_which_something_is_offered_is_history(self, client, carrots):
        send(client, "producers_vatrate_add", self.new(carrots))
        MarketDay.objects.filter(pk=carrots.day_id).update(date="2027-01-02")
        new = VatRate.objects.get(rate_bp=1300)

        assert client.post(reverse("admin:producers_vatrate_delete", args=[new.pk])).status_code == 403

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ({"valid_from": "2026-11-24"}, "A rate begins tomorrow at the earliest"),
            ({"valid_until": "2026-12-31"}, "The last day can’t be before the first."),
            ({"rate_bp": "5500"}, "3000"),
            ({"product_class": "0"}, "errorlist"),
        ],
    )
    def test_what_can_not_be_is_refused_with_its_reason(self, client, carrots, typed, sentence):
        assert sentence in send(client, "producers_vatrate_add", self.new(carrots, **typed))
        assert not VatRate.objects.filter(rate_bp__in=[1300, 5500]).exists()

    def test_a_rate_does_not_end_before_what_is_offered_under_it(self, client, carrots):
        page = send(client, "producers_vatrate_change", {"valid_until": "2026-11-27"}, rate_of(carrots).pk)

        assert "it can’t end before" in page
        assert send(client, "producers_vatrate_change", {"valid_until": "2026-11-28"}, rate_of(carrots).pk) == ""

    def test_a_kind_that_the_site_does_not_know_gets_no_rate(self, client, carrots):
        unknown = ProductClass.objects.create(name="Bijoux", slug="bijoux")

        assert send(client, "producers_vatrate_add", self.new(carrots, product_class=unknown.pk))


class TestProducers:
    def test_who_sells_has_a_name(self, client):
        assert "Write the name" in send(client, "partner_partner_add", {"name": " ", "users": []})

    def test_another_name_is_sorted_anew(self, client, carrots):
        partner = carrots.producer.partner
        send(client, "partner_partner_change", {"name": "Étable du Ru", "users": []}, partner.pk)

        assert Producer.objects.get().sort_key == "etable du ru"

    def test_a_wrong_siret_is_refused(self, client, carrots):
        typed = {"partner": carrots.producer.partner_id, "siret": "12345678901234"}

        assert "not a valid SIRET" in send(client, "producers_producer_change", typed, carrots.producer_id)

    def test_what_another_wrote_meanwhile_in_other_columns_stays(self, alex, carrots):
        model_admin = admin.site._registry[Producer]
        opened = Producer.objects.get()
        Producer.objects.update(town="Rouen")
        opened.street = "2 rue du Ru"
        form = type("Form", (), {"changed_data": ["street"]})()

        model_admin.save_model(RequestFactory().post("/"), opened, form, change=True)

        producer = Producer.objects.get()
        assert (producer.street, producer.town) == ("2 rue du Ru", "Rouen")


class TestPeople:
    def new(self, **changes: str) -> dict[str, str]:
        password = {"password1": "plutôt long 7", "password2": "plutôt long 7"}
        return {"email": "camille@example.org", "first_name": "Camille", "last_name": ""} | password | changes

    def test_a_person_is_known_by_the_address(self, client):
        assert send(client, "auth_user_add", self.new()) == ""

        person = User.objects.get(email="camille@example.org")
        assert (person.username, person.is_superuser) == ("camille@example.org", False)

    def test_somebody_who_has_that_name_from_before_does_not_stand_in_the_way(self, client):
        cast.member("camille@example.org")
        User.objects.filter(username="camille@example.org").update(email="camille.d@example.org")

        assert send(client, "auth_user_add", self.new()) == ""

    @pytest.mark.parametrize("email", ["", "ALEX@example.org"])
    def test_without_an_address_of_ones_own_one_could_not_sign_in(self, client, email):
        assert send(client, "auth_user_add", self.new(email=email))
        assert User.objects.count() == 1


class TestTexts:
    def test_a_text_of_the_town_takes_the_place_of_ours(self, client):
        values = {"url": reverse("page", args=["conditions"]), "title": "Conditions", "content": "Voici."}

        assert send(client, "flatpages_flatpage_add", values) == ""
        assert "Voici." in words(Client().get(reverse("page", args=["conditions"])))
        assert "written already" in send(client, "flatpages_flatpage_add", values)

    def test_an_address_that_the_site_does_not_have_is_refused(self, client):
        assert send(client, "flatpages_flatpage_add", {"url": "/ailleurs/", "title": "x", "content": "y"})
        assert not FlatPage.objects.exists()
