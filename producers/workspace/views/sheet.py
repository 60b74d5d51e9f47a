"""A producer's products: the list, the sheet of each, and putting one away."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from marche.common.flash import refuse_form
from marche.common.refusals import Refused
from marche.common.wording import day_in_words
from marche.markets.models import MarketDay
from producers.actions.archive_sheet import archive_sheet
from producers.actions.save_sheet import save_sheet
from producers.kinds import GoodsKind
from producers.models import Producer, ProductSheet
from producers.offers import days_on_sale
from producers.workspace.forms.sheet import SheetForm
from producers.workspace.guard import for_members, sheet_of


@require_GET
@for_members
def sheets(request: HttpRequest, producer: Producer) -> HttpResponse:
    """All products of the producer: those that lack something first, archived ones apart."""
    found = list(ProductSheet.objects.of(producer).with_related().order_by("sort_key"))
    current = sorted((sheet for sheet in found if not sheet.archived), key=lambda sheet: not sheet.missing)
    archived = [sheet for sheet in found if sheet.archived]
    undo = next((sheet for sheet in archived if str(sheet.pk) == request.GET.get("undo")), None)
    context = {"producer": producer, "sheets": current, "archived": archived, "undo": undo, "area": "products"}
    return render(request, "producers/workspace/sheets.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def sheet_new(request: HttpRequest, producer: Producer) -> HttpResponse:
    """First the kind of goods, then the sheet that goes with it."""
    kind = _asked_kind(request)
    if kind is None:
        return render(
            request,
            "producers/workspace/sheet_kind.html",
            {"producer": producer, "kinds": GoodsKind, "area": "products"},
        )
    return _edit(request, producer, None, kind)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def sheet(request: HttpRequest, producer: Producer, pk: int) -> HttpResponse:
    """The sheet of one product; `?kind=` shows it as it would be for another kind of goods."""
    found = sheet_of(producer, pk)
    kind = _asked_kind(request) or found.kind
    return _edit(request, producer, found, kind) if kind else redirect("sheet-kind", producer.slug, pk)


@require_GET
@for_members
def sheet_kind(request: HttpRequest, producer: Producer, pk: int) -> HttpResponse:
    """Choose another kind of goods for a product."""
    context = {"producer": producer, "sheet": sheet_of(producer, pk), "kinds": GoodsKind, "area": "products"}
    return render(request, "producers/workspace/sheet_kind.html", context)


@require_POST
@for_members
def sheet_archive(request: HttpRequest, producer: Producer, pk: int) -> HttpResponse:
    """Put a product away. The list offers to take it out again."""
    found = sheet_of(producer, pk)
    before = days_on_sale(found)
    archive_sheet(found.pk, producer=producer, archived=True)
    messages.success(request, _("%(product)s is archived.") % {"product": found.title})
    _tell_taken_off(request, found, before)
    return redirect(reverse("sheets", args=[producer.slug]) + f"?undo={found.pk}")


@require_POST
@for_members
def sheet_restore(request: HttpRequest, producer: Producer, pk: int) -> HttpResponse:
    """Take a product out of the archive; what it was on sale for stays off."""
    found = archive_sheet(sheet_of(producer, pk).pk, producer=producer, archived=False)
    messages.success(request, _("%(product)s is back among your products.") % {"product": found.title})
    return redirect("sheets", producer.slug)


def _asked_kind(request: HttpRequest) -> GoodsKind | None:
    asked = request.POST.get("kind") or request.GET.get("kind")
    return GoodsKind(asked) if asked in GoodsKind.values else None


def _edit(request: HttpRequest, producer: Producer, found: ProductSheet | None, kind: GoodsKind) -> HttpResponse:
    form = SheetForm(request.POST if request.method == "POST" else None, kind=kind, instance=found)
    before = days_on_sale(found) if found else []
    if request.method == "POST" and form.is_valid() and (saved := _save(producer, found, form)):
        _tell_saved(request, saved)
        _tell_taken_off(request, saved, before)
        return redirect("sheet", producer.slug, saved.pk)
    context = {"producer": producer, "area": "products", "sheet": found, "kind": kind, "form": form, "days": before}
    return render(request, "producers/workspace/sheet.html", context, status=422 if form.is_bound else 200)


def _save(producer: Producer, found: ProductSheet | None, form: SheetForm) -> ProductSheet | None:
    try:
        return save_sheet(found.pk if found else None, producer=producer, kind=form.kind, **form.values())
    except Refused as refusal:
        refuse_form(form, refusal)
        return None


def _tell_saved(request: HttpRequest, saved: ProductSheet) -> None:
    if saved.missing:
        messages.warning(request, _("Saved. The sheet still lacks something before it can go on sale: see below."))
    else:
        messages.success(request, _("Saved. This product can go on sale."))


def _tell_taken_off(request: HttpRequest, changed: ProductSheet, before: list[MarketDay]) -> None:
    after = {day.pk for day in days_on_sale(changed)} if before else set()
    for day in before:
        if day.pk not in after:
            sentence = _("%(product)s was taken off sale for %(day)s.")
            messages.warning(request, sentence % {"product": changed.title, "day": day_in_words(day.date)})
