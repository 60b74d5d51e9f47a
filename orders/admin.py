"""For administrators: orders and summaries are read here, never written. What changes them is in actions/."""

from __future__ import annotations

from django.contrib import admin

from marche.common.administration import ReadOnly
from orders.models import OrderChange, Pickup, ProducerOrder, Summary


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
