"""Who may see a producer's pages: its members, and nobody else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache

from marche.accounts.guard import person_of, staff_required
from marche.common.actors import Actor
from marche.markets.here import keep_time_of
from marche.markets.models import MarketDay
from producers.models import Producer, ProductSheet

P = ParamSpec("P")


def for_members(
    view: Callable[Concatenate[HttpRequest, Producer, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, str, P], HttpResponse]:
    """Turn the slug in the address into the producer. To anybody but its members it does not exist (404)."""

    @never_cache
    @staff_required
    @wraps(view)
    def guarded(request: HttpRequest, producer: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        found = get_object_or_404(Producer.objects.acted_for_by(request.user), slug=producer)
        return view(request, found, *args, **kwargs)

    return guarded


def member_of(request: HttpRequest) -> Actor:
    """Who acts for a producer. Only behind this door."""
    return Actor.producer(person_of(request))


def day_of(producer: Producer, market: str, date: dt.date) -> MarketDay:
    """The day of this market and date, if the producer has a stall there; else Http404."""
    days = MarketDay.objects.select_related("market").filter(market__stalls__partner=producer.partner_id)
    day = get_object_or_404(days, market__slug=market, market__active=True, date=date)
    keep_time_of(day.market)
    return day


def sheet_of(producer: Producer, pk: int) -> ProductSheet:
    """This producer's sheet; anybody else's does not exist (Http404)."""
    return get_object_or_404(ProductSheet.objects.of(producer).with_related(), pk=pk)
