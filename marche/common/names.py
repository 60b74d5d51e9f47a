"""Names of people: cleaned once when they are typed and once more when they are read, and what to call somebody.

A name opens a mail that the market sends, so it may not be used to say something else: no line of its own, no sign that
turns the text round it, nothing that a mail program makes a link of.
"""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext as _

LONGEST = 80  # characters
MOST_MARKS = 3  # accents on one letter: more are heaps that cover the lines around
MOST_DIGITS = 4  # "Famille 3" is a name, a number to telephone is none

_BLANK_LETTERS = {"\u115f", "\u1160", "\u17b4", "\u17b5", "\u2800", "\u3164", "\uffa0"}  # fillers, which show nothing
_JOINERS = {"\u200c", "\u200d"}  # between the letters of some scripts, and the parts of an emoji, they are spelling
_ENDS = (
    "com|net|org|info|biz|app|dev|io|ai|me|co|ly|tv|cc|to|gg|gl|xyz|top|site|online|shop|store|club|link|click|live|icu|vip"
    "|win|bid|work|page|web|blog|fr|eu|be|ch|lu|de|es|it|pt|nl|uk|ie|pl|ru|ua|cn|us|ca|re|yt|gp|mq|gf|pm|nc|pf|tk|ml|ga|cf|gq"
)
_ADDRESS = re.compile(
    rf"[a-z][a-z0-9+.-]*://\S+|\bwww\d?\.\S+|\b(?:mailto|javascript|tel):\S+|\S+@\S+"
    rf"|\b(?!(?:m|mme|mlle|dr|me|pr|st|ste|mr)\.)[\w-]+(?:\.[\w-]+)*\.(?:{_ENDS}|xn--[\w-]+)(?=$|[\s/:?#,;.!)\]>\"'»])(?:[/:?#]\S*)?",
    re.IGNORECASE,
)
_DOT_FOR_A_PERSON = str.maketrans("。．｡․", "....")  # signs that a browser takes for the dot of an address

_TITLES = {
    "m", "mm", "mr", "mrs", "ms", "miss", "sir", "mme", "mmes", "mlle", "mlles", "madame", "mesdames",
    "mademoiselle", "mesdemoiselles", "monsieur", "messieurs", "dr", "drs", "docteur", "doctor",
    "pr", "prof", "professeur", "me", "mes", "maître", "maitre", "veuve", "vve",
}  # fmt: skip
_TITLE = re.compile(r"^(\w+)(?:\.\s*|\s+)(?=\S)")
_AND = re.compile(r"^(?:et|ou|and|&|\+)\s+", re.IGNORECASE)
_PARTICLES = {
    "de", "du", "des", "d'", "d’", "da", "di", "dos", "del", "della", "von", "van", "der", "den", "ter", "zu",
    "el", "abd",
}  # fmt: skip
_ARTICLES = {"la", "le", "les", "l'", "l’"}  # part of a name only after a particle: "Le Thi Mai" begins with Le
_INITIALS = re.compile(r"(?:\w\.?-?)(?:\w\.-?)*")


def clean_line(text: str) -> str:
    """On one line, without what can't be seen: controls, signs that turn the text, blank letters, double spaces."""
    text = unicodedata.normalize("NFC", text)
    shown = "".join(_shown(text, at, c) for at, c in enumerate(text))
    return " ".join(_with_few_marks(shown).split())


def has_address(name: str) -> bool:
    """Whether a mail program would make a link of some of it, or it holds a number to telephone."""
    text = unicodedata.normalize("NFKC", name.translate(_DOT_FOR_A_PERSON))
    return bool(_ADDRESS.search(text)) or sum(c.isdecimal() for c in text) > MOST_DIGITS


def is_nobody(name: str) -> bool:
    """Whether it holds no letter: nobody can be called so."""
    return not any(unicodedata.category(c)[0] == "L" for c in name)


def shown_name(kept: str) -> str:
    """A name as it may be printed, whatever was kept in the times before it was cleaned. "" stays ""."""
    if kept.isascii() and kept.replace(" ", "").replace("-", "").replace("'", "").isalpha() and len(kept) <= LONGEST:
        return " ".join(kept.split())
    name = clean_line(kept)
    if has_address(name):
        name = clean_line(_defused(name))
    if kept and is_nobody(name):
        return _("(no name)")
    return name[:LONGEST].strip()


def first_name(name: str) -> str:
    """What to call somebody aloud, and no more: "Jeanne" of "Mme Jeanne d’Arc", "d’Arc" of "Mme d’Arc"."""
    rest = name = shown_name(name)
    while (found := _TITLE.match(rest)) and found[1].casefold() in _TITLES:
        rest = _without_and(rest[found.end() :])
    words = [word.strip(',;()"«»“”') for word in rest.split()]
    words = [word for word in words if word] or name.split() or [""]
    return " ".join(words[: _how_many(words)])


def _shown(text: str, at: int, c: str) -> str:
    kind = unicodedata.category(c)
    if c in _JOINERS:
        return c if _joins(text[at - 1 : at]) and _joins(text[at + 1 : at + 2]) else ""
    if kind in ("Cf", "Co", "Cs", "Cn"):
        return ""
    return " " if kind[0] in "ZC" or c in _BLANK_LETTERS else c


def _joins(neighbour: str) -> bool:
    """A letter or mark of a script in which joining is spelling, or a part of an emoji."""
    return neighbour > "\u0590" and unicodedata.category(neighbour) in ("Lo", "Mn", "Mc", "So", "Sk")


def _with_few_marks(text: str) -> str:
    kept, marks = [], 0
    for c in text:
        marks = marks + 1 if unicodedata.combining(c) else 0
        if marks <= MOST_MARKS:
            kept.append(c)
    return "".join(kept)


def _defused(name: str) -> str:
    """The same words, of which nobody makes a link: "evil.example" becomes "evil example"."""
    text = unicodedata.normalize("NFKC", name.translate(_DOT_FOR_A_PERSON))
    text = _ADDRESS.sub(lambda found: re.sub(r"[^\w\s-]+", " ", found[0]), text)
    return re.sub(r"\d", "", text) if sum(c.isdecimal() for c in text) > MOST_DIGITS else text


def _without_and(rest: str) -> str:
    """ "M. et Mme Caron": the word between two titles goes with them."""
    after = _AND.sub("", rest)
    found = _TITLE.match(after)
    return after if found and found[1].casefold() in _TITLES else rest


def _how_many(words: list[str]) -> int:
    """How many of the words make what one calls: one, or more after an initial or a particle."""
    count, last = 1, len(words)
    if _INITIALS.fullmatch(words[0]) and words[0].endswith("."):
        return min(2, last)
    while count < last and words[count - 1].casefold() in _PARTICLES | (_ARTICLES if count > 1 else set()):
        count += 1
    return count
