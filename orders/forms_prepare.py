"""What is weighed and taken off while an order is prepared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from marche.wording import euros, weight
from orders.models import LineDetail, StrikeReason
from orders.preparation import OrderToPrepare
from orders.refusals import Problem
from orders.weighing import TOO_MANY, UNUSUAL
from producers.forms.fields import WeightField
from producers.units import Unit
from producers.wording import quantity_words


@dataclass(frozen=True)
class FormLine:
    """One line on the bench, with its fields; `grams` for what is weighed, `units` where there may be fewer.

    `sure`: the unusual weight (grams) that somebody is asked about; `is_sure`: it was said to be right.
    """

    line: LineDetail
    words: str
    off: forms.BoundField
    why: forms.BoundField
    grams: forms.BoundField | None
    units: forms.BoundField | None
    sure: str = ""
    is_sure: bool = False

    @property
    def sure_words(self) -> str:
        return _("Yes, it really weighs %(weight)s") % {"weight": weight(int(self.sure))}


class PrepareForm(forms.Form):
    """How much there is of each line, its weight, whether and why it is taken off. What can be true the verb knows."""

    def __init__(self, order: OrderToPrepare, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.asked: dict[int, str] = {}
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
                self[f"grams_{line.pk}"] if line.is_estimated else None,
                self[f"units_{line.pk}"] if line.quantity > 1 else None,
                self.asked.get(line.pk) or self._said(line.pk),
                line.pk not in self.asked,
            )
            for line, words in self.there
        ]

    def _said(self, pk: int) -> str:
        """The weight that was ticked as right, as it came: grams in digits."""
        said = str(self.data.get(f"sure_{pk}") or "")
        return said if said.isascii() and said.isdigit() and len(said) < 10 else ""

    @cached_property
    def struck(self) -> dict[int, str]:
        """Why, by the key of each line that is taken off. Only of a valid form."""
        off = [line.pk for line, _words in self.there if self.cleaned_data[f"off_{line.pk}"]]
        return {pk: self.cleaned_data[f"why_{pk}"] for pk in off}

    @cached_property
    def units(self) -> dict[int, int]:
        """How many there are of a line, by its key: what was typed, else what stands there. Only of a valid form."""
        typed = {line.pk: self.cleaned_data.get(f"units_{line.pk}") for line, _words in self.there}
        before = {line.pk: line.set_aside for line, _words in self.there}
        return before | {pk: units for pk, units in typed.items() if units is not None}

    @cached_property
    def grams(self) -> dict[int, int]:
        """What the pieces of a line weigh together, by its key, where a weight was typed. Only of a valid form."""
        typed = {line.pk: self.cleaned_data.get(f"grams_{line.pk}") for line, _words in self.there}
        return {pk: grams for pk, grams in typed.items() if grams is not None}

    @cached_property
    def sure(self) -> set[int]:
        """The keys of the lines whose unusual weight was ticked as right: that very weight. Only of a valid form."""
        return {pk for pk, grams in self.grams.items() if self._said(pk) == str(grams)}

    def refuse(self, problems: Iterable[Problem]) -> None:
        """Say what the verb refused at the line that it is about, and ask about a weight that is only unusual."""
        by_listing = {line.listing_id: line.pk for line, _words in self.there}
        for problem in problems:
            pk = by_listing[problem.listing_id]  # type: ignore[index]
            if problem.code == UNUSUAL:
                self.asked[pk] = str(self.grams[pk])
            field = "units" if problem.code == TOO_MANY else "grams"
            self.add_error(f"{field}_{pk}", problem.sentence)


def _reasons(line: LineDetail) -> list[StrikeReason]:
    """Those of the bench: nobody has complained yet, unless that stands there already."""
    return [reason for reason in StrikeReason if reason != StrikeReason.COMPLAINT or line.struck == reason]


def units_field(line: LineDetail, most: int, *, required: bool) -> forms.IntegerField:
    """How many units there are of a line, of at most so many. On a telephone the digits come up by themselves."""
    words = {"product": line.title, "count": most}
    label = _("How many there are of %(count)d: %(product)s")
    if line.unit == Unit.WEIGHT:
        label = _("How many times %(step)s there are of %(count)d: %(product)s")
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
    label = _("Weight of %(product)s") if line.quantity == 1 else _("Weight of %(product)s, all together")
    return WeightField(
        label=label % {"product": line.title},
        required=required,
        error_messages={"required": _("Weigh it, or take it off.")},
        initial=line.final_grams,
        help_text=_("About %(expected)s. Above %(most)s the price stays at %(amount)s.")
        % {"expected": weight(expected), "most": weight(most), "amount": euros(line.most_of(line.set_aside))},
    )
