"""The two doors: which pages ask who is there, and how surely."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from marche.accounts import second_factor
from marche.accounts.people import is_staff
from marche.common.actors import Actor

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)


def staff_required(
    view: Callable[Concatenate[HttpRequest, P], R],
) -> Callable[Concatenate[HttpRequest, P], R | HttpResponse]:
    """Signed in, and with the second factor where the settings ask for it of this person.

    Whoever has no role is let through: the view itself says what is whose.
    """

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> R | HttpResponse:
        return missing_factor(request) or view(request, *args, **kwargs)

    return guarded


def resident_required(
    view: Callable[Concatenate[HttpRequest, P], R],
) -> Callable[Concatenate[HttpRequest, P], R | HttpResponse]:
    """Signed in, in whichever way; who is not comes to the page that sends a code."""
    return login_required(view, login_url="resident-sign-in")


def person_of(request: HttpRequest) -> User:
    """Who is signed in. Only behind one of these doors."""
    return cast(User, request.user)


def resident_of(request: HttpRequest) -> Actor:
    """Who acts as a resident: the account, for who is signed in."""
    return Actor.resident(person_of(request) if request.user.is_authenticated else None)


def missing_factor(request: HttpRequest) -> HttpResponse | None:
    """Where to go first: to setting up a second factor, or to showing it. None if nothing is missing."""
    if not settings.STAFF_SECOND_FACTOR:
        return None
    there = second_factor.has_one(request.user)
    if (there and second_factor.was_shown(request)) or not is_staff(request.user):
        return None
    door = "mfa_reauthenticate" if there else "mfa_index"
    return redirect_to_login(request.get_full_path(), reverse(door))
