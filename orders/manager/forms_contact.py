"""The contact of an order, as a manager corrects it."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from marche.common.fields import NameFormField, PhoneFormField
from marche.common.names import LONGEST
from orders.models import Pickup


class CorrectionForm(forms.Form):
    """The contact of an order as a manager puts it right; without the address where that is somebody else's to do."""

    name = NameFormField(
        label=_("Name"), max_length=LONGEST, error_messages={"required": _("Write the name of who comes.")}
    )
    phone = PhoneFormField(label=_("Telephone"), required=False)
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        widget=forms.EmailInput(attrs={"inputmode": "email", "autocapitalize": "none"}),
        max_length=254,
        error_messages={"invalid": _("This e-mail address is not complete: odette@example.org, for instance.")},
    )

    def __init__(self, pickup: Pickup, data: QueryDict | None = None, *, with_address: bool = True) -> None:
        initial = {name: getattr(pickup, name) for name in self.base_fields}
        super().__init__(data, initial=initial, auto_id="contact_%s")
        if not with_address:
            del self.fields["email"]
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"  # it is not the manager's own
