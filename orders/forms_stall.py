"""What is ticked and typed at a stall."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from marche.wording import euros
from orders.handover import Payment
from orders.stall import StallOrder
from producers.forms.fields import AmountField
from producers.kinds import PaymentMeans

LATER = ""  # handed over, to be paid later


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


class HandOverForm(PaymentForm):
    """Which lines were there, and the payment if there was one: none where nothing is due at the stall."""

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
        self.fields["lines"].choices = choices  # type: ignore[attr-defined]
        self.fields["amount"].required = data is None or bool(data.get("means"))
        posted = None if data is None else data.getlist("lines")
        self.ticked = {pk for pk, _title in choices if posted is None or str(pk) in posted}
        if order.part.online or not order.due_cents:
            del self.fields["amount"], self.fields["means"]

    @property
    def payment(self) -> Payment | None:
        return super().payment if "means" in self.fields else None

    @property
    def missing(self) -> set[int]:
        """The keys of the lines that were not ticked, but for those that were taken off."""
        return self.kept - set(self.cleaned_data["lines"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        can_be_ticked = bool(self.fields["lines"].choices)  # type: ignore[attr-defined]
        if can_be_ticked and "lines" not in self.errors and not cleaned.get("lines"):
            self.add_error("lines", _("Tick what is handed over. If nobody came, there is nothing to note."))
        return cleaned


class TakeBackForm(forms.Form):
    """Why what was noted is not so."""

    REASONS = {
        "mistake": _("Noted by mistake"),
        "other-order": _("It was another order"),
        "brought-back": _("The goods were brought back"),
    }
    reason = forms.ChoiceField(label=_("Why?"), choices=REASONS.items(), initial="mistake", widget=forms.RadioSelect)
