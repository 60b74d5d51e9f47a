"""Partners, so that an administrator can write a producer. Stock records mean nothing here: a Listing is the stock."""

from __future__ import annotations

from django.contrib import admin
from oscar.core.loading import get_model


@admin.register(get_model("partner", "Partner"))
class PartnerAdmin(admin.ModelAdmin):
    """The name, and the people who act for the producer."""

    list_display = ["name"]
    search_fields = ["name"]
    filter_horizontal = ["users"]
    fields = ["name", "users"]
