"""Without what may be empty every page, mail and document is whole: no "None", and no sign that joins nothing."""

from __future__ import annotations

import datetime as dt
import html
import io
import re
import zipfile
from collections.abc import Iterator

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from marche.accounts.models import SignInCode
from marche.markets.models import Stall
from marche.outbox import registry, rendering
from marche.outbox.models import Message
from marche.payments.models import Account, Comparison
from orders.actions.close_day import close_day
from orders.models import DayChange, OrderChange, Summary
from orders.models.day_changes import known_of
from tests import cast
from tests.addresses import ROLES, TABLE, Town
from tests.payments import rows
from tests.stripe import TILL

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

BLOCKS = re.compile(
    r"</?(?:p|div|li|ul|ol|dl|dt|dd|h\d|t[dhr]|section|article|legend|summary|option|button|label)\b[^>]*>"
)
FAULTS = re.compile(r"\bNone\b|[,·–] *[,·](?! *[,·])|(?<=\S) ,|\( *\)|« *»|“ *”|^ *[,·;]|[,·] *$", re.MULTILINE)


GREETING = re.compile(r"^(?:Bonjour|Good day)\b.*,$", re.MULTILINE)  # the only line that ends with a comma


def faults(text: str) -> list[str]:
    text = GREETING.sub("", text)
    return [text[max(found.start() - 40, 0) : found.end() + 40] for found in FAULTS.finditer(text)]


def lines_of(page: str) -> str:
    """The text of a page, a line for each block, as somebody reads it."""
    page = re.sub(r"(?s)<(script|style|svg|title)\b.*?</\1>", "", page)
    page = re.sub(r"<br>", " ", page)
    texts = [re.sub(r"<[^>]+>", "", block) for block in BLOCKS.split(re.sub(r"\s+", " ", page))]
    return "\n".join(html.unescape(text).strip(" \xa0") for text in texts if text.strip())


def _text(content: object) -> str:
    return content.decode() if isinstance(content, bytes) else str(content)


def text_of_pdf(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


@pytest.fixture
def town(db: None) -> Town:
    """Whatever may be empty is: no stall, street, telephone, contact, line about a farm, means, note or net weight."""
    market = cast.beauvais(till=TILL, desk_phone="", contact_email="", street="")
    day = cast.saturday(market)
    nothing = {"street": "", "phone": "", "tagline": "", "description": ""}
    means = {"takes_cash": False, "takes_cheque": False, "takes_card": False}
    farm = cast.ferme_du_ru(market, **nothing, **means)
    listing = cast.listing(cast.carrots(farm), day)
    people = {
        "resident": cast.member("lea@example.org"),
        "producer": farm.partner.users.get(),
        "manager": cast.member("claire@example.org"),
        "administrator": cast.member("admin@example.org", is_staff=True, is_superuser=True),
    }
    market.managers.add(people["manager"])
    earlier = cast.saturday(market, day.date - dt.timedelta(weeks=1))
    old = cast.listing(listing.sheet, earlier)
    with time_machine.travel(earlier.opens_at, tick=False):
        cast.placed_order({old: 1}, email="", phone="+33353010102")
    close_day(earlier.pk)
    pickup = cast.placed_order({listing: 2})
    Account.objects.create(producer=farm, till=TILL, key="key")
    Stall.objects.all().delete()
    return Town(day, listing, pickup, cast.basket_of({listing: 1}), Summary.objects.get(), people)


def bodies(town: Town, name: str, address: str, who: str) -> Iterator[tuple[str, str]]:
    """(role, text) of what each role reads at an address that it opens."""
    for role, mark in zip(ROLES, who, strict=True):
        if mark != "o" or role.startswith("other"):
            continue
        response = town.client(role).get(address)
        kind = response.headers.get("Content-Type", "")
        if response.status_code != 200 or "json" in kind:
            continue
        if "pdf" in kind:
            yield role, text_of_pdf(response.content)
        elif "spreadsheet" in kind:
            workbook = zipfile.ZipFile(io.BytesIO(response.content))
            names = [name for name in workbook.namelist() if name.startswith("xl/") and name.endswith(".xml")]
            yield role, "\n".join(re.sub(r"<[^>]+>", "\n", workbook.read(name).decode()) for name in names)
        else:
            text = response.content.decode("utf-8-sig")
            yield role, lines_of(text) if "html" in kind else text.replace(",", ";")


LOOKED_AT = [row for row in TABLE if row[0] == "get" and not row[1].startswith(("mfa_", "account_"))]


def test_every_page_and_file_is_whole_without_what_may_be_empty(town):
    found = {
        (name, role): wrong
        for _method, name, args, who in LOOKED_AT
        for role, text in bodies(town, name, reverse(name, args=args(town)), who)
        if (wrong := faults(text) if "csv" not in name else re.findall(r"\bNone\b", text))
    }

    assert found == {}


def told(town: Town) -> dict[str, tuple[int, int]]:
    """For each kind of mail what it is about: (subject, revision)."""
    by_card = cast.placed_order({town.listing: 1})
    attempt = rows.captured(by_card)
    refund = rows.moved({attempt.shares.get(): -10}, "refund")
    for part in (None, town.pickup.parts.get()):
        OrderChange.objects.create(
            pickup=town.pickup, part=part, kind="cancelled", at=timezone.now(), actor="resident", reason="Grêle"
        )
    changed = OrderChange.objects.create(
        pickup=town.pickup, part=town.pickup.parts.get(), kind="struck", at=timezone.now(), actor="producer", reason="-"
    )
    moved = DayChange.objects.create(
        day=town.day, at=timezone.now(), reason="Travaux", before=known_of(town.day), after=known_of(town.day)
    )
    code = SignInCode.objects.create(email="lea@example.org", code="123456", expires_at=timezone.now())
    known = {
        "order-confirmation": (town.pickup.pk, 1),
        "order-cancelled": (town.pickup.pk, 1),
        "part-cancelled": (town.pickup.pk, town.pickup.parts.get().pk),
        "day-cancelled": (town.day.pk, 1),
        "day-changed": (town.pickup.pk, moved.pk),
        "day-changed-producer": (town.day.pk, moved.pk),
        "part-changed": (town.pickup.pk, changed.pk),
        "summary": (town.summary.pk, 1),
        "order-refunded": (by_card.pk, refund.pk),
        "dispute": (rows.contested(attempt).pk, 1),
        "payments-alert": (Comparison.objects.create(till=TILL, made_at=timezone.now()).pk, 1),
        "sign-in-code": (code.pk, 1),
    }
    return {kind: known.get(kind, (by_card.pk, 1)) for kind in registry._builders}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_mail_is_whole_without_what_may_be_empty(town, language):
    about = told(town)
    wrong: dict[str, object] = {}
    for kind, (subject, revision) in about.items():
        message = Message(
            pk=1, kind=kind, subject_id=subject, revision=revision, recipient="lea@example.org", language=language,
            created_at=timezone.now(),
        )  # fmt: skip
        mail = rendering.render(message)
        page = str(mail.alternatives[0][0])
        files = [text_of_pdf(content) for name, content, _type in mail.attachments if name.endswith("pdf")]
        calendars = [_text(content) for name, content, _type in mail.attachments if name.endswith("ics")]
        read = [str(mail.subject), str(mail.body), lines_of(page), *files]
        found = [fault for text in read for fault in faults(text)]
        found += [text for text in (page, *calendars) if re.search(r"\bNone\b", text)]
        found += re.findall(r".*\S {2,}\S.*", str(mail.body))
        wrong |= {f"{kind} {place}": fault for place, fault in enumerate(found)}

    assert wrong == {}
