"""Questions asked of many messages at once."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from marche.outbox.models import Message  # noqa: F401  (named below)


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, now: dt.datetime | None = None) -> Self:
        """Messages to send at the aware time `now` (default: now), the longest waiting first."""
        return self.filter(state="waiting", due_at__lte=now or timezone.now()).order_by("due_at", "pk")

    def about(self, kind: str, subject_ids: list[int]) -> Self:
        return self.filter(kind=kind, subject_id__in=subject_ids)
