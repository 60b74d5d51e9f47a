"""What a resident types before ordering."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marche.common.names import clean_line
from marche.markets.models import Slot
from orders.models import DayBasket, Shortage

CHOICES_IN_WORDS = {
    Shortage.REPLACE: _("By something close to it, at the same price or less."),
    Shortage.LEAVE_OUT: _("I pay only for what I get."),
    Shortage.CALL: _("The producer telephones before deciding."),
}


class TicketAddressForm(forms.Form):
    """The address to which a ticket is sent again."""

    email = forms.EmailField(
        label=_("The right address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email", "autocapitalize": "none"}),
        max_length=254,
        error_messages={
            "required": _("Write your e-mail address."),
            "invalid": _("This e-mail address is not complete: odette@example.org, for instance."),
        },
    )


class ContactForm(forms.ModelForm):
    """Slot, contact and shortage preference. E-mail or telephone: either is enough. keep_contact writes them."""

    class Meta:
        model = DayBasket
        fields = ("slot", "name", "email", "phone", "shortage", "note")
        error_messages = {
            "name": {"required": _("Write your name, as you will say it at the stall.")},
            "email": {"invalid": _("This e-mail address is not complete: odette@example.org, for instance.")},
            "note": {"max_length": _("The note is too long: 300 characters at most.")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        slot = self.fields["slot"]
        slot.queryset = Slot.objects.filter(day=self.instance.day_id)  # type: ignore[attr-defined]
        slot.required = True
        slot.label = _("Slot")
        slot.error_messages = {
            "required": _("Choose a slot."),
            "invalid_choice": _("This slot is not one of this market day: choose another one."),
        }
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["email"].widget.attrs["autocomplete"] = "email"

    def clean_note(self) -> str:
        return clean_line(self.cleaned_data["note"])

    def clean_slot(self) -> Slot:
        slot: Slot = self.cleaned_data["slot"]
        if slot.remaining <= 0:
            raise forms.ValidationError(_("This slot is full: choose another one."), code="slot-full")
        return slot

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        typed = cleaned.get("email") or cleaned.get("phone")
        if not typed and not (self.errors.keys() & {"email", "phone"}):
            self.add_error("email", _("Give an e-mail address or a telephone number: either is enough."))
        if cleaned.get("shortage") == Shortage.CALL and not cleaned.get("phone") and "phone" not in self.errors:
            self.add_error("phone", _("To be called, give a telephone number."))
        return cleaned
