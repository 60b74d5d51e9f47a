"""Prices and quantities as producers type them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from marche.money import parse_amount, parse_price
from producers.actions.save_offer import MAX_QUANTITY

_DIGITS = re.compile(r"[0-9]+")
_SPACES = str.maketrans("", "", " \xa0\u202f")


class PriceField(forms.CharField):
    """A price in euros, as typed; its value is in cents, or None when nothing is typed."""

    parse = staticmethod(parse_price)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}), **kwargs)

    def to_python(self, value: Any) -> int | None:  # type: ignore[override]
        text = super().to_python(value)
        if not text:
            return None
        try:
            return self.parse(text)
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def prepare_value(self, value: Any) -> Any:
        """Cents from the database as a person types them; what somebody typed, as it was typed."""
        if isinstance(value, int):
            return number_format(f"{value // 100}.{value % 100:02d}", decimal_pos=2)
        return value


class AmountField(PriceField):
    """A sum of money, which may be more than a price: what was paid for several goods."""

    parse = staticmethod(parse_amount)


class QuantityField(forms.CharField):
    """A whole number of units; its value is an int, or None when nothing is typed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}), **kwargs)

    def to_python(self, value: Any) -> int | None:  # type: ignore[override]
        text = (super().to_python(value) or "").translate(_SPACES)
        if not text:
            return None
        if not _DIGITS.fullmatch(text):
            raise ValidationError(_("Write the quantity as a whole number, like 12."))
        if len(text) > 9 or int(text) > MAX_QUANTITY:
            raise ValidationError(_("The quantity can’t be more than 9,999."))
        return int(text)


class CommaDecimalField(forms.DecimalField):
    """A number with a decimal comma or point, in any language."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)

    def prepare_value(self, value: Any) -> Any:
        return number_format(value) if isinstance(value, Decimal) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "autocomplete": "off"}
