"""A producer says that it has received its summary."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from orders.models import Summary


def acknowledge_summary(token: str) -> Summary:
    """Note when this revision was acknowledged; the first time counts. Raises Summary.DoesNotExist."""
    with transaction.atomic(durable=True):
        Summary.objects.filter(token=token, acknowledged_at=None).update(acknowledged_at=timezone.now())
        return Summary.objects.get(token=token)
