"""Plain text: folding for sorting and searching, in one place."""

import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "’": "'"})


def fold(text: str) -> str:
    """Return `text` without accents, ligatures or case: "Bœuf à l'Épine" gives "boeuf a l'epine".

    The database has no ICU collation (see docs/architecture.md), so French alphabetical order is kept in a column
    made with this function.
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold().strip()
