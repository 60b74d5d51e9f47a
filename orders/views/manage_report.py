"""The report of a market day: a page, and each of its tables as a file."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from marche.markets.models import Market
from marche.wording import day_in_words
from orders.documents import report as files
from orders.report.report import Report, report_of
from orders.report.tables import Column, Table
from orders.views.manage_guard import day_of, for_managers

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS = 30  # of a table on the page; all of them are in its files, and on the page to print
FAILED = "messages-en-echec"  # shown where there are any
SECTIONS = ("creneaux", "producteurs", "paiements", "non-retirees", "produits", "categories", "tva", "messages", FAILED)


@dataclass(frozen=True)
class Shown:
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
    return render(request, "orders/manage/report.html", context)


@require_safe
@for_managers
def workbook(request: HttpRequest, market: Market, date: dt.date) -> HttpResponse:
    report = report_of(day_of(market, date).pk)
    return _file(files.workbook(list(report.tables.values()), _title(report)), XLSX, f"{_name(report)}.xlsx")


@require_safe
@for_managers
def table_csv(request: HttpRequest, market: Market, date: dt.date, table: str) -> HttpResponse:
    report, found = _table(market, date, table)
    return _file(files.table_csv(found), "text/csv; charset=utf-8", f"{_name(report)}-{table}.csv")


@require_safe
@for_managers
def table_xlsx(request: HttpRequest, market: Market, date: dt.date, table: str) -> HttpResponse:
    report, found = _table(market, date, table)
    title = f"{_title(report)}, {found.title}"
    return _file(files.workbook([found], title), XLSX, f"{_name(report)}-{table}.xlsx")


def _shown(report: Report, slug: str, *, whole: bool) -> Shown:
    table = report.tables[slug]
    rows = table.rows if whole else table.rows[:ROWS]
    return Shown(table, [table.in_words(row) for row in rows], len(table.rows) - len(rows))


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


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
