"""For administrators: people, whose second factor can be reset. Factors and proven addresses are nobody's to edit."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from marche.accounts.actions.reset_second_factor import reset_second_factor

for _model in (User, EmailAddress, Authenticator):
    if admin.site.is_registered(_model):
        admin.site.unregister(_model)


@admin.register(User)
class PersonAdmin(UserAdmin):
    actions = ["reset_the_second_factor"]

    @admin.action(description=_("Reset the second factor (lost telephone)"), permissions=["reset"])
    def reset_the_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        reset = [pk for pk in queryset.values_list("pk", flat=True) if reset_second_factor(pk, by=request.user.pk)]
        text = ngettext(
            "%(count)d person will set up a new second factor.",
            "%(count)d persons will set up a new second factor.",
            len(reset),
        )
        self.message_user(request, text % {"count": len(reset)}, messages.SUCCESS)

    def has_reset_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)
