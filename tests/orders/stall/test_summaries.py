"""The summary: right to the cent, the same on its page, in its mail, PDF and table, and read without signing in."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import translation
from pypdf import PdfReader

from marche.common.actors import Actor
from marche.outbox.actions.relay import relay
from orders.actions.cancel_order import cancel_order
from orders.documents.spreadsheet import escape_formula, table_csv, workbook
from orders.documents.summary import context_of, file_name, summary_pdf
from orders.documents.summary_table import summary_table
from orders.models import Pickup, Summary
from tests import cast
from tests.spreadsheets import csv_rows, xlsx_sheets

pytestmark = pytest.mark.django_db


def orders(summary: Summary) -> list[dict[str, Any]]:
    return [order for slot in summary.data["slots"] for order in slot["orders"]]


def pdf_text(summary: Summary) -> str:
    """With plain spaces."""
    pages = PdfReader(io.BytesIO(summary_pdf(summary))).pages
    return "\n".join(page.extract_text() for page in pages).replace("\xa0", " ").replace("\u202f", " ")


def rows(summary: Summary) -> list[list[str]]:
    return csv_rows(table_csv(summary_table(summary)))


# --- What it says ---------------------------------------------------------------------------------


def test_totals_say_what_to_prepare(summary):
    carrots, chicken = summary.data["totals"]

    assert (carrots["title"], carrots["quantity"], carrots["grams"]) == ("Carottes", 5, 2500)
    assert carrots["words"].replace("\xa0", " ") == "5 × 500 g = 2,5 kg"
    assert (chicken["title"], chicken["quantity"], chicken["grams"]) == ("Poulet fermier", 1, 1600)


def test_amounts_are_the_sums_of_the_lines_to_the_cent(summary):
    data = summary.data
    lines = [line for order in orders(summary) for line in order["lines"]]

    assert data["total_cents"] == sum(line["amount_cents"] for line in lines) == 563 + 375 + 2064
    assert data["max_cents"] == sum(line["max_cents"] for line in lines) == 563 + 375 + 2322
    assert data["total_cents"] == sum(total["amount_cents"] for total in data["totals"])
    assert data["total_cents"] == sum(order["total_cents"] for order in orders(summary))
    assert data["total_cents"] == sum(rate["amount_cents"] for rate in data["vat"])


def test_vat_is_the_sum_of_what_each_line_holds(summary):
    [rate] = summary.data["vat"]

    assert (rate["rate_bp"], rate["vat_cents"]) == (550, 29 + 20 + 108)


def test_a_producer_without_vat_shows_none(honey, close):
    cast.placed_order({honey: 1})
    close()

    assert Summary.objects.get().data["vat"] == []
    assert "293 B" in pdf_text(Summary.objects.get())


def test_packing_goes_by_slot_then_by_number(summary):
    assert [order["number"] for order in orders(summary)] == [1, 2]
    starts = [slot["starts_at"] for slot in summary.data["slots"]]
    assert starts == sorted(starts)
    assert len(starts) == 2


def test_a_producer_sees_the_first_name_only(summary):
    assert [order["first_name"] for order in orders(summary)] == ["Léa", "Odette"]
    everything = str(summary.data) + pdf_text(summary) + str(rows(summary))
    assert "Dumont" not in everything
    assert "Caron" not in everything
    assert "lea@example.org" not in everything


def test_a_title_is_not_the_name_by_which_one_is_called(carrots, close):
    cast.placed_order({carrots: 1}, name="Mme Jeanne d’Arc")
    close()

    assert [order["first_name"] for order in orders(Summary.objects.get())] == ["Jeanne"]


def test_a_name_kept_in_a_summary_of_earlier_times_is_shown_safely(summary):
    summary.data["slots"][0]["orders"][0]["first_name"] = "\u202ewww.evil.com"

    shown = context_of(summary)["slots"][0]["orders"][0]["first_name"]
    assert shown == "www evil com"


def test_the_telephone_is_there_only_for_who_asked_to_be_called(summary):
    assert [order["phone"] for order in orders(summary)] == ["", "03 53 01 01 02"]


def test_who_gave_a_telephone_but_asked_for_no_call_is_not_called(carrots, close):
    cast.placed_order({carrots: 1}, phone="+33639980102", shortage="replace")
    close()

    assert orders(Summary.objects.get())[0]["phone"] == ""


def test_a_producer_sees_only_its_own_lines(carrots, honey, close):
    cast.placed_order({carrots: 1, honey: 1})
    close()

    assert "Miel" not in str(Summary.objects.get(producer=carrots.producer).data)


# --- The documents --------------------------------------------------------------------------------


def test_the_pdf_holds_totals_and_packing_list_and_is_tagged(summary):
    text = pdf_text(summary)

    for words in ("La Ferme du Ru", "Carottes", "Poulet fermier", "Odette", "03 53 01 01 02", "1/1"):
        assert words in text
    catalogue: Any = PdfReader(io.BytesIO(summary_pdf(summary))).trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"]


def test_what_a_resident_writes_is_text_in_the_pdf_never_markup(carrots, close):
    cast.placed_order({carrots: 1}, note='#panic("x") *fort* $x$ <b>', name="#set Évil")
    close()

    assert '#panic("x") *fort* $x$ <b>' in pdf_text(Summary.objects.get())


def test_the_table_holds_totals_then_lines(summary):
    header, *body = rows(summary)

    assert {len(row) for row in body} == {len(header)}
    assert [(row[5], row[6], row[9]) for row in body] == [
        ("Carottes", "5", "9,38"),
        ("Poulet fermier", "1", "20,64"),
        ("Carottes", "3", "5,63"),
        ("Carottes", "2", "3,75"),
        ("Poulet fermier", "1", "20,64"),
    ]


def test_weights_are_figures_in_kilograms_for_each_line_and_in_all(summary):
    assert [(row[0], row[5], row[8]) for row in rows(summary)[1:]] == [
        ("total", "Carottes", "2,500"),
        ("total", "Poulet fermier", "1,600"),
        ("commande", "Carottes", "1,500"),
        ("commande", "Carottes", "1,000"),
        ("commande", "Poulet fermier", "1,600"),
    ]


def test_the_workbook_holds_the_same_with_real_figures(summary):
    [sheet] = xlsx_sheets(workbook([summary_table(summary)], "Summary"))

    code = Pickup.objects.get(number=1).short_code
    assert sheet[3][2:11] == ["1", "Léa", code, "Carottes", "3", "1,5\xa0kg", "1.500", "5.63", "5.63"]


def test_a_summary_made_before_lines_had_their_weight_opens_too(summary):
    for slot in summary.data["slots"]:
        for order in slot["orders"]:
            for line in order["lines"]:
                del line["grams"]

    assert [row[8] for row in rows(summary)[1:]] == ["2,500", "1,600", "", "", ""]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_looks_like_a_formula_is_only_text(start):
    assert escape_formula(f"{start}1+1") == f"'{start}1+1"


def test_other_cells_stay_as_they_are():
    assert escape_formula("Au rez-de-chaussée") == "Au rez-de-chaussée"


def test_the_name_of_a_file_says_whose_and_when(summary):
    assert file_name(summary, "pdf") == "recapitulatif-la-ferme-du-ru-2026-11-28-r1.pdf"


# --- The mail -------------------------------------------------------------------------------------


def test_the_mail_tells_what_to_do_and_brings_both_files(summary):
    relay()

    letter: Any = next(letter for letter in mail.outbox if letter.to == ["ferme-du-ru@example.org"])
    assert summary.url in letter.body
    assert "Carottes" in letter.body
    [(html, _type)] = letter.alternatives
    assert f'href="{summary.url}"' in html
    assert "<script" not in html
    assert [(name, kind) for name, _content, kind in letter.attachments] == [
        (file_name(summary, "pdf"), "application/pdf"),
        (file_name(summary, "csv"), "text/csv"),
    ]


def test_the_mail_of_a_revision_says_what_changed(second):
    relay()

    letter: Any = next(letter for letter in mail.outbox if second.url in letter.body)
    for text in (letter.body, letter.alternatives[0][0]):
        assert "The resident is ill." in text
        assert "Odette" in text


# --- A producer with nothing left -----------------------------------------------------------------


def test_a_producer_with_nothing_left_reads_so(client: Client, carrots, close):
    gone = cast.placed_order({carrots: 1})
    close()
    cancel_order(gone.pk, reason="The resident is ill.", by=Actor.manager())
    last = Summary.objects.get(revision=2)

    with translation.override("en"):
        assert "There is nothing to bring" in pdf_text(last)
    client.cookies.load({"language": "en"})
    assert "There is nothing to bring" in client.get(last.get_absolute_url()).content.decode()
