"""What people are called and write, in letters that the fonts of a PDF have or do not have."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from orders.documents.ticket import ticket_pdf
from orders.documents.typst import render
from producers.models import Listing
from tests import cast

pytestmark = pytest.mark.django_db


def text_of(listing: Listing, name: str) -> str:
    reader = PdfReader(io.BytesIO(ticket_pdf(cast.placed_order({listing: 1}, name=name))))
    return "".join(page.extract_text() for page in reader.pages).replace("\n", "")


@pytest.mark.parametrize("name", ["Léa Dumont", "Łucja Żółć", "Ивана Ђурић", "Nguyễn Thị Ánh", "Ωμέγα", "Lætitia Cœur"])
def test_a_name_whose_letters_the_fonts_have_is_printed_as_it_is(honey, name):
    assert name in text_of(honey, name)


@pytest.mark.parametrize(
    ("name", "printed"),
    [("李小龙", "LiXiaoLong"), ("김민준", "GimMinJun"), ("ሀይሉ", "haylu"), ("Léa 🎉", "Léa :tada:")],
)
def test_a_name_whose_letters_they_lack_is_printed_as_one_reads_it(honey, name, printed):
    assert printed in text_of(honey, name)


def test_a_document_stays_readable_for_screen_readers_whatever_the_signs(honey):
    pickup = cast.placed_order({honey: 1}, name="李小龙")

    reader = PdfReader(io.BytesIO(ticket_pdf(pickup)))

    assert reader.xmp_metadata is not None
    assert "pdfuaid" in reader.xmp_metadata.stream.get_data().decode()


def test_a_name_without_a_space_stays_inside_the_page(honey):
    name = "Ŵ" * 80  # twice as wide as the page

    page = PdfReader(io.BytesIO(ticket_pdf(cast.placed_order({honey: 1}, name=name)))).pages[0]

    lines = [line.count("Ŵ") for line in page.extract_text().splitlines() if "Ŵ" in line]
    assert sum(lines) == 80
    assert max(lines) <= 45


def test_a_sign_that_has_no_letters_is_a_question_mark():
    data = {"lang": "fr", "title": "\U000f0000", "market": "-"} | dict.fromkeys(("when", "slot", "place", "name"), "-")
    data |= dict.fromkeys(("number", "short_code", "code", "total", "at_most", "question"), "-")
    labels = dict.fromkeys(("number", "code", "qr", "stalls", "total"), "-")
    empty = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"

    reader = PdfReader(io.BytesIO(render("ticket", {**data, "qr": empty, "parts": [], "labels": labels})))

    assert reader.metadata is not None
    assert reader.metadata.title == "? – -"
