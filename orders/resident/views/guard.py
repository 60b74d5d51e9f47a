"""Pages of somebody signed in, about that person alone: kept by nobody, found by no search engine."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

from marche.accounts.guard import person_of, resident_required

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def for_residents(view: Callable[[HttpRequest, User], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Give the view who is signed in; lead anybody else to the door."""

    @wraps(view)
    def signed_in(request: HttpRequest) -> HttpResponse:
        return view(request, person_of(request))

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        response = resident_required(signed_in)(request)
        patch_cache_control(response, private=True, no_store=True)
        response["X-Robots-Tag"] = "noindex"
        return response

    return guarded
