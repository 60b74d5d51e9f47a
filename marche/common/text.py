"""Plain text in one place: folding for sorting and searching, and codes that people read to each other."""

import secrets
import unicodedata

from anyascii import anyascii
from django.utils.text import slugify

# No vowels, so that no word is spelt; no 0 1 I O, which are read for one another.
_CODE_ALPHABET = "23456789BCDFGHJKLMNPQRSTVWXZ"
_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "’": "'"})


def fold(text: str) -> str:
    """Return `text` without accents, ligatures or case: "Bœuf à l'Épine" gives "boeuf a l'epine".

    The database has no ICU collation (see docs/architecture.md), so French alphabetical order is kept in a column
    made with this function.
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold().strip()


def to_ascii(text: str) -> str:
    """Return `text` in ASCII letters: "Cœur d’Épine" gives "Coeur d'Epine", "李明" gives "LiMing"."""
    return str(anyascii(text))


def file_slug(text: str) -> str:
    """Return `text` as a part of a file's name, in its own letters: "Le Cœur du Ru" gives "le-cœur-du-ru"."""
    return slugify(text, allow_unicode=True)


def random_code(length: int) -> str:
    """A code of so many characters that nobody can guess: 4.8 bits each, in capitals and digits that are told apart."""
    return "".join(secrets.choice(_CODE_ALPHABET) for _i in range(length))
