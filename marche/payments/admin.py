"""For administrators: what Stripe was asked and what it said. Money is read here, never written."""

from __future__ import annotations

from django.contrib import admin

from marche.common.administration import ReadOnly
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


@admin.register(Account)
class AccountAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["producer", "till", "stripe_id", "country", "transfers", "disabled_reason", "checked_at", "left_at"]
    list_filter = ["till", "transfers"]
    list_select_related = ["producer__partner"]
    search_fields = ["stripe_id", "producer__partner__name"]


@admin.register(PaymentAttempt)
class PaymentAttemptAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["order", "till", "state", "amount_cents", "captured_cents", "fee_cents", "made_at", "problem"]
    list_filter = ["till", "state"]
    list_select_related = ["order"]
    search_fields = ["order__number", "session_id", "intent_id", "charge_id"]
    date_hierarchy = "made_at"


@admin.register(Share)
class ShareAdmin(ReadOnly, admin.ModelAdmin):
    list_display = [
        "attempt",
        "producer",
        "authorised_cents",
        "due_cents",
        "captured_cents",
        "fee_cents",
        "earned_at",
    ]
    list_select_related = ["attempt", "producer__partner"]
    search_fields = ["attempt__order__number", "producer__partner__name"]


@admin.register(Instruction)
class InstructionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["attempt", "kind", "cents", "state", "tries", "due_at", "done_at", "stripe_id", "error"]
    list_filter = ["state", "kind"]
    list_select_related = ["attempt"]
    search_fields = ["attempt__order__number", "stripe_id"]
    date_hierarchy = "made_at"


@admin.register(Movement)
class MovementAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["instruction", "share", "cents"]
    list_select_related = ["instruction", "share__attempt", "share__producer__partner"]
    search_fields = ["share__attempt__order__number"]


@admin.register(StripeEvent)
class StripeEventAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["kind", "subject", "order_number", "till", "account", "happened_at", "received_at", "handled_at"]
    list_filter = ["till", "kind"]
    search_fields = ["event_id", "subject", "related", "order_number", "account"]
    date_hierarchy = "happened_at"


@admin.register(Dispute)
class DisputeAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["stripe_id", "attempt", "cents", "reason", "status", "opened_at", "closed_at"]
    list_filter = ["status"]
    list_select_related = ["attempt"]
    search_fields = ["stripe_id", "attempt__order__number"]


@admin.register(Comparison)
class ComparisonAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["till", "made_at"]
    list_filter = ["till"]
    date_hierarchy = "made_at"
