"""A producer's statement of a market day: a page, a PDF, a spreadsheet. For its members, and nobody else."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from marche.common.downloads import CSV, PDF, XLSX, file_response
from marche.markets.here import keep_time_of
from marche.markets.models import MarketDay
from orders.documents.spreadsheet import table_csv, workbook
from orders.documents.statement import context_of, file_name, statement_pdf
from orders.models import ProducerOrder
from orders.presenters.statement import Statement, statement_of
from orders.presenters.tables import CellKind, in_words
from producers.models import Producer
from producers.workspace.guard import for_members

# Said first, by the columns they are the totals of: a phone does not show eleven columns at once.
FIGURES = {"net": "net", "transferred": "verse", "withheld": "retenu"}


@require_safe
@for_members
def page(request: HttpRequest, producer: Producer, market: str, date: dt.date) -> HttpResponse:
    statement = _statement(producer, market, date)
    table = statement.orders
    context = {
        **context_of(statement),
        "area": "days",
        "statement": statement,
        "producer": producer,
        "day": statement.day,
        "table": table,
        "rows": [table.in_words(row) for row in table.rows],
        **{name: in_words(table.total(key), CellKind.CENTS) for name, key in FIGURES.items()},
        "balance": in_words(statement.balance_cents, CellKind.CENTS),
    }
    return render(request, "orders/stall/statement.html", context)


@require_safe
@for_members
def pdf(request: HttpRequest, producer: Producer, market: str, date: dt.date) -> HttpResponse:
    statement = _statement(producer, market, date)
    return file_response(statement_pdf(statement), file_name(statement, "pdf"), PDF, inline=True)


@require_safe
@for_members
def as_csv(request: HttpRequest, producer: Producer, market: str, date: dt.date) -> HttpResponse:
    statement = _statement(producer, market, date)
    return file_response(table_csv(statement.orders), file_name(statement, "csv"), CSV)


@require_safe
@for_members
def as_xlsx(request: HttpRequest, producer: Producer, market: str, date: dt.date) -> HttpResponse:
    statement = _statement(producer, market, date)
    book = workbook([statement.orders], context_of(statement)["title"])
    return file_response(book, file_name(statement, "xlsx"), XLSX)


def _statement(producer: Producer, market: str, date: dt.date) -> Statement:
    """The statement of a day on which the producer has a stall, or had orders; else Http404."""
    has_stall = Q(market__stalls__partner=producer.partner_id)
    has_sold = Q(pk__in=ProducerOrder.objects.of(producer).values("day"))
    days = MarketDay.objects.select_related("market").filter(has_stall | has_sold).distinct()
    day = get_object_or_404(days, market__slug=market, date=date)
    keep_time_of(day.market)
    return statement_of(producer, day)
