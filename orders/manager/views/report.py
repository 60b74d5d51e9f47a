"""The report of a market day: a page, and each of its tables as a file."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from marche.common.downloads import CSV, XLSX, file_response
from marche.common.wording import day_in_words
from marche.markets.models import Market
from orders.documents import spreadsheet
from orders.manager.report.report import Report, report_of
from orders.manager.views.guard import day_of, for_managers
from orders.presenters.tables import Column, Table

ROWS = 30  # of a table on the page; all of them are in its files, and on the page to print
FAILED = "messages-en-echec"  # shown where there are any
SECTIONS = ("creneaux", "producteurs", "paiements", "non-retirees", "produits", "categories", "tva", "messages", FAILED)


@dataclass(frozen=True)
class ShownTable:
    """A table on the page: its first rows, in words, and how many more there are."""

    table: Table
    rows: list[list[tuple[Column, str]]]
    hidden: int


@require_safe
@for_managers
def manage_report(request: HttpRequest, market: Market, date: dt.date) -> HttpResponse:
    """Tables are sorted by `tri`; with `toutes=1` they are shown whole."""
    report = report_of(day_of(market, date).pk).sorted_by(request.GET.get("tri", ""))
    whole = request.GET.get("toutes") == "1"
    slugs = [slug for slug in SECTIONS if slug != FAILED or report.tables[slug].rows]
    context = {
        "area": "days",
        "market": market,
        "day": report.day,
        "report": report,
        "timeline": _shown(report, "commandes", whole=True),
        "tables": [_shown(report, slug, whole=whole) for slug in slugs],
        "whole": whole,
    }
    return render(request, "orders/manager/report.html", context)


@require_safe
@for_managers
def workbook(request: HttpRequest, market: Market, date: dt.date) -> HttpResponse:
    report = report_of(day_of(market, date).pk)
    book = spreadsheet.workbook(list(report.tables.values()), _title(report))
    return file_response(book, f"{_name(report)}.xlsx", XLSX)


@require_safe
@for_managers
def table_csv(request: HttpRequest, market: Market, date: dt.date, table: str) -> HttpResponse:
    report, found = _table(market, date, table)
    return file_response(spreadsheet.table_csv(found), f"{_name(report)}-{table}.csv", CSV)


@require_safe
@for_managers
def table_xlsx(request: HttpRequest, market: Market, date: dt.date, table: str) -> HttpResponse:
    report, found = _table(market, date, table)
    title = f"{_title(report)}, {found.title}"
    return file_response(spreadsheet.workbook([found], title), f"{_name(report)}-{table}.xlsx", XLSX)


def _shown(report: Report, slug: str, *, whole: bool) -> ShownTable:
    table = report.tables[slug]
    rows = table.rows if whole else table.rows[:ROWS]
    return ShownTable(table, [table.in_words(row) for row in rows], len(table.rows) - len(rows))


def _table(market: Market, date: dt.date, slug: str) -> tuple[Report, Table]:
    """The report, and the table of this slug; Http404 when there is none."""
    report = report_of(day_of(market, date).pk)
    if slug not in report.tables:
        raise Http404
    return report, report.tables[slug]


def _title(report: Report) -> str:
    words = {"market": report.day.market.name, "day": day_in_words(report.day.starts_at), "year": report.day.date.year}
    return _("%(market)s, report of %(day)s %(year)s") % words


def _name(report: Report) -> str:
    """ "bilan-beauvais-2026-11-28": no two of a season's files share a name."""
    return f"bilan-{report.day.market.slug}-{report.day.date}"
