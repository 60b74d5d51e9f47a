"""`expand[]`: ids in an answer replaced by the objects they name."""

from typing import Any

from dev.fakestripe.books import PREFIXES, Books
from dev.fakestripe.refusals import Json, RefusalError

DEEPEST = 4  # docs.stripe.com/expand
_KINDS = {f"{prefix}_": kind for kind, prefix in PREFIXES.items()}
_EXPANDABLE = {
    "payment_intent", "latest_charge", "charge", "balance_transaction", "destination", "source_transaction", "transfer",
    "source", "payment_method", "customer", "refunds",
}  # fmt: skip


def expanded(books: Books, row: Json, paths: list[str]) -> Json:
    """A copy of the row with these paths opened. Raises RefusalError (400) for one that leads nowhere."""
    answer = dict(row)
    for path in paths:
        if path.count(".") >= DEEPEST:
            raise RefusalError(f"You cannot expand more than {DEEPEST} levels of a property. ({path})", param="expand")
        _open(books, answer, path.split("."), path)
    return answer


def _open(books: Books, row: Json, parts: list[str], path: str) -> None:
    name, rest = parts[0], parts[1:]
    if row.get("object") == "list" and name == "data":
        row["data"] = [dict(one) for one in row["data"]]
        for one in row["data"]:
            _open(books, one, rest, path)
        return
    if name not in row or name not in _EXPANDABLE:
        raise RefusalError(f"This property cannot be expanded ({path}).", param="expand")
    row[name] = _named(books, row[name])
    if rest and isinstance(row[name], dict):
        _open(books, row[name], rest, path)


def _named(books: Books, value: Any) -> Any:
    """The row that an id names, copied; anything else as it is."""
    if isinstance(value, str):
        kind = next((kind for prefix, kind in _KINDS.items() if value.startswith(prefix)), "")
        found = books.rows.get(kind, {}).get(value)
        return dict(found) if found else value
    return dict(value) if isinstance(value, dict) else value
