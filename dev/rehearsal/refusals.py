"""What the site says when it refuses. A refusal without one of these sentences is a difference.

They stand here once more, on purpose: a sentence that gets lost, or loses its names and numbers, is noticed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marche.common.language import in_town_language

_PLACEHOLDER = re.compile(r"%\\?\((\w+)\\?\)s")


@cache
def sentences() -> dict[str, list[re.Pattern[str]]]:
    """By the name of the refusal, in the language of the site; what is said of a field stands behind its label."""
    reserved = (
        "%(count)s is reserved already: the quantity can’t go below.",
        "%(count)s are reserved already: the quantity can’t go below.",
    )
    with in_town_language():
        known = {
            "sold out": [_("%(product)s: sold out.")],
            "too few left": [_("%(product)s: only %(left)s left, you wanted %(wanted)s.")],
            "no longer offered": [_("%(product)s: no longer offered.")],
            "slot full": [
                _("This slot is full: choose another one. Nothing else is lost."),
                _("This slot is full: choose another one."),
            ],
            "day full": [_("This market day has all the orders that it can take.")],
            "orders closed": [_("Orders for this market day are closed.")],
            "price changed": [
                _("%(product)s: the price was %(before)s, it is now %(now)s."),
                _("%(product)s: it was %(before)s, it is now %(now)s."),
            ],
            "no quantity": [_("Write a whole number, from 1 to 99."), _("A basket holds at most 99 of one product.")],
            "contact mistyped": [
                _("This telephone number is not right: 03 53 01 02 03, for instance."),
                _("This e-mail address is not complete: odette@example.org, for instance."),
                _("Give an e-mail address or a telephone number: either is enough."),
                _("Write your name, as you will say it at the stall."),
                _("The note is too long: 300 characters at most."),
                _("To be called, give a telephone number."),
            ],
            "card amount changed": [
                _("What can be paid by card was %(before)s, it is now %(now)s: look at it before you confirm."),
                _("This order can’t be paid by card: choose to pay at the stalls."),
            ],
            "too late to cancel": [_("It is too late to cancel this order.")],
            "price mistyped": [_("Write the price in euros, like 1,50."), _("Write the amount in euros, like 12.50.")],
            "below reserved": [ngettext(*reserved, number) for number in (1, 2)],
            **_on_the_market_day(),
        }
    return {name: [_pattern(sentence) for sentence in said] for name, said in known.items()}


def _on_the_market_day() -> dict[str, list[str]]:
    return {
        "collected already": [
            _("A stall has noted what it handed over or was paid: this order can’t be cancelled any more.")
        ],
        "paid too much": [_("At most %(amount)s: what is bought besides at the stall is not noted here.")],
        "nothing ticked": [_("Tick what is handed over. If nobody came, there is nothing to note.")],
        "to weigh": [_("Weigh %(product)s, or take it off."), _("Weigh it, or take it off.")],
        "too heavy": [_("%(weight)s is too much for %(product)s.")],
        "not as announced": [
            ngettext(*sentences_of_weight, number)
            for sentences_of_weight in (
                (
                    "%(weight)s is less than was announced, %(least)s at least. Is it right?",
                    "%(weight)s for %(count)d pieces is less than was announced, %(least)s at least. "
                    "Are they all on the scale?",
                ),
                (
                    "%(weight)s is more than was announced, %(most)s at most. Is it right?",
                    "%(weight)s for %(count)d pieces is more than was announced, %(most)s at most. Is it right?",
                ),
            )
            for number in (1, 2)
        ],
        "nothing for this stall": [_("No order of your stall for “%(query)s”")],
    }


def refusals_in(said: Iterable[str]) -> list[str]:
    """The names of the refusals among these sentences, each once."""
    texts = list(said)
    return [
        name
        for name, patterns in sentences().items()
        if any(pattern.search(sentence) for pattern in patterns for sentence in texts)
    ]


def _pattern(sentence: str) -> re.Pattern[str]:
    plain = " ".join(sentence.split())
    return re.compile(_PLACEHOLDER.sub(".+", re.escape(plain)).replace(r"\ ", r"\s") + "$")
