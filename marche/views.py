"""Pages that belong to the whole site: health, texts, language, refusals."""

from __future__ import annotations

import logging

from django.conf import settings
from django.contrib.flatpages.models import FlatPage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET

from marche.accounts.guard import staff_required
from marche.markets.models import Market
from marche.shop.oscar import Partner

logger = logging.getLogger(__name__)

PAGES = ("mentions-legales", "conditions", "accessibilite", "donnees-personnelles")


def health(request: HttpRequest) -> HttpResponse:
    """For the container's health check: the process answers. It asks nothing of the database."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_GET
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """A text of the town’s: what its administrator wrote (a flat page of that address), else the one we ship."""
    if slug not in PAGES:
        raise Http404
    written = FlatPage.objects.filter(url=request.path, sites=settings.SITE_ID).first()
    context = {"written": written, "terms_version": settings.TERMS_VERSION}
    return render(request, f"pages/{slug}.html", context)


@staff_required
def staff_home(request: HttpRequest) -> HttpResponse:
    """After signing in: to the screens of one’s role, the widest if there are several; a resident’s is the account."""
    user = request.user
    if Market.objects.filter(managers=user.pk).exists():
        return redirect("manage")
    if user.is_staff:
        return redirect("admin:index")
    if Partner.objects.filter(users=user.pk).exists():
        return redirect("producer-home")
    return redirect("account")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token. What was typed is still in the page the visitor goes back to."""
    logger.warning("csrf refused: %s", reason)
    return render(request, "403_csrf.html", status=403)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without the request's context: whatever broke may break again."""
    return HttpResponse(render_to_string("500.html"), status=500)
