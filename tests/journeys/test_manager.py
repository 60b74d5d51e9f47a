"""A manager's week: who is to be telephoned, how far the stalls are, and the books, opened again from their files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

import pytest
import time_machine
from django.contrib.auth.models import User
from playwright.sync_api import Locator, Page, expect

from marche.outbox.models import Message
from orders.actions.acknowledge_summary import acknowledge_summary
from orders.models import Pickup, Summary
from orders.presenters.paying import Payment
from producers.kinds import PaymentMeans
from producers.models import Listing, Producer
from tests import cast
from tests.axe import DESK, PHONE, WIDE
from tests.journeys.city import City
from tests.journeys.week import REFUSED, close, fail, give
from tests.spreadsheets import Rows, csv_rows, download, figure, xlsx_sheets

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]


@pytest.fixture
def claire(beauvais: City) -> User:
    """Manages Beauvais, where a third stall offers nothing this week."""
    user = cast.member("claire@example.org")
    market = beauvais.day.market
    market.managers.add(user)
    cast.producer("Le Verger de Marissel", "le-verger", 3, market, phone="+33353010103")
    return user


@pytest.fixture
def orders(beauvais: City) -> list[Pickup]:
    """Léa: carrots 5.63 €, honey 8.50 €. Odette, without an address: a chicken, about 15.68 €. Paul: carrots 1.88 €."""
    carrots, chicken, honey = Listing.objects.order_by("pk")
    return [
        cast.placed_order({carrots: 3, honey: 1}),
        cast.placed_order({chicken: 1}, **cast.ODETTE),
        cast.placed_order({carrots: 1}, name="Paul Petit", email="paul@example.org"),
    ]


@pytest.fixture
def farm(claire: User) -> Producer:
    return Producer.objects.get(slug="ferme-du-ru")


@pytest.fixture
def desk(beauvais: City, claire: User, orders: list[Pickup], visit: Callable[..., Page]) -> Callable[..., Page]:
    """Claire has signed in, at this moment, and looks at Saturday's page."""

    def opened(viewport: dict[str, int] = DESK) -> Page:
        page = visit(viewport)
        beauvais.sign_in(page, claire)
        page.goto(f"{beauvais.url}/gestion/")
        page.get_by_role("link", name="Samedi 28 novembre", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Samedi 28 novembre")
        return page

    return opened


def row(page: Page, table: str, words: str) -> Locator:
    """The row of a table with these words."""
    return page.locator(table).get_by_role("row").filter(has_text=words)


def test_before_the_cutoff_what_did_not_leave_is_sent_again(desk, orders):
    message = Message.objects.get(kind="order-confirmation", subject_id=orders[2].pk)
    fail(message)
    page = desk()
    alert = page.locator(".failed li").filter(has_text="Paul Petit")
    expect(alert).to_contain_text(REFUSED)
    page.get_by_role("link", name="2 commandes non confirmées").click()
    expect(page.locator("section", has=page.locator("#orders")).locator("tbody th")).to_have_text(
        ["Léa Dumont", "Paul Petit"]
    )
    expect(page.locator("section.card").filter(has_text="1 producteur n’a pas encore d’offre")).to_contain_text(
        "Le Verger de Marissel"
    )
    alert.get_by_role("button", name="Renvoyer").click()

    expect(page.locator(".note--success")).to_contain_text("paul@example.org")
    expect(page.locator(".failed")).to_have_count(0)
    message.refresh_from_db()
    assert message.state == Message.State.WAITING


def test_after_the_cutoff_who_has_not_acknowledged_is_to_be_telephoned(beauvais: City, desk, orders, farm):
    close(beauvais.day)
    told = {summary.producer.slug: summary for summary in Summary.objects.all()}
    fail(Message.objects.get(kind="summary", subject_id=told["ferme-du-ru"].pk))
    with time_machine.travel(cast.AFTER_CUTOFF, tick=True):
        page = desk()
        callers = page.locator("[aria-labelledby=unacknowledged] li span")
        expect(callers).to_have_text(["La Ferme du Ru", "Le Rucher d’Hodenc"])
        acknowledge_summary(told["le-rucher"].token)
        page.reload()
        expect(callers).to_have_text(["La Ferme du Ru"])
        expect(page.locator(".failed li")).to_contain_text(f"ferme-du-ru@example.org : {REFUSED}")
        page.locator(".failed li").get_by_role("button", name="Renvoyer").click()
        expect(page.locator(".failed")).to_have_count(0)

    assert not Message.objects.filter(state=Message.State.FAILED).exists()


def test_on_the_market_day_the_manager_sees_how_far_each_stall_is(beauvais: City, desk, orders, farm, visit):
    close(beauvais.day)
    with time_machine.travel(cast.NINE, tick=True):
        page, phone = desk(), visit(PHONE)
        progress = row(page, ".progress", "La Ferme du Ru")
        expect(progress.locator("td")).to_have_text(["0 sur 3", "0,00 €"])
        beauvais.sign_in(phone, farm.partner.users.get())
        phone.goto(f"{beauvais.url}/producteur/ferme-du-ru/beauvais/{beauvais.day.date}/etal/{orders[0].number}/")
        phone.locator("button[value=cash]").first.click()
        expect(phone.locator(".flash .note--success")).to_contain_text("Léa Dumont")
        page.reload()

        expect(progress.locator("td")).to_have_text(["1 sur 3", "5,63 €"])
        expect(row(page, ".progress", "Total").locator("td")).to_have_text(["1 sur 4", "5,63 €"])
        page.get_by_role("link", name="En partie").click()
        expect(page.locator("section", has=page.locator("#orders")).locator("tbody th")).to_have_text(["Léa Dumont"])


@pytest.fixture
def sunday(beauvais: City, desk, orders, farm) -> Callable[..., Page]:
    """After the market: the carrots are paid in cash, the honey is gone and not paid, the rest was not collected."""
    close(beauvais.day)
    give(orders[0], farm, Payment(PaymentMeans.CASH, 563))
    give(orders[0], Producer.objects.get(slug="le-rucher"))

    def opened(viewport: dict[str, int] = DESK) -> Page:
        page = desk(viewport)
        page.get_by_role("link", name="Lire le bilan").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Bilan")
        return page

    return opened


def test_after_the_market_the_report_says_what_it_came_to(sunday):
    with time_machine.travel(cast.SUNDAY, tick=True):
        page = sunday()

    figures = page.locator(".figures dd:first-of-type").all_inner_texts()
    assert [text.replace("\xa0", " ") for text in figures] == [
        "3 sur 350",
        "3 sur 120",
        "31,69 €",
        "5,63 €",
        "8,50 €",
        "2 sur 4",
    ]
    expect(page.get_by_role("img", name="Commandes dans le temps")).to_be_visible()
    page.get_by_text("Les mêmes chiffres en tableau").click()
    chart = page.locator("section[aria-labelledby=commandes]")
    expect(chart.locator("tfoot td").first).to_have_text("3")
    assert chart.locator(".chart__bar").count() == len(
        [count for count in chart.locator("tbody tr td:nth-child(2)").all_inner_texts() if count != "0"]
    )


def test_a_column_sorts_the_table_from_the_greatest_on_then_the_other_way(sunday):
    with time_machine.travel(cast.SUNDAY, tick=True):
        page = sunday()
        products = page.locator("section", has=page.locator("#produits"))
        heading = products.get_by_role("columnheader", name="Commandé")
        heading.get_by_role("link").click()
        expect(heading).to_have_attribute("aria-sort", "descending")
        expect(products.locator("tbody td:nth-child(3)")).to_have_text(["Poulet fermier", "Miel d’acacia", "Carottes"])
        heading.get_by_role("link").click()
        expect(heading).to_have_attribute("aria-sort", "ascending")

        expect(products.locator("tbody td:nth-child(3)")).to_have_text(["Carottes", "Miel d’acacia", "Poulet fermier"])


def totals_shown(section: Locator) -> list[Decimal | None]:
    """The figures under the table of a section, after the word; none where nothing adds up."""
    return [figure(text) for text in section.locator("tfoot td").all_inner_texts()]


def totals_in(rows: Rows, *, percent: Sequence[bool]) -> list[Decimal | None]:
    """The figures of the last row, after its first cell: those of `percent` are parts of one."""
    figures = [figure(cell) for cell in rows[-1][1:]]
    return [value and value * (100 if part else 1) for value, part in zip(figures, percent, strict=True)]


def test_every_file_of_the_report_comes_to_the_same_as_its_table(sunday):
    compared = []
    with time_machine.travel(cast.SUNDAY, tick=True):
        page = sunday()
        page.locator("details summary").click()
        for section in page.locator("section:has(table.report)").all():
            name, content = download(section.get_by_role("link", name="CSV"))
            rows = csv_rows(content)
            _name, content = download(section.get_by_role("link", name="XLSX"))
            [sheet] = xlsx_sheets(content)
            assert len(sheet) == len(rows)
            if totals := totals_shown(section):
                percent = [heading.endswith("(%)") for heading in rows[0][1:]]
                assert totals == totals_in(rows, percent=[False] * len(percent)) == totals_in(sheet, percent=percent)
                compared.append(name)
        book, content = download(page.get_by_role("link", name="Tous les tableaux"))

    tables = ("commandes", "creneaux", "producteurs", "paiements", "non-retirees", "produits", "categories", "tva")
    assert compared == [f"bilan-beauvais-2026-11-28-{table}.csv" for table in (*tables, "messages")]
    assert (book, len(xlsx_sheets(content))) == ("bilan-beauvais-2026-11-28.xlsx", 11)


def test_on_a_phone_the_report_is_read_without_scrolling_sideways(sunday):
    with time_machine.travel(cast.SUNDAY, tick=True):
        page = sunday(PHONE)
        expect(page.get_by_role("img", name="Commandes dans le temps")).to_be_visible()
        assert not page.evaluate(WIDE)
        page.get_by_role("link", name="Samedi 28 novembre", exact=True).click()
        expect(page.get_by_role("link", name="2 parts de commandes")).to_be_visible()
        assert not page.evaluate(WIDE)
