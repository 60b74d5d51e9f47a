"""Weights that are typed of the lines of a part, and the one question about a weight that is unusual."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from marche.common.refusals import Problem
from marche.common.wording import weight
from orders.models import LineDetail
from orders.steps.prepare import TOO_MANY, UNUSUAL


@dataclass(frozen=True)
class Sure:
    """The box to tick where an unusual weight is right: `value` is that weight, in grams."""

    name: str
    value: str
    is_ticked: bool

    @property
    def words(self) -> str:
        return _("Yes, it really weighs %(weight)s") % {"weight": weight(int(self.value))}


class WeighForm(forms.Form):
    """What is typed of each line: `units_<key>` and `grams_<key>`, and `sure_<key>` once it was asked about."""

    there: Sequence[tuple[LineDetail, str]]  # (the line, its quantity in words), of all that can be typed

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.asked: dict[int, str] = {}

    def field_of(self, name: str, line: LineDetail) -> forms.BoundField | None:
        """This field of a line, where it has one."""
        return self[f"{name}_{line.pk}"] if f"{name}_{line.pk}" in self.fields else None

    def typed(self, name: str) -> dict[int, int]:
        """The numbers that were typed into these fields, by the key of the line. Only of a valid form."""
        found = {line.pk: self.cleaned_data.get(f"{name}_{line.pk}") for line, _words in self.there}
        return {pk: number for pk, number in found.items() if number is not None}

    @property
    def sure(self) -> set[int]:
        """The keys of the lines whose unusual weight was ticked as right: that very weight. Only of a valid form."""
        return {pk for pk, grams in self.typed("grams").items() if self._said(pk) == str(grams)}

    def sure_of(self, line: LineDetail) -> Sure | None:
        """The box to tick, where there is something to ask."""
        value = self.asked.get(line.pk) or self._said(line.pk)
        return Sure(f"sure_{line.pk}", value, line.pk not in self.asked) if value else None

    def _said(self, pk: int) -> str:
        """The weight that was ticked as right, as it came: grams in digits."""
        said = str(self.data.get(f"sure_{pk}") or "")
        return said if said.isascii() and said.isdigit() and len(said) < 10 else ""

    def refuse(self, problems: Iterable[Problem]) -> None:
        """Say what the verb refused at the line that it is about, and ask about a weight that is only unusual."""
        for problem in problems:
            pk = next(line.pk for line, _words in self.there if line.listing_id == problem.about)
            if problem.code == UNUSUAL:
                self.asked[pk] = str(self.typed("grams")[pk])
            field = "units" if problem.code == TOO_MANY else "grams"
            self.add_error(f"{field}_{pk}", problem.sentence)
