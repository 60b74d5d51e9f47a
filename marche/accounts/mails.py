"""What the messages about signing in say."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from marche.accounts.actions.send_code import KIND
from marche.accounts.models import CODE_LIFE, SignInCode
from marche.outbox import registry
from marche.outbox.models import Message
from marche.outbox.registry import Content, MailKind, Receiver


def register() -> None:
    """Called once, when the app is ready."""
    registry.register(MailKind(KIND, Receiver.RESIDENT), sign_in_code)


def sign_in_code(message: Message) -> Content:
    """The code and until when; of a code that signs nobody in any more, only that it came too late."""
    code = SignInCode.objects.get(pk=message.subject_id)
    context = {
        "brand": settings.SITE_NAME,
        "code": code.code if code.is_live() else "",
        "until": code.expires_at,
        "minutes": CODE_LIFE.seconds // 60,
        "sign_in_url": f"{settings.SITE_URL}{reverse('resident-sign-in')}",
    }
    return Content(context)
