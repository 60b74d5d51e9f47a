"""Django's administration of producers and what they sell: mostly for looking, the screens are for changing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import admin
from django.core.validators import MaxValueValidator
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from marche.common.administration import ReadOnly, Written
from marche.common.wording import percent
from marche.shop.oscar import Partner, ProductClass
from producers.kinds import GoodsKind
from producers.models import Listing, Producer, ProductSheet, VatRate

MOST_VAT = 3_000  # 30 %: beyond it, somebody's finger slipped


class PartnerForm(forms.ModelForm):
    class Meta:
        model = Partner
        fields = ("name", "users")
        labels = {"users": _("people who act for it")}

    def clean_name(self) -> str:
        """Oscar lets it be empty; it stands on the stall, on tickets and on summaries."""
        name = str(self.cleaned_data["name"] or "").strip()
        if not name:
            raise forms.ValidationError(_("Write the name under which this producer sells."))
        return name


@admin.register(Partner)
class PartnerAdmin(Written):
    """The name of a producer, and the people who act for it: written first, then the producer itself."""

    list_display = ["name"]
    search_fields = ["name"]
    filter_horizontal = ["users"]
    form = PartnerForm

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The producer is sorted by its name."""
        super().save_model(request, obj, form, change)
        for producer in Producer.objects.filter(partner=obj.pk).select_related("partner"):
            producer.save(update_fields=["sort_key"])


@admin.register(Producer)
class ProducerAdmin(Written):
    """Whoever sells; the SIRET and the postal code are checked, and nobody who sold something is deleted."""

    list_display = ["sells_as", "town", "siret", "vat_franchise"]
    list_filter = ["vat_franchise", "partner__stalls__market"]
    list_select_related = ["partner"]
    search_fields = ["partner__name", "slug", "siret", "town"]
    autocomplete_fields = ["partner"]

    @admin.display(description=_("name"), ordering="sort_key")
    def sells_as(self, producer: Producer) -> str:
        return producer.name

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, labels={"partner": _("name of the producer")}, **kwargs)


@admin.register(ProductSheet)
class ProductSheetAdmin(ReadOnly, admin.ModelAdmin):
    """Sheets are written by their producers: through save_sheet, which keeps the offers in step."""

    list_display = ["title", "producer", "kind_name", "unit", "archived", "is_complete"]
    list_filter = ["archived", "product__product_class", "unit"]
    list_select_related = ["product__product_class", "producer__partner"]
    search_fields = ["product__title", "producer__partner__name"]

    @admin.display(description=_("kind"), ordering="product__product_class__name")
    def kind_name(self, sheet: ProductSheet) -> str:
        return str(sheet.kind.label) if sheet.kind else "–"

    @admin.display(boolean=True, description=_("complete"))
    def is_complete(self, sheet: ProductSheet) -> bool:
        return not sheet.missing


class VatRateForm(forms.ModelForm):
    """A new rate begins tomorrow at the earliest."""

    class Meta:
        model = VatRate
        fields = ("product_class", "territory", "rate_bp", "valid_from", "valid_until")
        help_texts = {
            "rate_bp": _("550 is 5.5 %."),
            "valid_from": _("The rate before it ends by itself. What was ordered keeps its rate."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "rate_bp" in self.fields:
            self.fields["rate_bp"].validators.append(MaxValueValidator(MOST_VAT))

    def clean_valid_from(self) -> dt.date:
        begin: dt.date = self.cleaned_data["valid_from"]
        if begin <= timezone.localdate():
            raise forms.ValidationError(_("A rate begins tomorrow at the earliest: what was sold keeps its rate."))
        return begin

    def clean_valid_until(self) -> dt.date | None:
        """Only the end of a rate in use can change: it may not lie before an offer under this rate, nor in the past."""
        until: dt.date | None = self.cleaned_data["valid_until"]
        if until and self.instance.pk:
            last = VatRate.objects.get(pk=self.instance.pk).last_day_offered
            if until < max(timezone.localdate(), last or until):
                sentence = _("Something is offered at this rate until %(day)s: it can’t end before.")
                day = date_format(max(timezone.localdate(), last or until), "j F Y")
                raise forms.ValidationError(sentence % {"day": day})
        return until


@admin.register(VatRate)
class VatRateAdmin(Written):
    """A rate that has begun, or under which something is offered, is history: one adds the next one."""

    form = VatRateForm
    fields = ["product_class", "territory", "rate_bp", "valid_from", "valid_until"]
    list_display = ["product_class", "territory", "rate", "valid_from", "valid_until"]
    list_filter = ["territory", "product_class"]
    list_select_related = ["product_class"]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Its kind is one that we know."""
        kinds = ProductClass.objects.filter(slug__in=GoodsKind.values).order_by("name")
        return super().formfield_for_foreignkey(db_field, request, **{"queryset": kinds} | kwargs)

    @admin.display(description=_("rate"), ordering="rate_bp")
    def rate(self, rate: VatRate) -> str:
        return percent(rate.rate_bp)

    def get_readonly_fields(self, request: HttpRequest, obj: VatRate | None = None) -> list[str]:
        return ["product_class", "territory", "rate_bp", "valid_from"] if obj and obj.is_history() else []

    def has_delete_permission(self, request: HttpRequest, obj: VatRate | None = None) -> bool:
        """A rate that nobody has met yet may be taken away again."""
        return obj is not None and bool(request.user.is_superuser) and not obj.is_history()


@admin.register(Listing)
class ListingAdmin(ReadOnly, admin.ModelAdmin):
    """The only stock there is: it changes through the verbs, which lock it, and nowhere else."""

    list_display = ["sheet", "day", "producer", "price_cents", "quantity", "reserved", "on"]
    list_filter = ["on", "day__market"]
    list_select_related = ["sheet__product", "day__market", "producer__partner"]
    search_fields = ["sheet__product__title", "producer__partner__name"]
    date_hierarchy = "day__date"
