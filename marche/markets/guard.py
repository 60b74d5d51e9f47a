"""Who may see a market's management: its managers, and nobody else."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache

from marche.accounts.guard import person_of, staff_required
from marche.common.actors import Actor
from marche.markets.here import be_at
from marche.markets.models import Market

P = ParamSpec("P")


def for_managers(
    view: Callable[Concatenate[HttpRequest, Market, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, str, P], HttpResponse]:
    """Turn the slug in the address into the market. To anybody but its managers it does not exist (404)."""

    @never_cache
    @staff_required
    @wraps(view)
    def guarded(request: HttpRequest, market: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        found = get_object_or_404(Market.objects.managed_by(request.user), slug=market)
        be_at(request, found)
        return view(request, found, *args, **kwargs)

    return guarded


def manager_of(request: HttpRequest) -> Actor:
    """Who acts as a manager. Only behind this door."""
    return Actor.manager(person_of(request))
