"""A manager moves or prolongs a market day: first what it would do and whom it concerns, then the button."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from marche.common.refusals import Refused
from marche.markets.models import Market, MarketDay
from orders.actions.move_day import move_day
from orders.manager.forms_move import MoveForm
from orders.manager.views.guard import day_of, for_managers, manager_of
from orders.steps.move import Move
from orders.steps.note_day_change import concerned_by


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def move(request: HttpRequest, market: Market, date: dt.date) -> HttpResponse:
    """With times in the address, the page shows what they would change; posted, they are written."""
    day = day_of(market, date)
    form = MoveForm(day, request.POST if request.method == "POST" else request.GET or None)
    if request.method == "POST" and form.is_valid():
        try:
            change = move_day(day.pk, times=form.times, reason=form.cleaned_data["reason"], by=manager_of(request))
        except Refused as refusal:
            return _page(request, day, form, refusal)
        said = _("The market day is changed. Everybody whom it concerns gets an e-mail, or is on the list of calls.")
        messages.success(request, said if change else _("Nothing was different: the day stays as it was."))
        moved = MarketDay.objects.get(pk=day.pk)
        return redirect("manage-day", market.slug, moved.date)
    return _page(request, day, form)


def _page(request: HttpRequest, day: MarketDay, form: MoveForm, refusal: Refused | None = None) -> HttpResponse:
    shown = Move(day, form.times, list(day.slots.all())) if form.is_bound and form.is_valid() else None
    problems = refusal.problems if refusal else shown.problems if shown else []
    for problem in problems:
        form.add_error(None, problem.sentence)
    context: dict[str, Any] = {
        "area": "days",
        "market": day.market,
        "day": day,
        "form": form,
        "move": None if problems else shown,
        "is_same": shown is not None and shown.before == shown.after,
        "concerned": concerned_by(day),
    }
    return render(request, "orders/manager/move.html", context, status=422 if form.errors else 200)
