"""What is weighed and taken off while an order is prepared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from marche.common.wording import euros, weight
from orders.models import LineDetail, StrikeReason
from orders.presenters.preparation import OrderToPrepare
from orders.stall.forms_weigh import Sure, WeighForm
from producers.units import Unit
from producers.wording import quantity_words
from producers.workspace.forms.fields import WeightField


@dataclass(frozen=True)
class FormLine:
    """One line on the bench, with its fields; `grams` for what is weighed, `units` where there may be fewer."""

    line: LineDetail
    words: str
    off: forms.BoundField
    why: forms.BoundField
    grams: forms.BoundField | None
    units: forms.BoundField | None
    sure: Sure | None


class PrepareForm(WeighForm):
    """How much there is of each line, its weight, whether and why it is taken off. What can be true the verb knows."""

    def __init__(self, order: OrderToPrepare, data: QueryDict | None = None) -> None:
        super().__init__(data)
        ordered = [(line, quantity_words(line, line.quantity)) for line, _words in order.lines]
        self.there = [(line, words) for line, words in ordered if not line.missing]
        self.off_now = ",".join(str(line.pk) for line, _words in self.there if line.struck)
        self.fields["off_seen"] = forms.CharField(required=False, widget=forms.HiddenInput, initial=self.off_now)
        for line, _words in self.there:
            is_off = bool(data and data.get(f"off_{line.pk}"))
            is_none = bool(data and data.get(f"units_{line.pk}", "").strip() == "0")
            if line.quantity > 1:
                is_asked = not data or f"units_{line.pk}" in data
                self.fields[f"units_{line.pk}"] = units_field(line, line.quantity, required=is_asked)
            if line.is_estimated:
                self.fields[f"grams_{line.pk}"] = _weight_field(line, required=not (is_off or is_none))
            self.fields[f"off_{line.pk}"] = forms.BooleanField(
                label=_("Take off: %(product)s") % {"product": line.title}, required=False, initial=bool(line.struck)
            )
            self.fields[f"why_{line.pk}"] = forms.ChoiceField(
                label=_("Why is it taken off?"),
                choices=[(reason.value, capfirst(reason.label)) for reason in _reasons(line)],
                required=data is None or is_off,
                initial=line.struck or StrikeReason.SHORTAGE,
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "off_seen" in self.data and cleaned.get("off_seen") != self.off_now:
            self.data = {**{name: self.data.get(name) for name in self.data}, "off_seen": self.off_now}
            raise forms.ValidationError(_("Lines of this order were taken off meanwhile: look at it again, then save."))
        return cleaned

    @property
    def lines(self) -> list[FormLine]:
        return [
            FormLine(
                line,
                words,
                self[f"off_{line.pk}"],
                self[f"why_{line.pk}"],
                self.field_of("grams", line),
                self.field_of("units", line),
                self.sure_of(line),
            )
            for line, words in self.there
        ]

    @cached_property
    def struck(self) -> dict[int, str]:
        """Why, by the key of each line that is taken off. Only of a valid form."""
        off = [line.pk for line, _words in self.there if self.cleaned_data[f"off_{line.pk}"]]
        return {pk: self.cleaned_data[f"why_{pk}"] for pk in off}

    @cached_property
    def units(self) -> dict[int, int]:
        """How many there are of a line, by its key: what was typed, else what stands there. Only of a valid form."""
        return {line.pk: line.set_aside for line, _words in self.there} | self.typed("units")

    @cached_property
    def grams(self) -> dict[int, int]:
        """The typed weight (grams) of each line's pieces together, by the line's key. Needs a valid form."""
        return self.typed("grams")


def _reasons(line: LineDetail) -> list[StrikeReason]:
    """The reasons a producer may give before the market. "Complaint" is only offered where it was given already."""
    return [reason for reason in StrikeReason if reason != StrikeReason.COMPLAINT or line.struck == reason]


def units_field(line: LineDetail, most: int, *, required: bool) -> forms.IntegerField:
    """How many units there are of a line, of at most so many. On a telephone the digits come up by themselves."""
    words = {"product": line.title, "count": most}
    label = _("How many of %(count)d there are (%(product)s)")
    if line.unit == Unit.WEIGHT:
        label = _("How many of %(count)d times %(step)s there are (%(product)s)")
        words["step"] = weight(line.step_grams or 0)
    return forms.IntegerField(
        label=label % words,
        required=required,
        min_value=0,
        max_value=most,
        initial=line.set_aside,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


def _weight_field(line: LineDetail, *, required: bool) -> WeightField:
    expected, most = (line.expected_grams or 0) * line.set_aside, (line.max_grams or 0) * line.set_aside
    label = _("Weight (%(product)s)") if line.quantity == 1 else _("Weight of all together (%(product)s)")
    return WeightField(
        label=label % {"product": line.title},
        required=required,
        error_messages={"required": _("Weigh it, or take it off.")},
        initial=line.final_grams,
        help_text=_("About %(expected)s. Above %(most)s the price stays at %(amount)s.")
        % {"expected": weight(expected), "most": weight(most), "amount": euros(line.most_of(line.set_aside))},
    )
