"""For administrators: orders and summaries are read here, never written. What changes them is in actions/."""

from __future__ import annotations

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from marche.common.administration import ReadOnly
from orders.models import OrderChange, OscarComparison, Pickup, ProducerOrder, Summary
from orders.oscar_differences import OscarDifference


class PartInline(ReadOnly, admin.TabularInline):
    model = ProducerOrder
    extra = 0
    fields = ["producer", "total_cents", "max_cents", "vat_cents", "cancelled_at"]


class ChangeInline(ReadOnly, admin.TabularInline):
    model = OrderChange
    extra = 0


@admin.register(Pickup)
class PickupAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["day", "number", "name", "slot", "channel", "total_cents", "placed_at", "cancelled_at"]
    list_filter = ["day__market", "channel"]
    list_select_related = ["day__market", "slot"]
    search_fields = ["name", "email", "code"]
    date_hierarchy = "placed_at"
    exclude = ["basket"]
    inlines = [PartInline, ChangeInline]


@admin.register(Summary)
class SummaryAdmin(ReadOnly, admin.ModelAdmin):
    """Without its token, with which one acknowledges for the producer."""

    list_display = ["day", "producer", "revision", "made_at", "acknowledged_at"]
    list_filter = ["day__market"]
    list_select_related = ["day__market", "producer__partner"]
    date_hierarchy = "made_at"
    exclude = ["token"]


@admin.register(OscarComparison)
class OscarComparisonAdmin(ReadOnly, admin.ModelAdmin):
    """What differs is told line by line; what to do then stands in docs/operations.md."""

    list_display = ["made_at", "count"]
    fields = ["made_at", "in_words"]
    readonly_fields = ["in_words"]

    @admin.display(description=_("differences"))
    def count(self, comparison: OscarComparison) -> int:
        return len(comparison.differences)

    @admin.display(description=_("differences"))
    def in_words(self, comparison: OscarComparison) -> str:
        return format_html_join("", "<p>{}</p>", ((str(OscarDifference(**row)),) for row in comparison.differences))
