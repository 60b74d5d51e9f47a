"""The mail with which a producer learns what to bring."""

from __future__ import annotations

from marche.markets.here import keep_time_of
from marche.outbox import registry
from marche.outbox.models import Message
from marche.outbox.registry import Attachment, Content
from orders.documents.spreadsheet import table_csv
from orders.documents.summary import context_of, file_name, summary_pdf
from orders.documents.summary_table import summary_table
from orders.mail_kinds import Mail, mail_kind
from orders.models import Summary


def register() -> None:
    registry.register(mail_kind(Mail.SUMMARY), summary_mail)


def summary_mail(message: Message) -> Content:
    """Raises Summary.DoesNotExist."""
    summary = Summary.objects.select_related("day__market").get(pk=message.subject_id)
    keep_time_of(summary.day.market)
    return Content(
        context_of(summary),
        [
            Attachment(file_name(summary, "pdf"), summary_pdf(summary), "application/pdf"),
            Attachment(file_name(summary, "csv"), table_csv(summary_table(summary)), "text/csv"),
        ],
        reply_to=summary.day.market.contact_email,
    )
