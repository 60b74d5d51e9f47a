"""A number that was refused is not lost: it travels with the message that refuses it, and comes back into its field."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.utils.translation import gettext as _

from orders.refusals import LineRefused


@dataclass(frozen=True)
class Asked:
    """Units of a listing: what was `asked` and refused, what the basket holds (`held`), and what can be had instead."""

    listing_id: int
    asked: int
    held: int
    offer: int

    @property
    def words(self) -> str:
        return take_words(self.offer)


_TAG = re.compile(r"asked-(\d+)-(\d+)-(\d+)-(\d+)")


def refuse_line(request: HttpRequest, refusal: LineRefused, listing_id: int, asked: int) -> None:
    """Say it on the next page; when less can be had, with the number asked and a button that takes what there is."""
    offer = refusal.offer
    tag = f"asked-{listing_id}-{asked}-{refusal.held}-{offer}" if offer else ""
    messages.error(request, refusal.problems[0].sentence, extra_tags=tag)


def take_words(offer: int) -> str:
    return _("Take %(count)s") % {"count": offer}


def asked_of(message: Message) -> Asked | None:
    """The number that this message refuses, if it does."""
    found = _TAG.fullmatch(message.extra_tags or "")
    return Asked(*map(int, found.groups())) if found else None


def asked_in(request: HttpRequest) -> dict[int, int]:
    """The numbers that the messages of this page refuse, by the listing's primary key."""
    told = messages.get_messages(request)
    found = (asked_of(message) for message in told) if told else ()  # to read none would set a cookie
    return {one.listing_id: one.asked for one in found if one}
