"""Django's administration of producers and what they sell: mostly for looking, the screens are for changing."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model

from producers.models import Listing, Producer, ProductSheet, VatRate


class ReadOnly:
    """Looked at here, changed by the verbs."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(get_model("partner", "Partner"))
class PartnerAdmin(admin.ModelAdmin):
    """The name of a producer, and the people who act for it: written first, then the producer itself."""

    list_display = ["name"]
    search_fields = ["name"]
    filter_horizontal = ["users"]
    fields = ["name", "users"]


@admin.register(Producer)
class ProducerAdmin(admin.ModelAdmin):
    list_display = ["name", "town", "siret", "vat_franchise"]
    list_filter = ["vat_franchise", "partner__stalls__market"]
    list_select_related = ["partner"]
    search_fields = ["partner__name", "slug", "siret", "town"]
    autocomplete_fields = ["partner"]


@admin.register(ProductSheet)
class ProductSheetAdmin(ReadOnly, admin.ModelAdmin):
    """Sheets are written by their producers: through save_sheet, which keeps the offers in step."""

    list_display = ["title", "producer", "kind_name", "unit", "archived", "is_complete"]
    list_filter = ["archived", "product__product_class", "unit"]
    list_select_related = ["product__product_class", "producer__partner"]
    search_fields = ["product__title", "producer__partner__name"]

    @admin.display(description=_("kind"), ordering="product__product_class__name")
    def kind_name(self, sheet: ProductSheet) -> str:
        return str(sheet.kind.label)

    @admin.display(boolean=True, description=_("complete"))
    def is_complete(self, sheet: ProductSheet) -> bool:
        return not sheet.missing


@admin.register(VatRate)
class VatRateAdmin(admin.ModelAdmin):
    list_display = ["product_class", "rate_bp", "valid_from", "valid_until"]
    list_filter = ["product_class"]
    list_select_related = ["product_class"]


@admin.register(Listing)
class ListingAdmin(ReadOnly, admin.ModelAdmin):
    """The only stock there is: it changes through the verbs, which lock it, and nowhere else."""

    list_display = ["sheet", "day", "producer", "price_cents", "quantity", "reserved", "on"]
    list_filter = ["on", "day__market"]
    list_select_related = ["sheet__product", "day__market", "producer__partner"]
    search_fields = ["sheet__product__title", "producer__partner__name"]
    date_hierarchy = "day__date"
