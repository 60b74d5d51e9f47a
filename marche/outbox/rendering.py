"""A message as a mail: `templates/emails/<kind>/{subject.txt,body.txt,body.html}`, in the recipient's language."""

from __future__ import annotations

from email.header import Header
from email.utils import parseaddr
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone, translation

from marche.outbox import registry
from marche.outbox.models import Message


class RenderedMail(EmailMultiAlternatives):
    """A mail whose long subject and sender begin on the line of their header’s name: Django folds them as if nothing
    stood before them there, and some mail programs then show an empty line.
    """

    def message(self, **options: Any) -> Any:
        made = super().message(**options)
        name, address = parseaddr(self.from_email)
        if not str(self.subject).isascii():
            made.replace_header("Subject", _folded("Subject", str(self.subject)))
        if not name.isascii():
            made.replace_header("From", f"{_folded('From', name)} <{address}>")
        return made


def render(message: Message) -> EmailMultiAlternatives:
    """The whole mail. Whatever the builder or a template raises comes through."""
    with translation.override(message.language), timezone.override(None):  # a builder may go by a market's clock
        content = registry.build(message)
        folder, context = f"emails/{message.kind}", {"site_url": settings.SITE_URL, **content.context}
        context["subject"] = " ".join(_plain(f"{folder}/subject.txt", context).split())
        mail = RenderedMail(
            subject=context["subject"],
            body=_plain(f"{folder}/body.txt", context).strip() + "\n",
            to=[message.recipient],
            reply_to=[content.reply_to] if content.reply_to else None,
            headers={"Message-ID": message_id(message), "Auto-Submitted": "auto-generated"},
        )
        html = get_template(f"{folder}/body.html").render(context)
    mail.attach_alternative(_inliner().inline(html), "text/html")
    for file in content.attachments:
        mail.attach(file.name, file.content, file.media_type)
    return mail


def message_id(message: Message) -> str:
    """The same for every sending of this row, and for no other row: by it a duplicate is recognised.

    The second in which the row was written tells it from a row of the same number in a database that was reset.
    """
    host = urlsplit(settings.SITE_URL).hostname
    return f"<message.{message.pk}.{int(message.created_at.timestamp())}@{host}>"


def _folded(header: str, text: str) -> str:
    """In encoded words (RFC 2047), the first of which leaves room for the header’s name."""
    return Header(text, "utf-8", header_name=header).encode()


def _plain(template: str, context: dict[str, Any]) -> str:
    """Plain text: nothing is escaped."""
    text: str = get_template(template).template.render(Context(context, autoescape=False))  # type: ignore[attr-defined]
    return text


@cache
def _inliner() -> css_inline.CSSInliner:
    """Many mail programs read no stylesheet, so each rule goes into the `style` of what it selects."""
    css = get_template("emails/mail.css").template.source  # type: ignore[attr-defined]
    return css_inline.CSSInliner(extra_css=css, load_remote_stylesheets=False)
