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
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from marche.accounts.guard import staff_required

OURS = ("marche.", "producers.", "orders.")
# What the tables of others are called here: by the words of this market.
APPS = {"auth": _("People"), "flatpages": _("Texts"), "partner": _("Names of producers")}
MODELS = {"FlatPage": _("texts of the town"), "Partner": _("names and people of producers"), "User": _("people")}


class AdminSite(admin.AdminSite):
    site_header = _("Administration of the market")
    site_title = _("Administration")
    index_title = _("What can be looked at and changed here")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Take the classes that are ours, and leave out all others."""
        if admin_class is not None and admin_class.__module__.startswith(OURS):
            super().register(model_or_iterable, admin_class, **options)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        apps: list[Any] = super().get_app_list(request, app_label)
        for app in apps:
            app["name"] = APPS.get(app["app_label"], app["name"])
            for model in app["models"]:
                model["name"] = capfirst(MODELS.get(model["object_name"], model["name"]))
        return apps

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """No second way in: its own form knows neither the second factor nor the limit of attempts."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        return redirect_to_login(request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index"))

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        return staff_required(super().admin_view(view, cacheable))
