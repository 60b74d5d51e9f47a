"""For administrators: people, whose second factor can be reset. Factors and proven addresses are nobody's to edit."""

from __future__ import annotations

from secrets import token_hex
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm, UserCreationForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Field, QuerySet
from django.forms import Field as FormField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from marche.accounts.actions.reset_second_factor import reset_second_factor
from marche.accounts.guard import person_of
from marche.common.actors import Actor
from marche.common.administration import Written
from marche.common.fields import NameFormField

LONGEST_NAME = 140  # ten characters less than Django’s


class PersonForm(UserChangeForm):
    """Staff sign in with their address: everybody has one, and nobody has another's."""

    def clean_email(self) -> str:
        return _own_address(self.cleaned_data["email"], but=self.instance.pk)


class NewPersonForm(UserCreationForm):
    class Meta:
        model = User
        fields = ("email", "first_name", "last_name")

    def clean_email(self) -> str:
        return _own_address(self.cleaned_data["email"])

    def save(self, commit: bool = True) -> Any:
        self.instance.username = _free_name(self.cleaned_data["email"])
        return super().save(commit=commit)


def _free_name(address: str) -> str:
    """What Django calls the person: the address, unless somebody who has another by now began with it."""
    name = address[:LONGEST_NAME]
    return f"{name}-{token_hex(4)}" if User.objects.filter(username=name).exists() else name


def _own_address(address: str, *, but: int | None = None) -> str:
    if not address:
        raise ValidationError(_("Write the e-mail address with which this person signs in."))
    if User.objects.filter(email__iexact=address).exclude(pk=but or 0).exists():
        raise ValidationError(_("Somebody else has this address."))
    return address


@admin.register(User)
class PersonAdmin(Written, UserAdmin):
    """People who sign in with a password. What they may do follows from where they are named: markets, producers."""

    form = PersonForm
    add_form = NewPersonForm
    list_display = ["email", "last_name", "first_name", "is_superuser", "is_active", "last_login"]
    list_filter = ["is_superuser", "is_active"]
    search_fields = ["email", "last_name", "first_name"]
    ordering = ["email"]
    filter_horizontal = []
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["email", "password", "first_name", "last_name"]}),
        (_("Rights"), {"fields": ["is_active", "is_staff", "is_superuser"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"fields": ["email", "first_name", "last_name", "password1", "password2"]})]
    actions = ["reset_the_second_factor"]

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> FormField | None:
        """A person's name is cleaned wherever it is typed."""
        if db_field.name in ("first_name", "last_name"):
            kwargs["form_class"] = NameFormField
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.action(description=_("Reset the second factor (lost telephone)"), permissions=["reset"])
    def reset_the_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        by = Actor.administrator(person_of(request))
        reset = [pk for pk in queryset.values_list("pk", flat=True) if reset_second_factor(pk, by=by)]
        text = ngettext(
            "%(count)d person will set up a new second factor.",
            "%(count)d persons will set up a new second factor.",
            len(reset),
        )
        self.message_user(request, text % {"count": len(reset)}, messages.SUCCESS)

    def has_reset_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)
