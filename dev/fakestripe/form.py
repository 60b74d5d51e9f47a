"""The bodies and queries of Stripe's API: forms whose names are written with brackets."""

import re
from typing import Any
from urllib.parse import parse_qsl

from dev.fakestripe.refusals import Json, RefusalError

_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")


def decode(text: str) -> Json:
    """`a[b][0][c]=1` as {"a": {"b": {"0": {"c": "1"}}}}: every leaf a string, lists still keyed by their index.

    Only the contract knows which of them are lists, see `reader.read`. Raises RefusalError (400).
    """
    found: Json = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        match = _NAME.fullmatch(name)
        if not match:
            raise RefusalError(f"Invalid request: cannot read the parameter {name}", param=name)
        _put(found, [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])], value, name)
    return found


def _put(target: Json, path: list[str], value: str, name: str) -> None:
    for part in path[:-1]:
        target = target.setdefault(_key(target, part), {})
        if not isinstance(target, dict):
            raise RefusalError(f"Invalid request: {name} is given as a value and as an object", param=name)
    key = _key(target, path[-1])
    if isinstance(target.get(key), dict):
        raise RefusalError(f"Invalid request: {name} is given as a value and as an object", param=name)
    target[key] = value


def _key(target: Json, part: str) -> str:
    """`expand[]=…` appends."""
    return part or str(len(target))


def flat(value: Any, path: str = "") -> list[str]:
    """The dotted names of all leaves, without the indices of lists: "line_items.price_data.currency"."""
    if isinstance(value, dict):
        return [name for key, inner in value.items() for name in flat(inner, f"{path}.{key}" if path else key)]
    if isinstance(value, list):
        return [name for inner in value for name in flat(inner, path)]
    return [path]
