"""A mail as it arrives: its head, its texts, its files, and who gets an answer to it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytest_django import Settings

from marche.outbox import registry
from marche.outbox.actions.relay import relay
from marche.outbox.models import Message
from marche.outbox.registry import Content
from tests import cast
from tests.outbox.letters import LEA, ODETTE, make_due, write
from tests.outbox.post_office import PostOffice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("letters")]


def test_a_mail_has_a_subject_of_one_line_a_text_a_styled_page_and_its_files(post_office: PostOffice) -> None:
    write()
    relay()

    [mail] = post_office.accepted
    assert mail["Subject"] == "To Léa & co, about carrots"
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert text.get_content().splitlines() == ["Dear Léa & co: it is done."]
    assert html is not None
    assert "<h1 style=" in html.get_content()
    assert "Léa &amp; co" in html.get_content()
    [file] = mail.iter_attachments()
    assert file.get_filename() == "list.csv"


@pytest.mark.parametrize(
    "name",
    ["le samedi 28 novembre, au Marché de l’Hôtel de Ville de Beauvais", "é" * 90, "Léa and " + "producers " * 12],
)
def test_a_long_subject_and_sender_begin_on_their_first_line(
    post_office: PostOffice, content: Content, settings: Settings, name: str
) -> None:
    settings.DEFAULT_FROM_EMAIL = "Marché de producteurs de l’Hôtel de Ville de Beauvais <marche@example.org>"
    content.context["name"] = name
    write()
    relay()

    lines = post_office.raw[0].partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert [line for line in lines if line.strip().endswith(b":") or len(line) > 78] == []
    [mail] = post_office.accepted
    assert mail["Subject"].strip() == " ".join(f"To {name}, about carrots".split())
    assert mail["From"].addresses[0].addr_spec == "marche@example.org"


def test_a_mail_says_that_no_person_wrote_it(post_office: PostOffice) -> None:
    write()
    relay()

    assert post_office.accepted[0]["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    ("own", "markets", "answered"),
    [
        ("halles@example.org", ["mairie@example.org"], "halles@example.org"),
        (None, ["mairie@example.org"], "mairie@example.org"),
        (None, [""], None),
        (None, ["mairie@example.org", "port@example.org"], None),
        ("", ["mairie@example.org"], None),
    ],
)
def test_a_mail_is_answered_to_its_market_else_to_the_only_one(
    post_office: PostOffice,
    monkeypatch: pytest.MonkeyPatch,
    content: Content,
    own: str | None,
    markets: list[str],
    answered: str | None,
) -> None:
    for at, address in enumerate(markets):
        cast.beauvais(slug=f"market-{at}", contact_email=address)
    monkeypatch.setitem(registry._builders, "letter", lambda message: replace(content, reply_to=own))
    write()
    relay()

    assert post_office.accepted[0]["Reply-To"] == answered


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_mail_is_in_the_language_of_its_reader(post_office: PostOffice, language: str) -> None:
    write(language=language)
    relay()

    html = post_office.accepted[0].get_body(("html",))
    assert html is not None
    assert f'<html lang="{language}">' in html.get_content()


def test_every_sending_of_a_message_has_the_same_id_on_our_host(post_office: PostOffice) -> None:
    write()
    relay()
    Message.objects.update(state=Message.State.WAITING)
    make_due()
    relay()

    first, second = (str(mail["Message-ID"]) for mail in post_office.accepted)
    assert first == second
    assert first.endswith("@testserver>")


def test_two_messages_have_two_ids(post_office: PostOffice) -> None:
    write(LEA)
    write(ODETTE)
    relay()

    assert len(post_office.copies) == 2
