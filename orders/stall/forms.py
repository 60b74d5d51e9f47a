"""What is ticked and typed at a stall."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from marche.common.fields import choice_field
from marche.common.wording import euros
from orders.models import LineDetail
from orders.presenters.paying import Payment
from orders.presenters.stall import StallOrder
from orders.stall.forms_prepare import units_field
from orders.stall.forms_weigh import Sure, WeighForm
from orders.steps.give import Given
from producers.kinds import PaymentMeans
from producers.workspace.forms.fields import AmountField, WeightField

LATER = ""  # handed over, to be paid later
OF_HOW_MANY = _("Write how many are given with this weight. All of them are weighed while the order is prepared.")


class PaymentForm(forms.Form):
    """The amount taken, and with what: the value of the button that was pressed."""

    amount = AmountField(
        label=_("Amount taken (€)"), error_messages={"required": _("Write the amount in euros, like 12.50.")}
    )
    means = forms.ChoiceField(label=_("Means of payment"), choices=PaymentMeans.choices)

    def __init__(self, order: StallOrder, data: QueryDict | None = None, *, auto_id: str = "id_%s") -> None:
        super().__init__(data, initial={"amount": order.due_cents}, auto_id=auto_id)
        if order.most_cents > order.due_cents:
            self.fields["amount"].help_text = _("By the weight, and %(amount)s at most.") % {
                "amount": euros(order.most_cents)
            }

    @property
    def payment(self) -> Payment | None:
        means, cents = self.cleaned_data["means"], self.cleaned_data["amount"]
        return Payment(PaymentMeans(means), cents) if means else None


@dataclass(frozen=True)
class GivenLine:
    """One line that can be handed over: `units` where there may be fewer, `grams` for what these weigh."""

    line: LineDetail
    words: str
    is_ticked: bool
    units: forms.BoundField | None
    grams: forms.BoundField | None
    sure: Sure | None

    @property
    def is_open(self) -> bool:
        """Whether fewer were typed, or something about them is to be corrected."""
        fields = [field for field in (self.units, self.grams) if field is not None]
        return any(field.errors or (field.form.is_bound and field.data != str(field.initial or "")) for field in fields)


class HandOverForm(PaymentForm, WeighForm):
    """Which lines were there, and how much of them, and the payment if there was one: none where nothing is due."""

    lines = forms.TypedMultipleChoiceField(
        label=_("What is handed over"),
        coerce=int,
        required=False,
        error_messages={"invalid_choice": _("A line was taken off meanwhile. Look again at what is left.")},
    )
    means = forms.ChoiceField(
        label=_("Means of payment"), choices=[(LATER, _("later")), *PaymentMeans.choices], required=False
    )

    def __init__(self, order: StallOrder, data: QueryDict | None = None) -> None:
        super().__init__(order, data)
        self.kept = {line.pk for line, _words in order.lines if not line.struck}
        there = order.lines if order.part.handed_over_at else order.lines_there
        choices = [(line.pk, line.title) for line, _words in there if line.pk in self.kept]
        choice_field(self, "lines").choices = choices
        self.fields["amount"].required = data is None or bool(data.get("means"))
        posted = None if data is None else data.getlist("lines")
        self.ticked = {pk for pk, _title in choices if posted is None or str(pk) in posted}
        self.there = [(line, words) for line, words in there if line.pk in self.kept]
        for line, _words in self.there:
            if line.set_aside > 1:
                self.fields[f"units_{line.pk}"] = units_field(line, line.set_aside, required=False)
            if line.set_aside > 1 and line.is_estimated:
                label = _("Weight of those given (%(product)s)") % {"product": line.title}
                self.fields[f"grams_{line.pk}"] = WeightField(label=label, required=False)
        if order.part.online or not order.due_cents:
            del self.fields["amount"], self.fields["means"]

    @property
    def payment(self) -> Payment | None:
        return super().payment if "means" in self.fields else None

    @property
    def rows(self) -> list[GivenLine]:
        return [
            GivenLine(
                line,
                words,
                line.pk in self.ticked,
                self.field_of("units", line),
                self.field_of("grams", line),
                self.sure_of(line),
            )
            for line, words in self.there
        ]

    @property
    def missing(self) -> set[int]:
        """The keys of the lines that were not ticked, but for those that were taken off."""
        return self.kept - set(self.cleaned_data["lines"])

    @property
    def given(self) -> dict[int, Given]:
        """How many of a line were typed, and their weight, by its key. Only of a valid form."""
        grams = self.typed("grams")
        return {pk: Given(units, grams.get(pk)) for pk, units in self.typed("units").items()}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        can_be_ticked = bool(choice_field(self, "lines").choices)
        there = [pk for pk in cleaned.get("lines", []) if cleaned.get(f"units_{pk}") != 0]
        if can_be_ticked and "lines" not in self.errors and not there:
            self.add_error("lines", _("Tick what is handed over. If nobody came, there is nothing to note."))
        for line, _words in self.there:
            if line.pk in there and self._is_weight_of_all(line, cleaned):
                self.add_error(f"units_{line.pk}", OF_HOW_MANY)
        return cleaned

    def _is_weight_of_all(self, line: LineDetail, cleaned: dict[str, Any]) -> bool:
        """Whether a weight was typed, and not that fewer are given: all of them weigh what the bench said."""
        grams, units = cleaned.get(f"grams_{line.pk}"), cleaned.get(f"units_{line.pk}")
        is_all = units in (None, line.set_aside) and f"units_{line.pk}" not in self.errors
        return is_all and grams not in (None, line.final_grams)


class TakeBackForm(forms.Form):
    """Why what was noted is not so."""

    REASONS = {
        "mistake": _("Noted by mistake"),
        "other-order": _("It was another order"),
        "brought-back": _("The goods were brought back"),
    }
    reason = forms.ChoiceField(label=_("Why?"), choices=REASONS.items(), initial="mistake", widget=forms.RadioSelect)
