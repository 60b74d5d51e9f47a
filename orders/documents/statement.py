"""A producer's statement as people read it: the words that its page and its PDF share."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from stdnum.fr import siret

from marche.common.wording import day_in_words, euros, hour
from orders.documents.typst import render
from orders.presenters.statement import Statement
from orders.presenters.tables import Column


def context_of(statement: Statement) -> dict[str, Any]:
    """What page and PDF say around the table, in words."""
    day, producer = statement.day, statement.producer
    return {
        "title": _("Statement of %(day)s %(year)s") % {"day": day_in_words(day.starts_at), "year": day.date.year},
        "market": day.market.name,
        "producer": producer.name,
        "address": producer.address,
        "siret": _("SIRET %(number)s") % {"number": siret.format(producer.siret)},
        "stall": _("stall %(number)s") % {"number": statement.stall_number} if statement.stall_number else "",
        "until": _until(statement),
        "remarks": _remarks(statement),
    }


def statement_pdf(statement: Statement) -> bytes:
    """A4 on its side, for a printer without colours. Its table is the page's, word by word."""
    table = statement.orders
    columns = [
        {"title": column.title, "number": _is_on_the_right(column), "wide": column.key == "operation"}
        for column in table.columns
    ]
    rows = [[words for _column, words in table.in_words(row)] for row in table.rows]
    total = [words for _column, words in table.totals_in_words]
    shown = {"columns": columns, "rows": rows, "total": total, "note": table.note, "empty": table.empty}
    return render("statement", {**context_of(statement), **shown, "lang": get_language()})


def file_name(statement: Statement, extension: str) -> str:
    """ "releve-la-ferme-du-ru-beauvais-2026-11-28.pdf": no two of a producer's files share a name."""
    day = statement.day
    return f"releve-{statement.producer.slug}-{day.market.slug}-{day.date}.{extension}"


def _until(statement: Statement) -> str:
    """No hour of printing: printed again, it is the same as long as nothing has happened."""
    words = {"day": day_in_words(statement.until), "hour": hour(statement.until)}
    if statement.is_final:
        return _("With all that happened until %(day)s at %(hour)s.") % words
    return _("Provisional, as it stands on %(day)s at %(hour)s: the market is not over.") % words


def _is_on_the_right(column: Column) -> bool:
    return column.is_number and column.adds


def _remarks(statement: Statement) -> list[str]:
    """The sentences about amounts that no row of the table contains."""
    remarks = []
    if statement.under_way_cents:
        words = {"amount": euros(abs(statement.under_way_cents))}
        if statement.under_way_cents > 0:
            remarks.append(_("Being transferred to you now: %(amount)s.") % words)
        else:
            remarks.append(_("Being taken back from you now: %(amount)s.") % words)
    if statement.orders.rows and statement.balance_cents < 0:
        words = {"amount": euros(-statement.balance_cents)}
        remarks.append(_("You have had %(amount)s too much: it is kept back from what comes next.") % words)
    if statement.contested:
        text = ngettext(
            "%(count)d payment is contested by the resident’s bank: nothing of it is transferred meanwhile.",
            "%(count)d payments are contested by the residents’ banks: nothing of them is transferred meanwhile.",
            statement.contested,
        )
        remarks.append(text % {"count": statement.contested})
    if statement.lost:
        text = ngettext(
            "%(count)d payment was lost in a dispute: its resident has the money back, and nothing of it is "
            "transferred.",
            "%(count)d payments were lost in disputes: their residents have the money back, and nothing of them is "
            "transferred.",
            statement.lost,
        )
        remarks.append(text % {"count": statement.lost})
    remarks.append(_at_stall(statement))
    return remarks


def _at_stall(statement: Statement) -> str:
    if not statement.at_stall:
        return _("Nothing was taken at the stall.")
    text = ngettext(
        "Taken at the stall besides: %(amount)s, for %(count)d order.",
        "Taken at the stall besides: %(amount)s, for %(count)d orders.",
        statement.at_stall,
    )
    return text % {"amount": euros(statement.at_stall_cents), "count": statement.at_stall}
