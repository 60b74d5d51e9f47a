"""Every text of the catalogues is there in French, in good typography, and in English.

That no text of the sources is missing from them is `make lint`'s to say: collecting needs GNU gettext, which a machine
that only runs the tests need not have.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.utils import translation
from django.utils.translation import gettext

from dev import ROOT, collect_messages
from dev.collect_messages import collect
from dev.processes import ServiceError
from tests.house.tree import SHIPPED, name_of, parsed, python_files

LANGUAGES = ("fr", "en")
NBSP = "\xa0"
SPACE = "[ \u202f]"  # what must not stand where a no-break space belongs; one width for all
TAG = re.compile(r"<[^>]+>")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w+\}|%%")
# What French typography refuses, and what it asks instead.
FAULTS = {
    "a no-break space before : ; ! ? » % €": re.compile(rf"{SPACE}([:;!?»€]|%%|%(?!\())|[\w)](?:[;!?»€])|[a-zà-ÿ)]:"),
    "a no-break space after «": re.compile(rf"«(?!{NBSP})"),
    "a no-break space after n°": re.compile(rf"n°(?!{NBSP})"),
    "a no-break space between a number and its unit": re.compile(rf"\d{SPACE}(g|kg|cl|ml|L|km|mm|h|°C)\b"),
    "the apostrophe ’": re.compile(r"'"),
    "« » for quotes": re.compile(r"[“”\"]"),
    "the character …": re.compile(r"\.\.\."),
    "the ligature œ": re.compile(r"[Oo]e(?=uf|uvre|il\b)"),
}


def read(root: Path, language: str) -> Catalog:
    with (root / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as handle:
        return read_po(handle, locale=language, abort_invalid=True)


def messages(catalog: Catalog) -> dict[tuple[str, str], Message]:
    """All but the header, by what names them: context and text."""
    return {(message.context or "", one(message)): message for message in catalog if message.id}


def one(message: Message) -> str:
    return str(message.id[0] if isinstance(message.id, tuple) else message.id)


def written(message: Message) -> list[str]:
    strings = message.string if isinstance(message.string, list | tuple) else [message.string]
    return [str(text or "") for text in strings]


def pairs(language: str) -> Iterator[tuple[str, str]]:
    """Each text with what is written for it, singular and plural apart."""
    for message in messages(read(ROOT, language)).values():
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        yield from zip(map(str, ids), written(message), strict=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_only_guessed(language):
    catalog = messages(read(ROOT, language))
    assert [name for name, message in catalog.items() if message.fuzzy or not all(written(message))] == []


def test_english_is_the_source_itself():
    """Otherwise Oscar's and Django's own English would answer for the words that they share with us."""
    assert [text for text, english in pairs("en") if text != english] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_and_tags_are_the_same_in_a_translation(language):
    def parts(text: str) -> list[str]:
        return sorted(PLACEHOLDER.findall(text) + TAG.findall(text))

    assert [text for text, other in pairs(language) if parts(text) != parts(other)] == []


@pytest.mark.parametrize("wanted", FAULTS)
def test_french_typography_asks(wanted):
    texts = [TAG.sub("", french) for _text, french in pairs("fr")]
    assert [text for text in texts if FAULTS[wanted].search(text)] == []


def test_the_button_of_the_order_reads_as_the_law_wants():
    """Code de la consommation, article L221-14: the words of the button, exactly."""
    with translation.override("fr"):
        assert gettext("Order with obligation to pay") == "Commande avec obligation de paiement"


@pytest.mark.parametrize(("language", "said"), [("fr", "Votre panier est vide."), ("en", "Your basket is empty.")])
def test_our_words_win_over_those_of_the_framework(language, said):
    with translation.override(language):
        assert gettext("Your basket is empty.") == said


def test_without_gettext_one_clear_sentence_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(collect_messages, "TOOLS", ("xgettext-that-is-nowhere",))
    with pytest.raises(ServiceError, match="need GNU gettext: install it"):
        collect(tmp_path)


def test_retirer_is_to_collect_and_never_to_strike_out():
    """Both would stand on one ticket: what is struck is "supprimé de la commande"."""
    struck = re.compile(r"\btak(e|en|ing)\b.*\boff\b(?! sale)|\bstruck\b|put back|[Ll]eft? .*\bout\b")
    collecting = re.compile(r"\bretir|\bremis dans", re.IGNORECASE)
    allowed = {"The stall has noted this part as collected: take off the lines that are to be given back."}
    found = [key for key, text in pairs("fr") if struck.search(key) and collecting.search(text) and key not in allowed]
    assert found == []


GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "npgettext"}


def test_no_text_hides_in_an_f_string():
    """No extractor sees it there: everybody would read it in English."""
    hidden = [
        (name_of(path), call.lineno)
        for path in python_files(*SHIPPED)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.JoinedStr)
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in GETTEXT
    ]
    assert hidden == []
