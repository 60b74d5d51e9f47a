"""What one types at the doors."""

from __future__ import annotations

from allauth.account.forms import LoginForm
from django import forms
from django.utils.translation import gettext_lazy as _

from marche.accounts.models import CODE_DIGITS
from marche.accounts.people import normal

LONGEST_ADDRESS = 150  # characters, as an account's name


class SignInForm(LoginForm):
    """allauth's, with the field's name that password managers and bookmarks have known from the beginning."""

    def add_prefix(self, field_name: str) -> str:
        return "username" if field_name == "login" else super().add_prefix(field_name)

    def is_throttled(self) -> bool:
        return bool(self.has_error("__all__", "too_many_login_attempts"))


class AddressForm(forms.Form):
    """The address of a resident."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=LONGEST_ADDRESS,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email", "autocapitalize": "none"}),
        error_messages={
            "required": _("Write your e-mail address."),
            "invalid": _("This is not an e-mail address. It looks like name@example.fr."),
        },
    )

    def clean_email(self) -> str:
        """As it is written to. Small letters may be longer than their capitals: İ becomes two."""
        address = normal(self.cleaned_data["email"])
        if len(address) > LONGEST_ADDRESS:
            raise forms.ValidationError(self.fields["email"].error_messages["invalid"])
        return address


class CodeForm(forms.Form):
    """The code of the mail: digits, with or without spaces."""

    code = forms.CharField(
        label=_("The code of the mail"),
        max_length=3 * CODE_DIGITS,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "code-input"}),
        error_messages={"required": _("Write the code that stands in the mail.")},
    )
