"""The grid of a day's offer: one small form per product."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marche.common.refusals import Refused
from marche.markets.models import MarketDay
from producers.actions.save_offer import OfferRow, kinds_with_rate, why_not_sold
from producers.models import Listing, Producer, ProductSheet
from producers.offers import last_offer
from producers.units import SaleUnit
from producers.workspace.forms.fields import PriceField, QuantityField

_FIELD_NAME = re.compile(r"(\d{1,18})-(?:on|price|quantity)")


class OfferRowForm(forms.Form):
    """One product. The hidden initial values tell what this person changed from what somebody else did meanwhile."""

    use_required_attribute = False

    on = forms.BooleanField(label=_("On sale"), required=False, show_hidden_initial=True)
    price = PriceField(label=_("Price"), required=False, show_hidden_initial=True)
    quantity = QuantityField(label=_("Quantity"), required=False, show_hidden_initial=True)


@dataclass
class GridRow:
    sheet: ProductSheet
    listing: Listing | None
    form: OfferRowForm
    why_not: str
    in_season: bool

    @property
    def sale_unit(self) -> SaleUnit:
        """What the price on this line is for: once something is ordered, the unit it was ordered in."""
        return self.listing if self.listing and self.listing.reserved else self.sheet

    @property
    def reserved(self) -> int:
        return self.listing.reserved if self.listing else 0

    @property
    def remaining(self) -> int:
        return self.listing.remaining if self.listing else 0

    @property
    def is_on(self) -> bool:
        return bool(self.form["on"].value())

    @property
    def is_blocked(self) -> bool:
        """It can't be switched on; if it is on nevertheless, it can still be switched off."""
        return bool(self.why_not) and not self.is_on

    @property
    def grams_priced(self) -> int:
        """The weight whose price one unit costs, in grams; 0 when the price is for the unit itself."""
        unit = self.sale_unit
        return ((unit.expected_grams if unit.is_estimated else unit.step_grams) or 0) if unit.is_priced_by_weight else 0

    @property
    def is_folded(self) -> bool:
        """Out of season and not offered: it waits below the grid."""
        return not (self.in_season or self.listing or self.form.errors)


class OfferGrid:
    """All that a producer may offer on a day, as lines to fill in; `data` is what was posted, if anything was."""

    def __init__(self, producer: Producer, day: MarketDay, data: Mapping[str, Any] | None = None) -> None:
        self.producer, self.day, self.data = producer, day, data
        self.whole_error = ""
        listings = {listing.sheet_id: listing for listing in Listing.objects.filter(producer=producer, day=day)}
        self.last_day, last = last_offer(producer, day)
        self.last = {listing.sheet_id: listing for listing in last}
        self.rated = kinds_with_rate(day)
        sheets = ProductSheet.objects.of(producer).with_related().order_by("sort_key")
        posted = self._posted_ids()
        self.knows_all_posted = posted <= {sheet.pk for sheet in sheets}
        self.rows = [
            self._row(sheet, listings.get(sheet.pk))
            for sheet in sheets
            if not sheet.archived or sheet.pk in listings or sheet.pk in posted
        ]

    def _posted_ids(self) -> set[int]:
        return {int(match[1]) for name in self.data or () if (match := _FIELD_NAME.fullmatch(name))}

    def _row(self, sheet: ProductSheet, listing: Listing | None) -> GridRow:
        # What was sold last time is proposed again, not yet switched on.
        known = listing or self.last.get(sheet.pk)
        initial: dict[str, int | bool] = {"on": bool(listing and listing.on)}
        if known:
            initial |= {"price": known.price_cents, "quantity": known.quantity}
        form = OfferRowForm(self.data, prefix=str(sheet.pk), initial=initial)
        return GridRow(sheet, listing, form, why_not_sold(sheet, self.day, self.rated), sheet.in_season(self.day.date))

    @cached_property
    def main_rows(self) -> list[GridRow]:
        return [row for row in self.rows if not row.is_folded]

    @cached_property
    def folded_rows(self) -> list[GridRow]:
        return [row for row in self.rows if row.is_folded]

    def is_valid(self) -> bool:
        return not [row for row in self.rows if not row.form.is_valid()]

    def changed_rows(self) -> list[OfferRow]:
        """The lines that this person changed, once valid."""
        return [
            OfferRow(row.sheet.pk, cleaned["on"], cleaned["price"], cleaned["quantity"])
            for row in self.rows
            if row.form.has_changed() and (cleaned := row.form.cleaned_data)
        ]

    def take_refusal(self, refused: Refused) -> None:
        """Put what save_offer refused beside the lines it refused."""
        forms_by_sheet = {row.sheet.pk: row.form for row in self.rows}
        for problem in refused.problems:
            if problem.about is None:
                self.whole_error = problem.sentence
            else:
                forms_by_sheet[problem.about].add_error(problem.field, problem.sentence)

    @property
    def errors(self) -> list[tuple[str, str]]:
        """For the error summary: the id of each field at fault, and a sentence that names the product."""
        return [
            (row.form[name].id_for_label, f"{row.sheet.title} – {sentence}")
            for row in self.rows
            for name, sentences in row.form.errors.items()
            for sentence in sentences
        ]

    @property
    def on_count(self) -> int:
        return sum(row.is_on for row in self.rows)

    @property
    def value_cents(self) -> int:
        """What all that is on sale as saved is worth; for weighed pieces the estimate."""
        on = [row.listing for row in self.rows if row.listing and row.listing.on]
        return sum(listing.line_cents(listing.price_cents, listing.quantity) for listing in on)
