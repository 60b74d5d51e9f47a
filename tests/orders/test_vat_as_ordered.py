"""What was ordered keeps the VAT it was ordered with, whatever becomes of its producer's regime."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from marche.markets.models import MarketDay, Stall
from marche.outbox.models import Message
from orders.documents.my_data import my_data_json
from orders.documents.summary import context_of, file_name
from orders.mails.resident import confirmation
from orders.manager.report.report import report_of
from orders.models import ProducerOrder, Summary
from orders.presenters.ticket import parts_of
from producers.models import Listing, Producer
from producers.namesakes import told_apart
from tests import cast

NOT_APPLICABLE = "TVA non applicable, article 293\xa0B du CGI"


@pytest.fixture
def turn(honey: Listing, carrots: Listing) -> Callable[[], None]:
    """The beekeeper becomes liable to VAT, the farm ceases to be."""

    def turned() -> None:
        Producer.objects.filter(pk=honey.producer_id).update(vat_franchise=False)
        Producer.objects.filter(pk=carrots.producer_id).update(vat_franchise=True)

    return turned


def vat_rows(day: MarketDay) -> list[tuple[object, ...]]:
    return [tuple(row) for row in report_of(day.pk).tables["tva"].rows]


def test_the_report_says_what_it_said(day: MarketDay, honey: Listing, carrots: Listing, turn: Callable[[], None]):
    cast.placed_order({honey: 1, carrots: 2})
    before = vat_rows(day)
    turn()

    assert vat_rows(day) == before
    assert before[-1][0] == NOT_APPLICABLE or before[0][0] == NOT_APPLICABLE


def test_a_summary_tells_the_vat_of_the_order(honey, carrots, turn, close):
    cast.placed_order({honey: 1, carrots: 2})
    turn()
    close()

    bees, farm = (context_of(Summary.objects.get(producer=listing.producer)) for listing in (honey, carrots))
    assert bees["amounts"][1:] == [NOT_APPLICABLE]
    assert "5,5" in farm["amounts"][1]


def test_a_summary_of_two_regimes_tells_both(honey, turn, close):
    cast.placed_order({honey: 1})
    turn()
    cast.placed_order({honey: 2}, email="odette@example.org")
    close()

    _total, with_vat, without = context_of(Summary.objects.get())["amounts"]
    assert "17,00" in with_vat
    assert "8,50" in without
    assert NOT_APPLICABLE in without


def test_a_summary_that_was_made_before_still_says_it(honey, close):
    cast.placed_order({honey: 1})
    close()
    summary = Summary.objects.get()
    del summary.data["franchise_cents"]
    summary.data["producer"]["vat_franchise"] = True

    assert context_of(summary)["amounts"][1:] == [NOT_APPLICABLE]


def test_ticket_mail_and_my_data_say_what_was_ordered(honey, carrots, turn):
    pickup = cast.placed_order({honey: 1, carrots: 2})
    turn()

    assert {part.producer.slug: part.vat_franchise for part in parts_of(pickup)} == {
        "le-rucher": True, "ferme-du-ru": False,
    }  # fmt: skip
    context = confirmation(Message(kind="order-confirmation", subject_id=pickup.pk, recipient=pickup.email)).context
    assert [part.vat_franchise for part in context["parts"]] == [False, True]
    lea = User.objects.create_user(pickup.email, pickup.email)
    pickup.order.user = lea
    pickup.order.save()
    [order] = json.loads(my_data_json(lea))["orders"]
    assert {part["producer"]: part["vat_not_applicable"] for part in order["parts"]} == {
        "Le Rucher d’Hodenc": True, "La Ferme du Ru": False,
    }  # fmt: skip


def test_a_new_order_is_under_the_new_regime(honey, turn):
    turn()

    assert not ProducerOrder.objects.get(pickup=cast.placed_order({honey: 1})).vat_franchise


# --- Two producers of one name ---------------------------------------------------------------------


@pytest.fixture
def namesakes(day: MarketDay) -> list[Listing]:
    """Two farms of one name and town, neither with a stall any more, and an order of each."""
    farms = [cast.producer("Ferme Martin", slug, number, day.market) for number, slug in enumerate(("un", "deux"), 5)]
    listings = [
        cast.listing(cast.carrots(farm), day, price_cents=cents) for farm, cents in zip(farms, (200, 300), strict=True)
    ]
    cast.placed_order(dict.fromkeys(listings, 1))
    Stall.objects.all().delete()
    return listings


def test_they_are_two_rows_in_each_table_of_the_report(day, namesakes):
    tables = report_of(day.pk).tables
    for slug, column, amount in (("producteurs", 1, 3), ("produits", 1, 5)):
        rows = {row[column]: row[amount] for row in tables[slug].rows}
        assert rows == {"Ferme Martin (un)": 100, "Ferme Martin (deux)": 150}


def test_their_summaries_are_two_files(namesakes, close):
    close()

    names = {file_name(summary, "pdf") for summary in Summary.objects.all()}
    assert names == {
        "recapitulatif-ferme-martin-un-2026-11-28-r1.pdf", "recapitulatif-ferme-martin-deux-2026-11-28-r1.pdf",
    }  # fmt: skip


def test_their_statements_are_two_files(client, day, namesakes):
    names = set()
    for listing in namesakes:
        client.force_login(listing.producer.partner.users.get())
        answer = client.get(f"/producteur/{listing.producer.slug}/{day.market.slug}/{day.date}/releve.csv")
        names.add(answer["Content-Disposition"])

    assert len(names) == 2


def test_namesakes_are_told_apart_by_the_least_that_does_it(day):
    farms = [cast.producer("Ferme Martin", slug, 9, None, **more) for slug, more in {
        "un": {"town": "Beauvais"}, "deux": {"town": "Auneuil"}, "trois": {"town": "Beauvais"},
    }.items()]  # fmt: skip
    alone = cast.le_rucher()

    names = told_apart([*farms, alone])
    assert names[alone.pk] == "Le Rucher d’Hodenc"
    assert names[farms[1].pk] == "Ferme Martin (Auneuil)"
    assert len(set(names.values())) == 4


def test_one_producer_on_two_markets_of_a_day_has_two_files(honey, close):
    other = cast.saturday(cast.beauvais(name="Marché de Clermont", slug="clermont"))
    Stall.objects.create(market=other.market, partner=honey.producer.partner, number=2)
    cast.placed_order({honey: 1})
    close()
    [summary] = Summary.objects.all()
    twin = Summary.objects.create(
        producer=honey.producer, day=other, revision=1, data=summary.data, made_at=summary.made_at
    )

    assert file_name(summary, "pdf") != file_name(twin, "pdf")
