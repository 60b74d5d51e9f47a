"""For administrators: markets with their stalls and managers; a day's times, one by one."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from marche.markets.models import Market, MarketDay, Slot, Stall

DAY_TIMES = ["opens_at", "closes_at", "starts_at", "ends_at"]
DAY_STATE = [
    "order_cap", "orders_count", "holiday", "holiday_decision", "cancelled_at", "cancel_reason", "closed_at",
]  # fmt: skip


class StallInline(admin.TabularInline):
    model = Stall
    extra = 0


@admin.register(Market)
class MarketAdmin(admin.ModelAdmin):
    list_display = ["name", "town", "weekday", "starts", "ends", "active"]
    prepopulated_fields = {"slug": ["name"]}
    filter_horizontal = ["managers"]
    inlines = [StallInline]


class SlotInline(admin.TabularInline):
    """Shown only: places change on the manager's page, which looks at what is taken."""

    model = Slot
    fields = ["starts_at", "ends_at", "capacity", "reserved"]
    readonly_fields = ["starts_at", "ends_at", "capacity", "reserved"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: MarketDay | None = None) -> bool:
        return False


@admin.register(MarketDay)
class MarketDayAdmin(admin.ModelAdmin):
    """The times of a day may be put right; its counts belong to the verbs."""

    list_display = ["date", "market", "opens_at", "closes_at", "orders_count", "order_cap", "cancelled_at", "closed_at"]
    list_filter = ["market"]
    date_hierarchy = "date"
    fields = ["market", "date", *DAY_TIMES, *DAY_STATE]
    readonly_fields = ["market", "date", *DAY_STATE]
    inlines = [SlotInline]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: MarketDay | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: MarketDay, form: ModelForm[MarketDay], change: bool) -> None:
        """Write what was changed and nothing else: residents are ordering meanwhile, and the counts move."""
        changed: list[Any] = form.changed_data
        if changed:
            obj.save(update_fields=changed)
