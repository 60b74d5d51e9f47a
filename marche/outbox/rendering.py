"""A message as a mail: `templates/emails/<kind>/{subject.txt,body.txt,body.html}`, in the recipient's language."""

from __future__ import annotations

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


def render(message: Message) -> EmailMultiAlternatives:
    """The whole mail. Whatever the builder or a template raises comes through."""
    with translation.override(message.language), timezone.override(None):  # a builder may go by a market's clock
        content = registry.build(message)
        folder, context = f"emails/{message.kind}", {"site_url": settings.SITE_URL, **content.context}
        context["subject"] = " ".join(_plain(f"{folder}/subject.txt", context).split())
        mail = EmailMultiAlternatives(
            subject=context["subject"],
            body=_plain(f"{folder}/body.txt", context).strip() + "\n",
            to=[message.recipient],
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


def _plain(template: str, context: dict[str, Any]) -> str:
    """Plain text: nothing is escaped."""
    return get_template(template).template.render(Context(context, autoescape=False))  # type: ignore[attr-defined]


@cache
def _inliner() -> css_inline.CSSInliner:
    """Many mail programs read no stylesheet, so each rule goes into the `style` of what it selects."""
    css = get_template("emails/mail.css").template.source  # type: ignore[attr-defined]
    return css_inline.CSSInliner(extra_css=css, load_remote_stylesheets=False)
