"""What a manager types: the market's habit, a day's places, and why an order is cancelled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.validators import MaxValueValidator
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marche.common.fields import WRONG_NUMBER, choice_field
from marche.common.language import in_town_language
from marche.common.telephone import phone, read_number
from marche.markets.habit import check_habit
from marche.markets.models import Market
from orders.models import StrikeReason
from orders.presenters.ticket import TicketPart
from orders.presenters.wording import line_words

MOST_PLACES = 100_000  # more than any market of any city: beyond it, somebody's finger slipped
DETAIL_LENGTH = 100


class MarketForm(forms.ModelForm):
    """The habit of one market, in sections as people think of it."""

    SECTIONS = (
        (_("Place and contact"), ("place", "street", "postcode", "town", "desk_phone", "contact_email")),
        (_("The market"), ("weekday", "starts", "ends", "collection")),
        (_("When residents order"), ("opens_weekday", "opens_time", "closes_weekday", "closes_time")),
        (_("Slots and orders"), ("slot_minutes", "slot_capacity", "order_cap", "weeks_ahead")),
    )

    class Meta:
        model = Market
        fields = (
            "place", "street", "postcode", "town", "desk_phone", "contact_email",
            "weekday", "starts", "ends", "collection",
            "opens_weekday", "opens_time", "closes_weekday", "closes_time",
            "slot_minutes", "slot_capacity", "order_cap", "weeks_ahead",
        )  # fmt: skip
        help_texts = {
            "desk_phone": _("Printed on tickets and shown to residents who need help."),
            "opens_time": _("In the week before the market."),
            "closes_time": _("Nobody can order after it; the producers’ summaries leave then."),
            "slot_minutes": _("The market’s hours are cut into slots of this length."),
            "slot_capacity": _("Residents who may come in one slot."),
            "order_cap": _("For a whole market day, whatever the slots hold."),
            "weeks_ahead": _("How many weeks before it a market day appears."),
        }
        widgets = {
            name: forms.TimeInput(format="%H:%M", attrs={"type": "time"})
            for name in ("starts", "ends", "opens_time", "closes_time")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["desk_phone"].widget.attrs |= {"type": "tel", "autocomplete": "off"}
        for name in ("slot_capacity", "order_cap"):
            self.fields[name].validators.append(MaxValueValidator(MOST_PLACES))

    @property
    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [(str(title), [self[name] for name in names]) for title, names in self.SECTIONS]

    def clean_desk_phone(self) -> str:
        """As one dials it in France; with its country code from elsewhere."""
        typed: str = self.cleaned_data["desk_phone"]
        if typed and read_number(typed) is None:
            raise forms.ValidationError(WRONG_NUMBER)
        return phone(typed)

    def clean_postcode(self) -> str:
        typed: str = self.cleaned_data["postcode"].strip()
        if not (len(typed) == 5 and typed.isascii() and typed.isdigit()):
            raise forms.ValidationError(_("A postcode has five digits: 60000, for instance."))
        return typed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            check_habit(Market(**cleaned))
        return cleaned


class CapForm(forms.Form):
    cap = forms.IntegerField(label=_("Orders at most"), min_value=1, max_value=MOST_PLACES)


class CapacityForm(forms.Form):
    capacity = forms.IntegerField(label=_("Places"), min_value=0, max_value=MOST_PLACES)


class ReasonForm(forms.Form):
    """Why something is done to an order: from a short list, and in one's own words."""

    REASONS: ClassVar[Mapping[str, Any]]
    field_order: tuple[str, ...] = ("reason", "detail")

    detail = forms.CharField(
        label=_("In your own words"),
        max_length=DETAIL_LENGTH,
        required=False,
        help_text=_("The resident and the producers will read it: name nobody."),
        error_messages={"max_length": _("The reason is too long: 100 characters at most.")},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("reason") == "other" and not cleaned.get("detail") and "detail" not in self.errors:
            self.add_error("detail", _("Say which reason, in a few words."))
        return cleaned

    @property
    def in_words(self) -> str:
        """The reason as it is kept and printed, in the town's language. Only of a valid form."""
        chosen, detail = self.cleaned_data["reason"], self.cleaned_data["detail"]
        with in_town_language():
            if not detail:
                return str(self.REASONS[chosen])
            if chosen == "other":
                return str(detail)
            return gettext("%(reason)s: %(detail)s") % {"reason": self.REASONS[chosen], "detail": detail}


class CancelForm(ReasonForm):
    """Why an order is cancelled."""

    REASONS = {
        "resident": _("The resident asked for it"),
        "supply": _("A producer can’t supply it"),
        "mistake": _("It was ordered by mistake"),
        "other": _("Another reason"),
    }

    reason = forms.ChoiceField(
        label=_("Why is it cancelled?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a reason.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "reason").choices = list(self.REASONS.items())


class CancelPartForm(CancelForm):
    """Why what one producer was to prepare is cancelled."""

    REASONS = {
        "supply": _("The producer can’t supply it"),
        "absent": _("The producer does not come to the market"),
        "resident": _("The resident asked for it"),
        "mistake": _("It was ordered by mistake"),
        "other": _("Another reason"),
    }

    reason = forms.ChoiceField(label=_("Why is it cancelled?"), error_messages={"required": _("Choose a reason.")})


class CancelDayForm(CancelForm):
    """Why a whole market day is not held."""

    REASONS = {
        "weather": _("Because of the weather"),
        "works": _("Because of works on the square"),
        "authorities": _("By decision of the authorities"),
        "holiday": _("It is a public holiday"),
        "producers": _("Too few producers can come"),
        "other": _("Another reason"),
    }


class StrikeForm(ReasonForm):
    """Which lines of one part are taken off an order, and why."""

    REASONS = {reason.value: reason.label for reason in StrikeReason}
    field_order = ("lines", "reason", "detail")

    lines = forms.TypedMultipleChoiceField(
        label=_("Lines to take off"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Tick at least one line."),
            "invalid_choice": _("A line was taken off meanwhile. Look again at what is left."),
        },
    )
    reason = forms.ChoiceField(
        label=_("Why are they taken off?"),
        error_messages={"required": _("Choose a reason.")},
    )

    def __init__(self, part: TicketPart, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id=f"part{part.pk}_%s")
        left = [(line.pk, f"{line_words(line)} {line.title}") for line in part.lines if not line.is_off]
        choice_field(self, "lines").choices = left
        reasons = [(value, capfirst(label)) for value, label in self.REASONS.items()]
        choice_field(self, "reason").choices = reasons
