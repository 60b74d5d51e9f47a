"""The floor: Django with no middleware, no template and no database. Nothing written in Django can be quicker."""

from __future__ import annotations

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

SAID = b"ok"


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(SAID)


urlpatterns = [path("", bare)]


def serve() -> WSGIHandler:
    """What gunicorn serves, in a process that has no other settings."""
    settings.configure(ALLOWED_HOSTS=["127.0.0.1"], MIDDLEWARE=[], ROOT_URLCONF=__name__)
    return get_wsgi_application()
