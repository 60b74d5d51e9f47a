"""A manager cancels what one producer was to prepare of an order, or a whole market day."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marche.common.flash import say_refused
from marche.common.refusals import Refused
from marche.common.wording import day_in_words
from marche.markets.models import Market, MarketDay
from orders.actions.cancel_day import cancel_day
from orders.actions.cancel_part import cancel_part
from orders.manager.forms import CancelDayForm, CancelForm, CancelPartForm
from orders.manager.presenters.calls import call_list
from orders.manager.views.guard import day_of, for_managers, manager_of
from orders.manager.views.told import say_how_told
from orders.models import ProducerOrder


@require_POST
@for_managers
def cancel_producer(request: HttpRequest, market: Market, date: dt.date, number: int, part: int) -> HttpResponse:
    """Cancel one part of an order, with a reason."""
    parts = ProducerOrder.objects.select_related("producer__partner", "pickup")
    found = get_object_or_404(parts, pk=part, pickup__day=day_of(market, date), pickup__number=number)
    form = CancelPartForm(request.POST)
    if not _is_valid(request, form):
        return redirect("manage-order", market.slug, date, number)
    try:
        cancel_part(found.pk, reason=form.in_words, by=manager_of(request))
    except Refused as refusal:
        say_refused(request, refusal)
    else:
        said = _("Order %(number)d: what %(producer)s was to prepare is cancelled.")
        messages.success(request, said % {"number": number, "producer": found.producer.name})
        say_how_told(request, found.pickup)
    return redirect("manage-order", market.slug, date, number)


@require_POST
@for_managers
def cancel_market(request: HttpRequest, market: Market, date: dt.date) -> HttpResponse:
    """Cancel a market day with all its orders, with a reason."""
    day = day_of(market, date)
    form = CancelDayForm(request.POST)
    if not _is_valid(request, form):
        return redirect("manage-day", market.slug, date)
    try:
        cancel_day(day.pk, reason=form.in_words, by=manager_of(request))
    except Refused as refusal:
        say_refused(request, refusal)
    else:
        say_cancelled(request, day)
    return redirect(after_cancelling(day), market.slug, date)


def say_cancelled(request: HttpRequest, day: MarketDay) -> None:
    """What happens now: whom the mails reach is known later."""
    said = _("The market of %(day)s is cancelled. Its orders are being cancelled one by one; mails are leaving.")
    messages.success(request, said % {"day": day_in_words(day.starts_at)})


def after_cancelling(day: MarketDay) -> str:
    """Where a manager goes on: to the calls to make, if there are any."""
    return "manage-calls" if call_list(day.pk).waiting else "manage-day"


def _is_valid(request: HttpRequest, form: CancelForm) -> bool:
    """Whether a reason was given; else it is said, and nothing has changed."""
    if form.is_valid():
        return True
    for errors in form.errors.values():
        messages.error(request, " ".join(str(error) for error in errors))
    return False
