"""Prices, quantities and weights as producers type them."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from marche.common.money import parse_amount, parse_price
from marche.common.wording import weight
from producers.actions.save_offer import MAX_QUANTITY

_DIGITS = re.compile(r"[0-9]+")
_SPACES = str.maketrans("", "", " \xa0\u202f")
_GRAMS = re.compile(r"([0-9]{1,6})g?")
_KILOGRAMS = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,3}))?(kg)?")


def parse_weight(text: str) -> int:
    """Return the grams of a weight as a person types it: "1620", "1620 g", "1,62 kg" or "1.62".

    Without a unit, a whole number is grams, and one with a decimal mark kilograms. Raises ValueError with a sentence
    for the person.
    """
    cleaned = text.translate(_SPACES).lower()
    if match := _GRAMS.fullmatch(cleaned):
        return int(match[1])
    if match := _KILOGRAMS.fullmatch(cleaned):
        return int(match[1]) * 1000 + int((match[2] or "0").ljust(3, "0"))
    raise ValueError(_("Write the weight in grams or kilograms, like 1620 or 1.62 kg."))


class ReadField(forms.CharField):
    """A number that people write in several ways: `parse` reads it, None when nothing is typed."""

    parse: Callable[[str], int]

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


class PriceField(ReadField):
    """A price in euros, as typed; its value is in cents, or None when nothing is typed."""

    parse = staticmethod(parse_price)

    def prepare_value(self, value: Any) -> Any:
        """Cents from the database as a person types them; what somebody typed, as it was typed."""
        if isinstance(value, int):
            return number_format(f"{value // 100}.{value % 100:02d}", decimal_pos=2)
        return value


class AmountField(PriceField):
    """A sum of money, which may be more than a price: what was paid for several goods."""

    parse = staticmethod(parse_amount)


class WeightField(ReadField):
    """A weight, as a scale shows it or as one says it; its value is in grams, or None when nothing is typed."""

    parse = staticmethod(parse_weight)

    def prepare_value(self, value: Any) -> Any:
        """Grams from the database with their unit; what somebody typed, as it was typed."""
        return weight(value) if isinstance(value, int) else value


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
