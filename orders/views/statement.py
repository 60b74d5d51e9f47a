"""A producer's statement of a market day: a page, a PDF, a CSV. For its members, and nobody else."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from marche.markets.models import MarketDay
from orders.documents.report import table_csv
from orders.documents.statement import context_of, file_name, statement_pdf
from orders.models import ProducerOrder
from orders.report.tables import Kind, in_words
from orders.statements import Statement, statement_of
from producers.models import Producer
from producers.views.guard import for_members

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
        **{name: in_words(table.total(key), Kind.CENTS) for name, key in FIGURES.items()},
        "balance": in_words(statement.balance_cents, Kind.CENTS),
    }
    return render(request, "orders/statement.html", context)


@require_safe
@for_members
def pdf(request: HttpRequest, producer: Producer, market: str, date: dt.date) -> HttpResponse:
    statement = _statement(producer, market, date)
    return _file(statement_pdf(statement), file_name(statement, "pdf"), "application/pdf", "inline")


@require_safe
@for_members
def table(request: HttpRequest, producer: Producer, market: str, date: dt.date) -> HttpResponse:
    statement = _statement(producer, market, date)
    return _file(table_csv(statement.orders), file_name(statement, "csv"), "text/csv; charset=utf-8", "attachment")


def _statement(producer: Producer, market: str, date: dt.date) -> Statement:
    """Of a day on which the producer has or had business, be its stall gone since; else Http404."""
    has_stall = Q(market__stalls__partner=producer.partner_id)
    has_sold = Q(pk__in=ProducerOrder.objects.of(producer).values("day"))
    days = MarketDay.objects.select_related("market").filter(has_stall | has_sold).distinct()
    return statement_of(producer, get_object_or_404(days, market__slug=market, date=date))


def _file(content: bytes, name: str, media_type: str, disposition: str) -> HttpResponse:
    headers = {"Content-Disposition": f'{disposition}; filename="{name}"'}
    return HttpResponse(content, content_type=media_type, headers=headers)
