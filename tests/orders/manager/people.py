"""The manager of Beauvais and the one of the town next door, and how their pages are read."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django.utils.html import strip_tags

from marche.markets.models import Market, MarketDay, Weekday
from marche.outbox.models import Message
from tests import cast


def claire(*markets: Market) -> User:
    """Manages these markets."""
    user = cast.member("claire@example.org", first_name="Claire", last_name="Moreau")
    for market in markets:
        market.managers.add(user)
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def clermont() -> Market:
    """The market next door, on Sundays, which Claire does not manage."""
    return cast.beauvais(name="Marché de Clermont", slug="clermont", weekday=Weekday.SUNDAY)


def text_of(response: Any) -> str:
    """What a page says, without tags, on one line."""
    body = re.sub(r"<head>.*?</head>", "", response.content.decode(), flags=re.S)
    return " ".join(strip_tags(re.sub(r"(?=<)", " ", body)).replace("&#x27;", "'").split())


def url(day: MarketDay, rest: str = "") -> str:
    return f"/gestion/{day.market.slug}/{day.date}/{rest}"


def fail(message: Message, error: str = "L’adresse a été refusée (550 5.1.1).") -> Message:
    """As the relay leaves a message that it gave up."""
    Message.objects.filter(pk=message.pk).update(state=Message.State.FAILED, error=error, attempts=1)
    return message


def sent(message: Message, at: dt.datetime = cast.AFTER_CUTOFF) -> Message:
    Message.objects.filter(pk=message.pk).update(state=Message.State.SENT, sent_at=at)
    return message
