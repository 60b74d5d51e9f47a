"""Forget what visitors typed and never ordered, and the second copy of what they did order."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from marche.shop.oscar import Basket
from orders.locks import lock_drafts
from orders.models import DayBasket

DRAFT_LIFE = timedelta(days=14)
BATCH = 500  # baskets a transaction: deleting them cascades to their lines


def forget_drafts() -> int:
    """Delete baskets untouched for 14 days that became no pickup; clear the contacts of those that did.

    An order keeps its contact on its pickup. Returns how many baskets were deleted.
    """
    before = timezone.now() - DRAFT_LIFE
    old = DayBasket.objects.filter(touched_at__lt=before)
    old.filter(pickup__isnull=False).update(name="", email="", phone="", note="")
    deleted = 0
    while ids := list(old.filter(pickup=None).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic(durable=True):
            doomed = [draft.pk for draft in lock_drafts(old.filter(pk__in=ids, pickup=None))]
            Basket.objects.filter(pk__in=doomed).delete()
        if not doomed:
            break
        deleted += len(doomed)
    return deleted
