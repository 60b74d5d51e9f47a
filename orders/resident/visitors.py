"""Which baskets belong to this visitor: a cookie with a random token, set when the first product is put in."""

from __future__ import annotations

import datetime as dt
import re

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase

from marche.markets.here import be_at
from orders.models import DayBasket

COOKIE_LIFE = dt.timedelta(days=14)
_TOKEN = re.compile(r"[\w-]{1,40}", re.ASCII)  # what orders.models.new_token makes, and a cookie of it


def visitor_of(request: HttpRequest) -> str | None:
    return _token(request.COOKIES.get(settings.BASKET_COOKIE_NAME, ""))


def visitor_or_new(request: HttpRequest) -> str | None:
    """The visitor; without a cookie the token that a page made (`new`), so that several first taps share a basket."""
    return visitor_of(request) or _token(request.POST.get("new", ""))


def _token(text: str) -> str | None:
    return text if _TOKEN.fullmatch(text) else None


def open_baskets(request: HttpRequest) -> list[DayBasket]:
    """The visitor's open baskets, the one touched last first; asks nothing of the database without the cookie."""
    visitor = visitor_of(request)
    return list(DayBasket.objects.open_of(visitor)) if visitor else []


def basket_or_404(request: HttpRequest, basket_id: int) -> DayBasket:
    """A basket of this visitor, open or ordered already; anybody else's is not found."""
    visitor = visitor_of(request)
    basket = (
        visitor
        and DayBasket.objects.select_related("day__market", "slot").filter(pk=basket_id, visitor=visitor).first()
    )
    if not basket:
        raise Http404
    be_at(request, basket.day.market)
    return basket


def remember(response: HttpResponseBase, basket: DayBasket) -> None:
    """Set the cookie. It is needed to do what the visitor asked, so no consent is asked for (CNIL, 2020-091)."""
    response.set_cookie(
        settings.BASKET_COOKIE_NAME,
        basket.visitor,
        max_age=COOKIE_LIFE,
        httponly=True,
        secure=settings.HTTPS,
        samesite="Lax",
    )
