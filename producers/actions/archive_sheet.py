"""A producer puts a product away, or takes it out again."""

from __future__ import annotations

from django.db import transaction

from producers.locks import lock_producer
from producers.models import Producer, ProductSheet
from producers.offers import follow_sheet


def archive_sheet(sheet_id: int, *, producer: Producer, archived: bool) -> ProductSheet:
    """Mark the product as no longer sold, and take it off sale on the coming days; or bring it back, not on sale yet.

    What was ordered stays ordered. Safe to repeat. Raises ProductSheet.DoesNotExist for a sheet of somebody else.
    """
    with transaction.atomic(durable=True):
        lock_producer(producer)
        sheet = ProductSheet.objects.of(producer).with_related().get(pk=sheet_id)
        if sheet.archived != archived:
            sheet.archived = archived
            sheet.save(update_fields=["archived"])
            follow_sheet(sheet)
    return sheet
