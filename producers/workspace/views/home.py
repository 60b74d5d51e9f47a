"""A producer's home: the market days, and what is to do for each now."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from marche.accounts.guard import staff_required
from producers.models import Producer
from producers.workspace.board import boards


@require_safe
@never_cache
@staff_required
def producer_home(request: HttpRequest) -> HttpResponse:
    """What every producer that this person acts for has to do. A person who acts for none has no business here."""
    producers = list(Producer.objects.acted_for_by(request.user))
    if not producers:
        raise PermissionDenied
    only = producers[0] if len(producers) == 1 else None
    context = {"boards": boards(producers), "producer": only, "area": "days"}
    return render(request, "producers/workspace/home.html", context)
