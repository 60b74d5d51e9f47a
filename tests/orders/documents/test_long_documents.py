"""Seventy lines of one producer: every one of them is printed, over pages, under headings that come again."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from pypdf import PdfReader

from orders.documents.summary import summary_pdf
from orders.documents.ticket import ticket_pdf
from orders.models import Pickup, Summary
from producers.models import Listing
from tests import cast

pytestmark = pytest.mark.django_db
LINES = 70


@pytest.fixture
def pickup(carrots: Listing) -> Pickup:
    """Léa's order of seventy kinds of carrots, and of a jar of honey."""
    kinds = [
        cast.listing(cast.carrots(carrots.producer, title=f"Carotte {number:02d}."), carrots.day)
        for number in range(LINES)
    ]
    honey = cast.listing(cast.honey(cast.le_rucher(carrots.day.market)), carrots.day)
    return cast.placed_order(dict.fromkeys([*kinds, honey], 1))


def pages(content: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


def missing(texts: list[str]) -> list[str]:
    everything = "".join(texts)
    return [title for number in range(LINES) if (title := f"Carotte {number:02d}.") not in everything]


def test_a_ticket_prints_every_line_under_its_stall(pickup):
    texts = pages(ticket_pdf(pickup))

    assert missing(texts) == []
    assert len(texts) > 1
    assert all("La Ferme du Ru" in text for text in texts if "Carotte" in text)
    assert [f"{number}/{len(texts)}" in text for number, text in enumerate(texts, start=1)] == [True] * len(texts)


def test_a_summary_prints_every_line_in_its_totals_and_in_its_list(pickup, close: Callable[[], None]):
    close()
    summary = Summary.objects.get(producer__slug="ferme-du-ru")

    texts = pages(summary_pdf(summary))

    assert missing(texts) == []
    assert "".join(texts).count("Carotte ") == 2 * LINES
    packing = [text for text in texts if pickup.short_code in text]
    assert len(packing) > 1
    assert all("8\xa0h\xa0–\xa08\xa0h\xa030" in text.replace(" ", "\xa0") for text in packing)


def test_a_short_ticket_stays_on_one_page(honey):
    assert len(pages(ticket_pdf(cast.placed_order({honey: 1})))) == 1
