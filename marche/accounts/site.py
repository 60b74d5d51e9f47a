"""Django's administration: behind the same door as the other screens of staff, and only what an administrator needs.

An admin class of somebody else is not taken: those of Oscar and of Django's apps show tables that nothing here reads,
or write past the verbs. What is listed, and what of it can be written, is kept by tests/test_administration.py.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marche.accounts.guard import staff_required

OURS = ("marche.", "producers.", "orders.")


class AdminSite(admin.AdminSite):
    site_header = _("Administration of the market")
    site_title = _("Administration")
    index_title = _("What can be looked at and changed here")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Take the classes that are ours, and leave out all others."""
        if admin_class is not None and admin_class.__module__.startswith(OURS):
            super().register(model_or_iterable, admin_class, **options)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """No second way in: its own form knows neither the second factor nor the limit of attempts."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        return redirect_to_login(request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index"))

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        return staff_required(super().admin_view(view, cacheable))
