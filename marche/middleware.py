"""What every request goes through that Django does not do by itself."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

GetResponse = Callable[[HttpRequest], HttpResponse]


class MaintenanceMiddleware:
    """With MAINTENANCE=1 every page but the health check says, with 503, that the site is coming back."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.MAINTENANCE and request.path != "/sante/":
            response = render(request, "maintenance.html", status=503)
            response["Retry-After"] = "600"  # seconds
            return response
        return self.get_response(request)


class LanguageMiddleware:
    """French, unless the visitor has chosen another language with the link at the foot of each page.

    Django's own middleware would follow the browser's language; a town's notices are in French until asked otherwise,
    and a page without negotiation is the same for everyone, so that it can be kept.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.known = {code for code, _name in settings.LANGUAGES}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in self.known else settings.LANGUAGE_CODE
        with translation.override(language), timezone.override(None):  # a view may go by a market's clock
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
