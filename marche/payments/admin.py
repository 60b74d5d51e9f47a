"""For administrators: what Stripe was asked and what it said. Money is read here, never written."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from marche.payments.models import (
    Account,
    Comparison,
    Dispute,
    Instruction,
    Movement,
    PaymentAttempt,
    Share,
    StripeEvent,
)


class ReadAdmin(admin.ModelAdmin):
    """Rows that verbs write."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Account)
class AccountAdmin(ReadAdmin):
    list_display = ["producer", "till", "stripe_id", "country", "transfers", "disabled_reason", "checked_at", "left_at"]
    list_filter = ["till", "transfers"]
    list_select_related = ["producer__partner"]
    search_fields = ["stripe_id", "producer__partner__name"]


@admin.register(PaymentAttempt)
class PaymentAttemptAdmin(ReadAdmin):
    list_display = ["order", "till", "state", "amount_cents", "captured_cents", "fee_cents", "made_at", "problem"]
    list_filter = ["till", "state"]
    list_select_related = ["order"]
    search_fields = ["order__number", "session_id", "intent_id", "charge_id"]
    date_hierarchy = "made_at"


@admin.register(Share)
class ShareAdmin(ReadAdmin):
    list_display = [
        "attempt",
        "producer",
        "authorised_cents",
        "due_cents",
        "captured_cents",
        "fee_cents",
        "released_at",
    ]
    list_select_related = ["attempt", "producer__partner"]
    search_fields = ["attempt__order__number", "producer__partner__name"]


@admin.register(Instruction)
class InstructionAdmin(ReadAdmin):
    list_display = ["attempt", "kind", "cents", "state", "tries", "due_at", "done_at", "stripe_id", "error"]
    list_filter = ["state", "kind"]
    list_select_related = ["attempt"]
    search_fields = ["attempt__order__number", "stripe_id"]
    date_hierarchy = "made_at"


@admin.register(Movement)
class MovementAdmin(ReadAdmin):
    list_display = ["instruction", "share", "cents"]
    list_select_related = ["instruction", "share__attempt", "share__producer__partner"]
    search_fields = ["share__attempt__order__number"]


@admin.register(StripeEvent)
class StripeEventAdmin(ReadAdmin):
    list_display = ["kind", "subject", "order_number", "till", "account", "happened_at", "received_at", "handled_at"]
    list_filter = ["till", "kind"]
    search_fields = ["event_id", "subject", "related", "order_number", "account"]
    date_hierarchy = "happened_at"


@admin.register(Dispute)
class DisputeAdmin(ReadAdmin):
    list_display = ["stripe_id", "attempt", "cents", "reason", "status", "opened_at", "closed_at"]
    list_filter = ["status"]
    list_select_related = ["attempt"]
    search_fields = ["stripe_id", "attempt__order__number"]


@admin.register(Comparison)
class ComparisonAdmin(ReadAdmin):
    list_display = ["till", "made_at"]
    list_filter = ["till"]
    date_hierarchy = "made_at"
