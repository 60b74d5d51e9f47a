"""A post office, and letters: a kind of message that only these tests know."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pytest
from pytest_django import Settings

from marche.outbox import registry
from marche.outbox.registry import Attachment, Content
from tests.outbox.post_office import PostOffice


@pytest.fixture
def post_office(settings: Settings) -> Iterator[PostOffice]:
    office = PostOffice()
    office.controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
    yield office
    office.controller.stop()


@pytest.fixture
def content() -> Content:
    """What every letter says. A test may change the context."""
    return Content({"name": "Léa & co"}, [Attachment("list.csv", b"a,b\r\n", "text/csv")])


@pytest.fixture
def letters(settings: Settings, monkeypatch: pytest.MonkeyPatch, content: Content) -> None:
    """Make "letter" a kind of message."""
    templates = deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"].append(Path(__file__).parent / "templates")
    settings.TEMPLATES = templates
    monkeypatch.setitem(registry._builders, "letter", lambda message: content)
