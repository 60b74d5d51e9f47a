"""A producer's summary: a page, a PDF, a spreadsheet, and "I have received it". Whoever has the link reads it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from marche.common.downloads import CSV, PDF, XLSX, file_response
from marche.markets.here import keep_time_of
from orders.actions.acknowledge_summary import acknowledge_summary
from orders.documents.spreadsheet import table_csv, workbook
from orders.documents.summary import context_of, file_name, summary_pdf
from orders.documents.summary_table import summary_table
from orders.models import Summary


@require_safe
@never_cache
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Reading acknowledges nothing: programs that look for viruses follow every link of a mail."""
    summary = _summary(token)
    context = context_of(summary)
    context |= {"brand": context["market"], "newest": _newer_than(summary)}
    response = render(request, "orders/stall/summary.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


@require_GET
@never_cache
def pdf(request: HttpRequest, token: str) -> HttpResponse:
    summary = _summary(token)
    return file_response(summary_pdf(summary), file_name(summary, "pdf"), PDF, inline=True)


@require_GET
@never_cache
def as_csv(request: HttpRequest, token: str) -> HttpResponse:
    summary = _summary(token)
    return file_response(table_csv(summary_table(summary)), file_name(summary, "csv"), CSV)


@require_GET
@never_cache
def as_xlsx(request: HttpRequest, token: str) -> HttpResponse:
    summary = _summary(token)
    book = workbook([summary_table(summary)], context_of(summary)["title"])
    return file_response(book, file_name(summary, "xlsx"), XLSX)


@require_POST
def acknowledge(request: HttpRequest, token: str) -> HttpResponse:
    try:
        summary = acknowledge_summary(token)
    except Summary.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("Thank you: the market knows that you have received this version."))
    return redirect(summary)


def _summary(token: str) -> Summary:
    """The one of this link, read by the clock of its market; else Http404."""
    summary = get_object_or_404(Summary.objects.select_related("day__market"), token=token)
    keep_time_of(summary.day.market)
    return summary


def _newer_than(summary: Summary) -> Summary | None:
    """The last revision, when it is not this one."""
    siblings = Summary.objects.filter(day=summary.day_id, producer=summary.producer_id)
    return siblings.filter(revision__gt=summary.revision).order_by("-revision").first()
