"""For administrators: what was sent, what waits, what failed and why. A message is read here, never written."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from marche.common.administration import ReadOnly
from marche.outbox.actions.retry import retry
from marche.outbox.models import Message


@admin.register(Message)
class MessageAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["kind", "subject_id", "revision", "recipient", "state", "attempts", "due_at", "sent_at", "error"]
    list_filter = ["state", "kind"]
    search_fields = ["recipient"]
    date_hierarchy = "created_at"
    actions = ["send_again"]

    @admin.action(description=_("Send the failed ones again"), permissions=["retry"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        count = sum(retry(pk) for pk in queryset.values_list("pk", flat=True))
        text = ngettext("%(count)d message will be sent again.", "%(count)d messages will be sent again.", count)
        self.message_user(request, text % {"count": count}, messages.SUCCESS)

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("outbox.change_message")
