"""The demo market is true to life, whole by law, and ready for a newcomer on any day of the week."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from stdnum.fr import siret

from dev import ROOT
from dev.demo.catalogue import DATA, DemoDataError, DemoProducer, read_catalogue, read_producer
from dev.demo.load import load
from dev.demo.logins import LOGINS, PASSWORD, PRODUCER_EMAIL
from marche.markets.models import Market, MarketDay, Phase, Slot, Stall
from producers.actions.save_offer import OfferRow, save_offer
from producers.actions.save_sheet import save_sheet
from producers.kinds import Drawing, GoodsKind
from producers.models import Listing, Producer, ProductSheet
from producers.units import Unit

PARIS = ZoneInfo("Europe/Paris")
TUESDAY = dt.datetime(2026, 11, 24, 10, tzinfo=PARIS)  # orders for Saturday 28 November are open
FRIDAY = dt.datetime(2026, 11, 27, 8, tzinfo=PARIS)  # they are closed
BEEKEEPER, GOATS = "10-le-rucher-des-tilleuls.toml", "07-la-chevrerie-des-larris.toml"

CATALOGUE = read_catalogue()
PRODUCTS = [product for producer in CATALOGUE for product in producer.products]


def on_offer(month: int, producers: list[DemoProducer] = CATALOGUE) -> set[str]:
    return {f"{p.slug} {product.title}" for p in producers for product in p.products if product.in_season(month)}


# --- What the files say ---------------------------------------------------------------------------


def test_eleven_producers_stand_on_stalls_one_to_eleven() -> None:
    assert [producer.stall for producer in CATALOGUE] == list(range(1, 12))


def test_there_are_more_than_130_products() -> None:
    assert len(PRODUCTS) >= 130


def test_every_kind_of_goods_and_every_sale_unit_is_there() -> None:
    assert {product.kind for product in PRODUCTS} == set(GoodsKind)
    assert {product.fields["unit"] for product in PRODUCTS} == set(Unit)


def test_every_drawing_is_in_the_sprite() -> None:
    sprite = (ROOT / "marche/static/marche/drawings/sprite.svg").read_text()
    used = {product.fields["drawing"] for product in PRODUCTS} | {p.fields["drawing"] for p in CATALOGUE}
    assert used <= set(Drawing)
    assert [name for name in used if f'id="{name}"' not in sprite] == []


@pytest.mark.parametrize("month", range(1, 13))
def test_at_least_ninety_products_are_on_offer_in_any_month_even_without_the_absent(month: int) -> None:
    always_there = [producer for producer in CATALOGUE if not producer.absent_in_weeks]
    assert len(on_offer(month, always_there)) >= 90


def test_june_is_another_market_than_december() -> None:
    june, december = on_offer(6), on_offer(12)
    assert len(june - december) >= 15
    assert len(december - june) >= 15
    assert not any("Fraises de" in name or "gariguettes" in name for name in december)


def test_allergens_stand_out_in_the_ingredients() -> None:
    """In capitals, as INCO art. 21 wants them to differ from the rest; nothing else is in capitals."""
    for product in PRODUCTS:
        words = product.fields["ingredients"].replace("’", " ").split()
        shouted = [word for word in words if len(word) > 2 and word.strip("(),;").isupper()]
        assert bool(shouted) == bool(product.fields["allergens"] and words), product.title


@pytest.mark.parametrize("file", sorted(DATA.glob("*.toml")), ids=lambda file: file.stem)
def test_the_french_is_typeset(file: Path) -> None:
    lines = [line for line in file.read_text().splitlines() if not line.startswith("#")]
    assert [line for line in lines if any(bad in line for bad in ("'", " %", " °C", " ;", " !", " ?", "..."))] == []


@pytest.mark.parametrize("producer", CATALOGUE, ids=lambda producer: producer.slug)
def test_people_and_farms_are_invented(producer: DemoProducer) -> None:
    assert producer.fields["siret"].startswith("999")
    assert siret.is_valid(producer.fields["siret"])
    assert producer.member.email.endswith("@example.org")
    assert producer.fields["email"].endswith("@example.org")
    assert producer.fields["phone"].as_e164.startswith("+3335301")  # a range kept for fiction


def test_producers_differ_in_vat_labels_payments_and_presence() -> None:
    fields = [producer.fields for producer in CATALOGUE]
    assert {f["vat_franchise"] for f in fields} == {True, False}
    assert {(f["takes_card"], "organic" in f["labels"]) for f in fields} >= {(True, False), (False, True)}
    assert [p.slug for p in CATALOGUE if p.absent_in_weeks] == ["le-rucher-des-tilleuls"]


def test_one_stall_has_so_little_that_it_is_sold_out_by_tuesday() -> None:
    assert [p.slug for p in CATALOGUE if max(g.quantity for g in p.products) <= 12] == ["la-chevrerie-des-larris"]


# --- What the validator refuses -------------------------------------------------------------------


def changed(tmp_path: Path, old: str, new: str, name: str = GOATS) -> Path:
    """A copy of a good file, in which one thing differs."""
    text = (DATA / name).read_text()
    assert old in text
    file = tmp_path / name
    file.write_text(text.replace(old, new, 1))
    return file


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("net_grams = 120", "net_gram = 120", "“Crottin de chèvre frais”: unknown key “net_gram”: did you mean “net_g"),
        ("quantity = 12", "quantity = -1", "quantity: -1 is no whole number from 0 to 9999"),
        ("price_cents = 260", 'price_cents = "2,60"', "price_cents: '2,60' is no whole number from 1 to 100000"),
        ("price_cents = 260", "price_cents = 2600", "21667 cents per kg is implausible for cheese: 1000 to 5500"),
        ("net_grams = 220\n", "", "“Bûche cendrée”: cheese is not sold per piece: give its net quantity"),
        ("price_cents = 260\n", "", "“price_cents” is missing"),
        ('allergens = ["milk"]\n', "", "“Crottin de chèvre frais”: the law wants “allergens”"),
        ('milk_treatment = "raw"\n', "", "“Bûche cendrée”: the law wants “milk_treatment”"),
        ('allergens = ["milk"]', 'allergens = ["lait"]', "allergens: "),
        ('unit = "piece"', 'unit = "pint"', "unit: "),
        ('kind = "cheese"', 'kind = "cheeses"', "kind: “cheeses” is unknown"),
        ("months = [3, ", "months = [13, ", "months: 13 is no month"),
        ('title = "Crottin demi-sec"', 'title = "Crottin sec"', "two products are called Crottin sec"),
        ("99900259500018", "99900259500019", "[producer]: siret: "),
        ('"cheque"]', '"shells"]', "payments: “shells” is none of cash, cheque, card"),
        ("vat_franchise = true", 'absent_in_weeks = "full moon"', "“full moon” is neither odd nor even"),
        ("[producer]", "[produce]", "unknown key “produce”: did you mean “producer”?"),
        ("stall = 7", "stall = = 7", "not TOML"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    file = changed(tmp_path, old, new)
    with pytest.raises(DemoDataError) as error:
        read_producer(file)
    assert sentence in str(error.value)
    assert all(line.startswith(f"{GOATS}: ") for line in str(error.value).splitlines())


def test_all_mistakes_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    file = changed(tmp_path, 'milk_treatment = "raw"\n', "")
    with pytest.raises(DemoDataError) as error:
        read_producer(file)
    assert len(str(error.value).splitlines()) == 9  # every product but the two yoghurts, which say pasteurised


def test_two_producers_cannot_have_the_same_stall(tmp_path: Path) -> None:
    changed(tmp_path, "stall = 7", "stall = 10")
    shutil.copy(DATA / BEEKEEPER, tmp_path)
    with pytest.raises(DemoDataError, match="the same stall in two files: 10"):
        read_catalogue(tmp_path)


# --- What is loaded -------------------------------------------------------------------------------


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """Only the beekeeper, who is absent in odd weeks, and the goats."""
    for name in (BEEKEEPER, GOATS):
        shutil.copy(DATA / name, tmp_path)
    return tmp_path


def everything() -> dict[str, list[Any]]:
    models = [Market, MarketDay, Slot, Stall, Producer, ProductSheet, Listing, User]
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in models}


def day(date: str) -> MarketDay:
    return MarketDay.objects.get(date=date)


@pytest.mark.django_db
@time_machine.travel(TUESDAY, tick=False)
def test_the_whole_demo_loads_and_loading_it_again_changes_nothing() -> None:
    load()
    first = everything()
    assert Producer.objects.count() == 11
    assert ProductSheet.objects.count() == len(PRODUCTS)
    assert all(sheet.missing == [] for sheet in ProductSheet.objects.with_related())
    assert MarketDay.objects.count() == 4
    assert Listing.objects.filter(day=day("2026-11-28")).count() == len(on_offer(11))
    assert all(authenticate(username=login.email, password=login.password) for login in LOGINS)
    load()
    assert everything() == first


@pytest.mark.django_db
@time_machine.travel(TUESDAY, tick=False)
def test_each_role_may_do_its_work(few: Path) -> None:
    load(folder=few)
    managed = {login.role: list(Market.objects.managed_by(User.objects.get(email=login.email))) for login in LOGINS[1:]}
    assert [market.slug for market in managed["manager"]] == ["beauvais"]
    assert User.objects.get(is_superuser=True).email == LOGINS[2].email
    member = User.objects.get(email="elise.wattel@example.org")
    assert [p.slug for p in Producer.objects.all().acted_for_by(member)] == ["la-chevrerie-des-larris"]
    assert member.check_password(PASSWORD)


def test_the_producer_who_signs_in_is_a_member_of_the_first_stall() -> None:
    assert CATALOGUE[0].member.email == PRODUCER_EMAIL


@pytest.mark.django_db
@time_machine.travel(TUESDAY, tick=False)
def test_the_absent_producer_offers_nothing_in_its_weeks(few: Path) -> None:
    load(folder=few)
    beekeeper = Listing.objects.filter(producer__slug="le-rucher-des-tilleuls")
    present = beekeeper.values_list("day__date", flat=True).distinct().order_by("day__date")
    assert [date.isoformat() for date in present] == ["2026-11-28", "2026-12-12"]


@pytest.mark.django_db
@time_machine.travel(TUESDAY, tick=False)
def test_a_day_that_is_open_already_leaves_the_others_on_their_monday(few: Path) -> None:
    load(folder=few)
    assert [d.date.isoformat() for d in MarketDay.objects.all().open()] == ["2026-11-28"]


@pytest.mark.django_db
@pytest.mark.parametrize("days", range(4), ids=["Friday", "Saturday", "Sunday", "Monday before nine"])
def test_outside_the_window_the_next_day_opens_now_and_keeps_its_cutoff(few: Path, days: int) -> None:
    now = FRIDAY + dt.timedelta(days=days)
    with time_machine.travel(now, tick=False):
        load(folder=few)
        following = day("2026-12-05")
        assert following.phase() is Phase.OPEN
        assert following.opens_at == now
        assert following.closes_at == dt.datetime(2026, 12, 3, 12, tzinfo=PARIS)
        assert Listing.objects.filter(day=following).exists()


@pytest.mark.django_db
@time_machine.travel(dt.datetime(2026, 11, 26, 11, 30, tzinfo=PARIS), tick=False)
def test_in_the_last_half_hour_before_the_cutoff_the_next_day_opens_too(few: Path) -> None:
    load(folder=few)
    assert [d.date.isoformat() for d in MarketDay.objects.all().open()] == ["2026-11-28", "2026-12-05"]


@pytest.mark.django_db
@time_machine.travel(dt.datetime(2027, 4, 30, 10, tzinfo=PARIS), tick=False)
def test_a_day_that_waits_for_a_decision_about_a_holiday_is_not_opened(few: Path) -> None:
    load(folder=few)
    assert day("2027-05-08").phase() is Phase.PENDING
    assert day("2027-05-15").phase() is Phase.OPEN


@pytest.mark.django_db
def test_loading_on_friday_what_was_loaded_on_tuesday_opens_a_day(few: Path) -> None:
    with time_machine.travel(TUESDAY, tick=False):
        load(folder=few)
    with time_machine.travel(FRIDAY, tick=False):
        load(folder=few)
        assert day("2026-12-05").phase() is Phase.OPEN


@pytest.mark.django_db
@time_machine.travel(TUESDAY, tick=False)
def test_what_a_producer_offers_otherwise_stays(few: Path) -> None:
    load(folder=few)
    listing = Listing.objects.filter(producer__slug="la-chevrerie-des-larris").select_related("producer")[0]
    save_offer(
        listing.day_id,
        producer=listing.producer,
        rows=[OfferRow(listing.sheet_id, on=False, price_cents=1234, quantity=3)],
    )
    load(folder=few)
    listing.refresh_from_db()
    assert (listing.on, listing.price_cents, listing.quantity) == (False, 1234, 3)


@pytest.mark.django_db
@time_machine.travel(TUESDAY, tick=False)
def test_a_sheet_follows_its_file_again(few: Path) -> None:
    load(folder=few)
    sheet = ProductSheet.objects.with_related().get(product__title="Bûche cendrée")
    save_sheet(
        sheet.pk,
        producer=sheet.producer,
        title=sheet.title,
        kind=GoodsKind(sheet.product.product_class.slug),
        allergens=[],
    )
    load(folder=few)
    assert ProductSheet.objects.with_related().get(product__title="Bûche cendrée").missing == []


@pytest.mark.django_db
@time_machine.travel(TUESDAY, tick=False)
def test_a_mistake_in_a_file_writes_nothing(few: Path) -> None:
    changed(few, "net_grams = 120", "net_gram = 120")
    with pytest.raises(DemoDataError):
        load(folder=few)
    assert not Market.objects.exists()
