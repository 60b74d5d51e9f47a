"""What the admin classes of all apps share: most is only read; who writes, writes little, beside verbs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest


class ReadOnly:
    """Looked at here, changed by the verbs: neither added, changed nor deleted."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class Written(admin.ModelAdmin):
    """What an administrator writes: only the columns that were changed, one row at a time, and nothing is deleted."""

    actions: Any = None

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """Others write meanwhile: a row that is there keeps what this person did not change."""
        if not change:
            obj.save(force_insert=True)
        elif columns := self.columns(obj, form.changed_data):
            obj.save(update_fields=columns)

    def columns(self, obj: Model, changed: Iterable[str]) -> list[str]:
        """Which of the changed fields are columns of the row, with what follows from them."""
        names = {field.name for field in obj._meta.concrete_fields}
        return [name for name in changed if name in names]
