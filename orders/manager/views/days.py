"""All days of all markets that a person manages."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from marche.accounts.guard import staff_required
from marche.markets.models import Market, MarketDay
from orders.manager.presenters.days import lines_of

PAST_DAYS = 10  # a page


@require_safe
@never_cache
@staff_required
def manage(request: HttpRequest) -> HttpResponse:
    """Coming days, then past ones a page at a time. A person who manages nothing has no business here."""
    markets = list(Market.objects.managed_by(request.user))
    if not markets and not request.user.is_superuser:
        raise PermissionDenied
    now = timezone.now()
    days = MarketDay.objects.filter(market__in=markets).select_related("market")
    soonest_first = request.GET.get("a-venir") != "-date"
    latest_first = request.GET.get("passes") != "date"
    coming = days.coming(now).order_by(*_by_date(up=soonest_first))
    past = Paginator(days.filter(ends_at__lte=now).order_by(*_by_date(up=not latest_first)), PAST_DAYS)
    page = past.get_page(request.GET.get("page"))
    lines = lines_of([*coming, *page])
    context = {
        "markets": markets,
        "coming": [line for line in lines if line.day.ends_at > now],
        "past": [line for line in lines if line.day.ends_at <= now],
        "page": page,
        "soonest_first": soonest_first,
        "latest_first": latest_first,
        "this_year": timezone.localdate(now).year,
        "area": "days",
    }
    return render(request, "orders/manager/days.html", context)


def _by_date(*, up: bool) -> list[str]:
    return ["starts_at", "market_id"] if up else ["-starts_at", "market_id"]
