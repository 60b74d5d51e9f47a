"""Finding products of one market day as people type them: "les pêches", "oeufs", "tomatte", "tom"."""

from __future__ import annotations

import re

from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramWordSimilarity
from django.db.models import F, Func, Q, TextField, Value
from django.db.models.expressions import OrderBy

from marche.common.text import fold
from marche.markets.models import MarketDay
from producers.models import Listing
from producers.querysets import ListingQuerySet

MAX_QUERY = 100  # characters: what is longer is cut
MAX_WORDS = 8
FUZZY_LETTERS = 4  # shorter words are found as typed or not at all: everything resembles three letters
# word_similarity from which two words are taken for one, doubled letters counting once: "tomatte" and "tomates" are
# at 0.9. From half on ("ognons", "champinion") it needs a word with the same first letter, or "peches" finds "seches".
ALIKE, RATHER_ALIKE = 0.6, 0.5
_DOUBLED = r"(.)\1"

# PostgreSQL's French stop list knows neither "les" nor English; "l" and "d" are what is left of l'ail and d'acacia.
_ARTICLES = frozenset(
    {"l", "le", "la", "les", "d", "de", "du", "des", "un", "une", "a", "au", "aux", "et", "en", "the"}
)
_WORD = re.compile(r"[^\W_]+")


def clean_query(text: str) -> str:
    """What was typed, in one line, cut to 100 characters and without control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text[:MAX_QUERY]).split())


def words_of(query: str) -> list[str]:
    """The words worth searching for: folded, without articles. None of them means: the whole day."""
    words = _WORD.findall(fold(query[:MAX_QUERY]))
    return [word for word in words if word not in _ARTICLES][:MAX_WORDS]


def search(day: MarketDay, words: list[str]) -> ListingQuerySet:
    """The listings of the day that hold every word, best first: in their title, variety, kind or producer's name.

    The last word may be the beginning of one, for people search while they type. When nothing is found, each word may
    be misspelt.
    """
    found = _exactly(day, words)
    return found if found.exists() else _nearly(day, words)


def _on_sale(day: MarketDay) -> ListingQuerySet:
    return Listing.objects.filter(day=day, on=True).with_stall_number()


def _in_title(words: list[str]) -> OrderBy:
    return TrigramWordSimilarity(" ".join(words), "sheet__sort_key").desc()


def _exactly(day: MarketDay, words: list[str]) -> ListingQuerySet:
    # Words are letters and digits only, and quoted: none of them can be an operator of to_tsquery.
    quoted = " & ".join(f"'{word}'" for word in words) + ":*"
    query = SearchQuery(quoted, config="french_unaccent", search_type="raw")
    rank = SearchRank(F("sheet__search_vector"), query)
    found = _on_sale(day).filter(sheet__search_vector=query)
    return found.order_by(_in_title(words), rank.desc(), "sheet__sort_key", "pk")


def _nearly(day: MarketDay, words: list[str]) -> ListingQuerySet:
    # Doubled letters are what people miss most often: "carrote", "pome".
    once = (Value(_DOUBLED), Value(r"\1"), Value("g"))
    single = Func("sheet__search_text", *once, function="REGEXP_REPLACE", output_field=TextField())
    found = _on_sale(day).annotate(single=single)
    for number, word in enumerate(words):
        if len(word) < FUZZY_LETTERS:
            found = found.filter(sheet__search_text__contains=word)
            continue
        likeness = f"word_{number}"
        alike = TrigramWordSimilarity(re.sub(_DOUBLED, r"\1", word), "single")
        beginning = Q(sheet__search_text__regex=rf"\m{word[0]}")
        found = found.annotate(**{likeness: alike})
        found = found.filter(Q(**{f"{likeness}__gte": ALIKE}) | Q(**{f"{likeness}__gte": RATHER_ALIKE}) & beginning)
    return found.order_by(_in_title(words), "sheet__sort_key", "pk")
