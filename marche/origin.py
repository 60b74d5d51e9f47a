"""A guard for forms on pages that set no cookie, where Django's CSRF token can't be used.

Every browser that runs today sends `Origin` with a POST (and most send `Sec-Fetch-Site`): a request that another site
made our visitor send is recognised by them, and refused. It protects only what a stranger could do anyway: filling a
basket, choosing a language. Whatever counts keeps Django's token.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from marche.views import csrf_failure

View = Callable[..., HttpResponseBase]


def comes_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that one of our own pages sent this request."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.get_host()


def same_origin(view: View) -> View:
    """Instead of a CSRF token: refuse what another site sent."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.method == "POST" and not comes_from_here(request):
            return csrf_failure(request, reason="another origin")
        return view(request, *args, **kwargs)

    return csrf_exempt(guarded)
