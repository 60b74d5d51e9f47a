"""For administrators: markets with their stalls and managers; days to look at, which the verbs change."""

from __future__ import annotations

import datetime as dt

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from marche.common.administration import ReadOnly, Written
from marche.markets.here import keep_time_of
from marche.markets.models import Market, MarketDay, Slot, Stall

DAY_TIMES = ["opens_at", "closes_at", "starts_at", "ends_at"]
DAY_STATE = [
    "order_cap", "orders_count", "holiday", "holiday_decision", "cancelled_at", "cancel_reason", "closed_at",
]  # fmt: skip


class StallInline(admin.TabularInline):
    model = Stall
    extra = 0


@admin.register(Market)
class MarketAdmin(Written):
    list_display = ["name", "town", "weekday", "starts", "ends", "active"]
    prepopulated_fields = {"slug": ["name"]}
    filter_horizontal = ["managers"]
    inlines = [StallInline]

    def get_readonly_fields(self, request: HttpRequest, obj: Market | None = None) -> list[str]:
        """Where a market is changes on its managers' page, which tells people; its zone would shift the days made."""
        return ["place", "street", "postcode", "town", "time_zone"] if obj else []


class SlotInline(ReadOnly, admin.TabularInline):
    """Shown only: places change on the manager's page, which looks at what is taken."""

    model = Slot
    fields = ["starts_at", "ends_at", "capacity", "reserved"]
    readonly_fields = ["starts_at", "ends_at", "capacity", "reserved"]
    extra = 0


@admin.register(MarketDay)
class MarketDayAdmin(ReadOnly, admin.ModelAdmin):
    """Shown only: managers move and prolong a day on its page, which carries its slots along and tells everybody."""

    list_display = ["date", "market", "opens", "closes", "orders_count", "order_cap", "cancelled_at", "closed_at"]
    list_filter = ["market"]
    list_select_related = ["market"]
    date_hierarchy = "date"
    fields = ["market", "date", *DAY_TIMES, *DAY_STATE]
    inlines = [SlotInline]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> MarketDay | None:
        """By the clock of its market."""
        if day := super().get_object(request, object_id, from_field):
            keep_time_of(day.market)
        return day

    @admin.display(description=_("orders open"), ordering="opens_at")
    def opens(self, day: MarketDay) -> str:
        return _by_its_clock(day, day.opens_at)

    @admin.display(description=_("orders close"), ordering="closes_at")
    def closes(self, day: MarketDay) -> str:
        return _by_its_clock(day, day.closes_at)


def _by_its_clock(day: MarketDay, when: dt.datetime) -> str:
    return date_format(timezone.localtime(when, day.market.clock), "SHORT_DATETIME_FORMAT")
