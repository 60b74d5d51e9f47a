"""Events, as the API lists them to who was away."""

from dev.fakestripe.call import Call
from dev.fakestripe.lists import page
from dev.fakestripe.refusals import Json, RefusalError, missing

KEPT = 30 * 24 * 3600  # seconds
MOST_TYPES = 20


def search(call: Call) -> Json:
    """GET /v1/events: of the platform, or of the account that Stripe-Account names."""
    types = call.body.get("types", [])
    if "type" in call.body and types:
        message = "You may only specify one of these parameters: type, types."
        raise RefusalError(message, code="parameters_exclusive", param="type")
    if len(types) > MOST_TYPES:
        raise RefusalError(f"You can only specify up to {MOST_TYPES} types.", param="types")
    wanted = types or [call.body.get("type", "*")]
    rows = [row for row in _kept(call) if any(_matches(row["type"], one) for one in wanted)]
    return page(rows, call, "/v1/events")


def retrieve(call: Call) -> Json:
    for row in _kept(call):
        if row["id"] == call.ids[0]:
            return row
    raise missing("event", call.ids[0])


def _kept(call: Call) -> list[Json]:
    oldest = call.books.clock.now() - KEPT
    rows = call.books.rows["event"].values()
    return [row for row in rows if row.get("account") == call.account and row["created"] >= oldest]


def _matches(kind: str, pattern: str) -> bool:
    """`charge.*` stands for all that begin so."""
    return kind.startswith(pattern[:-1]) if pattern.endswith("*") else kind == pattern
