"""Lists: newest first, with cursors, as docs.stripe.com/api/pagination describes them."""

from dev.fakestripe.call import Call
from dev.fakestripe.refusals import Json, RefusalError, missing


def page(rows: list[Json], call: Call, url: str) -> Json:
    """The page of these rows, given oldest first, that the request asks for. Raises RefusalError (400)."""
    limit = call.body.get("limit", 10)
    if not 1 <= limit <= 100:
        raise RefusalError("Invalid limit: must be between 1 and 100", code="parameter_invalid_integer", param="limit")
    found = [row for row in reversed(rows) if _created_then(row, call.body.get("created"))]
    names = [row["id"] for row in found]
    if after := call.body.get("starting_after"):
        found = found[_position(names, after, "starting_after") + 1 :]
    elif before := call.body.get("ending_before"):
        found = found[: _position(names, before, "ending_before")]
        return _list(found[-limit:], len(found) > limit, url)
    return _list(found[:limit], len(found) > limit, url)


def _list(rows: list[Json], has_more: bool, url: str) -> Json:
    return {"object": "list", "data": rows, "has_more": has_more, "url": url}


def _position(names: list[str], name: str, param: str) -> int:
    if name not in names:
        raise missing("object", name, param, 400)
    return names.index(name)


def _created_then(row: Json, wanted: Json | int | None) -> bool:
    created: int = row["created"]
    if wanted is None or isinstance(wanted, int):
        return wanted is None or created == wanted
    return bool(
        wanted.get("gt", created - 1) < created < wanted.get("lt", created + 1)
        and wanted.get("gte", created) <= created <= wanted.get("lte", created)
    )  # fmt: skip
