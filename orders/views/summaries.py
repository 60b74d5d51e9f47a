"""A producer's summary: a page, a PDF, a CSV, and "I have received it". Whoever has the link reads it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from orders.actions.acknowledge_summary import acknowledge_summary
from orders.documents.summary import context_of, file_name, summary_pdf
from orders.documents.table import summary_csv
from orders.models import Summary


@require_safe
@never_cache
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Reading acknowledges nothing: programs that look for viruses follow every link of a mail."""
    summary = get_object_or_404(Summary, token=token)
    context = context_of(summary)
    context |= {"brand": context["market"], "newest": _newer_than(summary)}
    response = render(request, "orders/summary.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


@require_GET
@never_cache
def pdf(request: HttpRequest, token: str) -> HttpResponse:
    summary = get_object_or_404(Summary, token=token)
    return _file(summary_pdf(summary), file_name(summary, "pdf"), "application/pdf", "inline")


@require_GET
@never_cache
def table(request: HttpRequest, token: str) -> HttpResponse:
    summary = get_object_or_404(Summary, token=token)
    return _file(summary_csv(summary), file_name(summary, "csv"), "text/csv; charset=utf-8", "attachment")


@require_POST
def acknowledge(request: HttpRequest, token: str) -> HttpResponse:
    try:
        summary = acknowledge_summary(token)
    except Summary.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("Thank you: the market knows that you have received this version."))
    return redirect(summary)


def _newer_than(summary: Summary) -> Summary | None:
    """The last revision, when it is not this one."""
    siblings = Summary.objects.filter(day=summary.day_id, producer=summary.producer_id)
    return siblings.filter(revision__gt=summary.revision).order_by("-revision").first()


def _file(content: bytes, name: str, media_type: str, disposition: str) -> HttpResponse:
    headers = {"Content-Disposition": f'{disposition}; filename="{name}"'}
    return HttpResponse(content, content_type=media_type, headers=headers)
