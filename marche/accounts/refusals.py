"""Why somebody is not let in, in whole sentences for the person."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marche.common.refusals import Problem, Refused
from marche.common.wording import hour


class CodeRefused(Refused):
    """The code does not sign in. `over`: no other code typed for this mail will, so a new one must be asked for."""

    def __init__(self, sentence: str, *, over: bool) -> None:
        super().__init__(Problem("over" if over else "wrong", sentence))
        self.over = over


class TooManyCodes(Refused):
    """This address was written to often enough. `until`: the aware time from which a code may be asked for again."""

    def __init__(self, until: dt.datetime) -> None:
        sentence = _("This address got several codes already: ask for another one from %(time)s.")
        super().__init__(Problem("too-many-codes", sentence % {"time": hour(until)}))
        self.until = until


def wrong(tries_left: int) -> CodeRefused:
    if not tries_left:
        return CodeRefused(
            _("That was too many wrong codes: this one is no longer valid. Ask for a new one."), over=True
        )
    sentence = ngettext(
        "This is not the code of our last mail. You may try %(count)d more time.",
        "This is not the code of our last mail. You may try %(count)d more times.",
        tries_left,
    )
    return CodeRefused(sentence % {"count": tries_left}, over=False)


def no_longer_valid() -> CodeRefused:
    return CodeRefused(
        _("This code is no longer valid: it was used, or too much time has passed. Ask for a new one."), over=True
    )
