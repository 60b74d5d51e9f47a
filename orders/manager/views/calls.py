"""Whom to telephone about a market day: the list, and a tick for each call."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marche.markets.models import Market
from orders.actions.note_called import note_called
from orders.actions.take_back_call import take_back_call
from orders.manager.presenters.calls import call_list
from orders.manager.presenters.messages import count_told
from orders.manager.presenters.said import sentences
from orders.manager.views.guard import day_of, for_managers, manager_of

MOST_FACTS = 100  # of one person: nobody is called about more


@require_safe
@for_managers
def manage_calls(request: HttpRequest, market: Market, date: dt.date) -> HttpResponse:
    """Who is to be called, with what is to be said, then who was."""
    day = day_of(market, date)
    calls = call_list(day.pk)
    facts = [fact.call for one in (*calls.waiting, *calls.made) for fact in one.facts]
    context = {
        "area": "days",
        "market": market,
        "day": day,
        "calls": calls,
        "said": sentences(facts, day),
        "told": count_told(day),
    }
    return render(request, "orders/manager/calls.html", context)


@require_POST
@for_managers
def called(request: HttpRequest, market: Market, date: dt.date) -> HttpResponse:
    """One person was called about what stood on the list."""
    if not note_called(day_of(market, date).pk, keys=_facts(request), by=manager_of(request)):
        messages.info(request, _("This call was noted already, or nothing is to be told any more."))
    return redirect("manage-calls", market.slug, date)


@require_POST
@for_managers
def not_called(request: HttpRequest, market: Market, date: dt.date) -> HttpResponse:
    """That was a mistake: the person is still to be called."""
    take_back_call(day_of(market, date).pk, keys=_facts(request))
    return redirect("manage-calls", market.slug, date)


def _facts(request: HttpRequest) -> list[str]:
    return request.POST.getlist("facts")[:MOST_FACTS]
