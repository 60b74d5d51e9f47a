"""The form of a product sheet. Its fields follow the kind of goods, which is chosen first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms import BoundField
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from producers.kinds import Allergen, GoodsKind, Label
from producers.legal import BY_KIND, NOT_FOOD, required_fields
from producers.models import ProductSheet
from producers.units import SaleUnit, Unit
from producers.workspace.forms.fields import CommaDecimalField
from producers.workspace.forms.sheet_words import HELP, LABELS

MAX_GRAMS = 100_000  # a hundred kilograms: beyond it, somebody typed something else
_WEIGHTS = [name for name in SaleUnit.UNIT_FIELDS if name != "unit"]
_HELD = ("net_grams", "net_millilitres", "pieces")
_OF_UNIT: dict[str, tuple[str, ...]] = {
    Unit.PIECE: _HELD,
    Unit.BUNCH: _HELD,
    Unit.PACK: _HELD,
    Unit.WEIGHT: ("step_grams",),
    Unit.WEIGHED: ("min_grams", "expected_grams", "max_grams"),
}
_MULTIPLE = {"allergens": Allergen.choices, "labels": Label.choices, "months": list(MONTHS.items())}

# Shown for a kind beside what the law asks of it.
_ALSO: dict[GoodsKind, tuple[str, ...]] = {
    GoodsKind.FRUIT_VEGETABLES: ("variety", "category", "calibre"),
    GoodsKind.MEAT: ("variety",),
    GoodsKind.POULTRY: ("born_in", "variety"),
    GoodsKind.CHARCUTERIE: ("origin",),
    GoodsKind.BREAD: ("origin",),
    GoodsKind.HONEY: ("variety",),
    GoodsKind.PREPARED: ("origin",),
    GoodsKind.DRINKS: ("origin", "variety"),
    GoodsKind.ALCOHOL: ("origin", "variety"),
    GoodsKind.PLANTS: ("origin", "variety"),
    GoodsKind.NON_FOOD: ("origin",),
}
_OF_KIND = (
    "species",
    "variety",
    "category",
    "calibre",
    "origin",
    "honey_countries",
    "egg_code",
    "milk_treatment",
    "born_in",
    "raised_in",
    "slaughtered_in",
    "fishing_method",
    "fishing_area",
    "alcohol_percent",
)
_FOOD = ("prepacked", "ingredients", "storage", "allergens", "no_allergens")


def fields_of_kind(kind: GoodsKind) -> list[str]:
    """The legal fields that a product of this kind may fill in, in the order of the form."""
    own = {*BY_KIND[kind], *_ALSO.get(kind, ())}
    return [name for name in _OF_KIND if name in own] + ([] if kind in NOT_FOOD else list(_FOOD))


@dataclass(frozen=True)
class Section:
    """A part of the form, with a title and the fields in it."""

    title: Any
    fields: list[BoundField]
    css_class: str = ""
    compact: bool = False


class SheetForm(forms.ModelForm):
    use_required_attribute = False
    unit_names = _WEIGHTS

    title = forms.CharField(label=LABELS["title"], help_text=HELP["title"], max_length=80)
    allergens = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    unit = forms.ChoiceField(choices=Unit.choices, widget=forms.RadioSelect, initial=Unit.PIECE)
    labels = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    months = forms.TypedMultipleChoiceField(required=False, coerce=int, widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = ProductSheet
        fields = ["description", "drawing", *SaleUnit.UNIT_FIELDS, "months", "labels", *_OF_KIND, *_FOOD]
        field_classes = {"alcohol_percent": CommaDecimalField}

    def __init__(self, *args: Any, kind: GoodsKind, **kwargs: Any) -> None:
        self.kind = kind
        super().__init__(*args, **kwargs)
        self.shown = fields_of_kind(kind)
        self.hidden = [name for name in (*_OF_KIND, *_FOOD) if name not in self.shown]
        for name in self.hidden:
            del self.fields[name]
        self.order_fields(["title", "description", "drawing", *SaleUnit.UNIT_FIELDS, "months", "labels"])
        if self.instance.pk:
            self.initial["title"] = self.instance.title
        for name, field in self.fields.items():
            self._dress(name, field)

    def _dress(self, name: str, field: forms.Field) -> None:
        field.label = LABELS.get(name, field.label)
        field.help_text = HELP.get(name, field.help_text)
        if name in _MULTIPLE:
            field.choices = _MULTIPLE[name]  # type: ignore[attr-defined]
        if name in _WEIGHTS:
            field.widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
            field.validators += [MinValueValidator(1), MaxValueValidator(MAX_GRAMS)]
        if isinstance(field, forms.CharField) and isinstance(field.widget, forms.Textarea):
            field.widget.attrs |= {"rows": 3, "maxlength": 1000}

    def clean(self) -> dict[str, Any]:
        """Empty what belongs to another unit than the one chosen: it is not shown, so nobody could correct it."""
        cleaned = super().clean() or self.cleaned_data
        for name in _WEIGHTS:
            if name not in _OF_UNIT.get(cleaned.get("unit", ""), _WEIGHTS):
                self.errors.pop(name, None)
                cleaned[name] = None
        return cleaned

    @cached_property
    def missing_names(self) -> list[str]:
        """What the sheet as saved lacks, if it is shown for the kind it has."""
        return self.instance.missing if self.is_of_saved_kind else []

    @cached_property
    def wanted(self) -> set[str]:
        """The fields without which such a product can't go on sale."""
        always = {*BY_KIND[self.kind], *(() if self.kind in NOT_FOOD else ("allergens",))}
        return always | set(required_fields(self.instance) if self.is_of_saved_kind else ())

    @property
    def is_of_saved_kind(self) -> bool:
        return bool(self.instance.pk) and not self.is_bound and self.instance.kind is self.kind

    def missing_fields(self) -> list[BoundField]:
        return self._fields(*self.missing_names)

    def sections(self) -> list[Section]:
        legal, food = [name for name in self.shown if name in _OF_KIND], [n for n in self.shown if n in _FOOD]
        sections = [
            Section(_("The product"), self._fields("title", "description", "drawing")),
            Section(_("How it is sold"), self._fields("unit")),
            # Of these three the style sheet shows the one that the unit above asks for.
            Section(_("What one holds"), self._fields(*_OF_UNIT[Unit.PACK]), "for-pack", compact=True),
            Section(_("By how much"), self._fields(*_OF_UNIT[Unit.WEIGHT]), "for-weight", compact=True),
            Section(_("What one weighs"), self._fields(*_OF_UNIT[Unit.WEIGHED]), "for-weighed", compact=True),
            Section(_("What the law wants known before it is bought"), self._fields(*legal), compact=True),
            Section(_("Ingredients and allergens"), self._fields(*food)),
            Section(_("When and how it is grown or made"), self._fields("months", "labels")),
        ]
        return [section for section in sections if section.fields]

    def _fields(self, *names: str) -> list[BoundField]:
        return [self[name] for name in names if name in self.fields]

    def values(self) -> dict[str, Any]:
        """What save_sheet wants. What this kind does not say is emptied, for nobody would see it to correct it."""
        empty = {name: ProductSheet._meta.get_field(name).get_default() for name in self.hidden}  # type: ignore[union-attr]
        return {**empty, **self.cleaned_data}
