"""The ticket as a PDF and a QR code."""

from __future__ import annotations

from functools import lru_cache

import segno
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from marche.common.telephone import phone
from marche.common.wording import day_in_words, euros, hour
from orders.documents.typst import render
from orders.models import Pickup
from orders.presenters.ticket import TicketPart, TicketParts, parts_of


@lru_cache(maxsize=512)
def _qr(url: str) -> segno.QRCode:
    return segno.make(url, error="m", micro=False)


def ticket_qr(pickup: Pickup) -> str:
    """The ticket's link as a QR code: a `data:` URI of an SVG, black on white whatever the colours of the page."""
    return str(_qr(pickup.url).svg_data_uri(dark="#000", light="#fff", border=2, scale=4))


def ticket_pdf(pickup: Pickup) -> bytes:
    """One A4 page (more if there are many stalls) in the language of the moment, black on white."""
    return render("ticket", _pdf_data(pickup, parts_of(pickup)))


def _pdf_data(pickup: Pickup, parts: TicketParts) -> dict[str, object]:
    slot = {"from": hour(pickup.slot.starts_at), "to": hour(pickup.slot.ends_at)}
    desk = phone(pickup.market.desk_phone)
    return {
        "lang": (translation.get_language() or "fr")[:2],
        "title": _("Ticket %(number)s") % {"number": pickup.number},
        "market": pickup.market.name,
        "when": day_in_words(pickup.slot.starts_at).capitalize(),
        "slot": _("between %(from)s and %(to)s") % slot,
        "place": f"{capfirst(pickup.market.place)}, {pickup.market.postcode} {pickup.market.town}",
        "name": pickup.name,
        "number": str(pickup.number),
        "short_code": pickup.short_code,
        "code": pickup.display_code,
        "qr": _qr(pickup.url).svg_inline(dark="#000", light="#fff", border=1, scale=4),
        "parts": [_part_data(part) for part in parts],
        "total": euros(parts.due_cents),
        "at_most": _at_most(parts.due_cents, parts.most_cents),
        "question": _("A question: %(phone)s") % {"phone": desk} if desk else "",
        "labels": {
            "number": _("Number"),
            "code": _("Code"),
            "qr": _("QR code of the ticket, for the producer"),
            "stalls": _("Your stalls, in walking order"),
            "total": _("Estimated total") if parts.most_cents > parts.due_cents else _("Total"),
        },
    }


def _part_data(part: TicketPart) -> dict[str, object]:
    return {
        "stall": str(part.stall_number or "–"),
        "name": part.producer.name,
        "lines": [
            [sentence, amount, part.cancelled or line.is_off]
            for (sentence, amount), line in zip(part.sentences, part.lines, strict=True)
        ],
        "to_pay": part.void_words or part.paying_words,
        "total": "" if part.is_void else euros(part.due_cents),
        "at_most": _at_most(part.due_cents, part.most_cents),
        "means": "" if part.online or part.is_void else capfirst(", ".join(part.producer.payment_means)),
    }


def _at_most(due_cents: int, most_cents: int) -> str:
    return _("at most %(amount)s") % {"amount": euros(most_cents)} if most_cents > due_cents else ""
