"""Reads a decoded form by its contract: typed values, or Stripe's refusal naming the parameter."""

import re
from typing import Any

from dev.fakestripe.refusals import Json, RefusalError


def read(schema: Json, value: Any, path: str = "") -> Any:
    """The value as the schema types it: integers, booleans, lists. Raises RefusalError (400)."""
    if "anyOf" in schema:
        return _first_that_fits(schema["anyOf"], value, path)
    if "enum" in schema:
        return _enum(schema["enum"], value, path)
    kind = schema.get("type")
    if kind in ("object", "array"):
        if not isinstance(value, dict):
            raise RefusalError(f"Invalid {kind}", param=path)
        return _object(schema, value, path) if kind == "object" else _array(schema, value, path)
    if isinstance(value, dict):
        raise RefusalError(f"Invalid {kind}: {path} is given as an object", param=path)
    return _scalar(kind, value, path)


def _first_that_fits(schemas: list[Json], value: Any, path: str) -> Any:
    """The first alternative that takes the value; else the refusal of the last one that has its shape."""
    refusal = RefusalError(f"Invalid value for {path}", param=path)
    for schema in schemas:
        try:
            return read(schema, value, path)
        except RefusalError as error:
            if isinstance(value, dict) == (schema.get("type") in ("object", "array")):
                refusal = error
    raise refusal


def _enum(values: list[Any], value: Any, path: str) -> Any:
    if value in values:
        return value
    if value == "":
        raise _empty(path)
    raise RefusalError(f"Invalid {path}: must be one of {', '.join(map(str, values))}", param=path)


def _object(schema: Json, value: Json, path: str) -> Json:
    rest = schema.get("additionalProperties", True)
    if isinstance(rest, dict):
        return {key: inner if inner == "" else read(rest, inner, _inside(path, key)) for key, inner in value.items()}
    properties: Json = schema.get("properties", {})
    for key in value:
        if key not in properties:
            name = _inside(path, key)
            raise RefusalError(f"Received unknown parameter: {name}", code="parameter_unknown", param=name)
    for key in schema.get("required", []):
        if key not in value:
            raise absent(_inside(path, key))
    return {key: read(properties[key], inner, _inside(path, key)) for key, inner in value.items()}


def _array(schema: Json, value: Json, path: str) -> list[Any]:
    if not all(key.isdecimal() for key in value):
        raise RefusalError("Invalid array", param=path)
    return [read(schema["items"], value[key], _inside(path, key)) for key in sorted(value, key=int)]


def _scalar(kind: str | None, value: str, path: str) -> Any:
    if value == "":
        raise _empty(path)
    match kind:
        case "integer" if not re.fullmatch(r"-?\d+", value):
            raise RefusalError(f"Invalid integer: {value}", code="parameter_invalid_integer", param=path)
        case "integer":
            return int(value)
        case "boolean" if value not in ("true", "false"):
            raise RefusalError(f"Invalid boolean: {value}", param=path)
        case "boolean":
            return value == "true"
    return value


def _inside(path: str, key: str) -> str:
    return f"{path}[{key}]" if path else key


def absent(path: str) -> RefusalError:
    return RefusalError(f"Missing required param: {path}.", code="parameter_missing", param=path)


def _empty(path: str) -> RefusalError:
    message = (
        f"You passed an empty string for '{path}'. We assume empty values are an attempt to unset a parameter; "
        f"however '{path}' cannot be unset."
    )
    return RefusalError(message, code="parameter_invalid_empty", param=path)
