"""What a resident's ticket says of each stall, as it is read on its page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext as _

from dev.rehearsal.manager import cents
from dev.rehearsal.pages import text
from marche.common.language import in_town_language

_STALLS = re.compile(r'<ol class="ticket__stalls">(.*?)</ol>', re.DOTALL)
_STALL = re.compile(r'<li(?: class="(is-done)"| class="is-empty")?><span class="stallno">')
_NUMBER = re.compile(r"</span>(\d+)</span>")
_NAME = re.compile(r"<h3>(.*?)</h3>", re.DOTALL)
_GOODS = re.compile(r"<ul>(.*?)</ul>", re.DOTALL)
_SENTENCE = re.compile(r"<li>(.*?)</li>", re.DOTALL)
_TOTAL = re.compile(r'<p class="total">(.*?)</p>', re.DOTALL)
_TITLE = re.compile(r"(.*?) ?: [^:]*")  # "Carottes : 1,5 kg"


@dataclass(frozen=True)
class StallOnTicket:
    """`cents`: what was paid if anything was, what is to be paid otherwise. `titles`: of the products not taken off."""

    stall: int
    producer: str
    titles: list[str]
    cents: int
    collected: bool
    done: bool


def read_ticket(html: str) -> list[StallOnTicket]:
    """The stalls of a ticket in walking order; none on a cancelled one."""
    block = _STALLS.search(html)
    pieces = _STALL.split(block[1])[1:] if block else []
    return [_stall(piece, done=bool(done)) for done, piece in zip(pieces[::2], pieces[1::2], strict=True)]


@cache
def taken_off() -> re.Pattern[str]:
    """What a ticket says of a line that was taken off before the market, in the language of the site."""
    with in_town_language():
        sentence = _("%(title)s: %(words)s, taken off") % {"title": "TITLE", "words": "WORDS"}
    plain = re.escape(" ".join(sentence.split())).replace("TITLE", ".+").replace("WORDS", ".+")
    return re.compile(plain)


def _stall(html: str, *, done: bool) -> StallOnTicket:
    number, name, goods, total = (pattern.search(html) for pattern in (_NUMBER, _NAME, _GOODS, _TOTAL))
    sentences = [text(sentence) for sentence in _SENTENCE.findall(goods[1])] if goods else []
    there = [sentence for sentence in sentences if not taken_off().fullmatch(sentence)]
    titles = [found[1] if (found := _TITLE.fullmatch(sentence)) else sentence for sentence in there]
    return StallOnTicket(
        stall=int(number[1]) if number else 0,
        producer=text(name[1]) if name else "",
        titles=titles,
        cents=cents(text(total[1])) if total else 0,
        collected="ticket__done" in html,
        done=done,
    )
