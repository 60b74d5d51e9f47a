"""Stripe's own types as JSON Schema, read from the source of its SDK.

The SDK is generated from Stripe's OpenAPI file for exactly one version of the API, and its TypedDicts and resource
classes are the only form of that file which one can install. They are read with `ast`, one file when it is first
needed: importing them evaluates thousands of classes, and half of the names exist for type checkers only.
"""

import ast
from functools import cache
from pathlib import Path

import stripe

from dev.fakestripe.refusals import Json

SDK = Path(stripe.__file__).parent
_SCALARS: dict[str, Json] = {
    "str": {"type": "string"},
    "int": {"type": "integer"},
    "bool": {"type": "boolean"},
    "float": {"type": "number"},
    "Decimal": {"type": "string", "format": "decimal"},
    "Any": {},
    "None": {"type": "null"},
}


@cache
def params_schema(module: str, name: str) -> Json:
    """What a request may carry: `params_schema("_refund_create_params", "RefundCreateParams")`."""
    classes = _classes(f"params/{module}.py")
    return _Reader(classes, external=False).shape(classes[name])


@cache
def resource_schema(module: str, name: str) -> Json:
    """What an answer consists of: `resource_schema("_refund", "Refund")`. Other resources in it are any object."""
    return _Reader({}, external=True).shape(_classes(f"{module}.py")[name])


def _classes(path: str) -> dict[str, ast.ClassDef]:
    tree = ast.parse((SDK / path).read_text(encoding="utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


class _Reader:
    """Turns annotations into schemas; `classes` are the names that stand for objects of this file."""

    def __init__(self, classes: dict[str, ast.ClassDef], *, external: bool) -> None:
        self.classes, self.external = classes, external

    def shape(self, node: ast.ClassDef) -> Json:
        inner = {child.name: child for child in node.body if isinstance(child, ast.ClassDef)}
        reader = _Reader({**self.classes, **inner}, external=self.external)
        properties: Json = {}
        required: list[str] = []
        for field in node.body:
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
                name, annotation = field.target.id, _unquoted(field.annotation)
                wrapper = _wrapper(annotation)
                if wrapper == "ClassVar":
                    continue
                properties[name] = reader.type_of(annotation)
                if wrapper not in ("NotRequired", "Optional"):
                    required.append(name)
        return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}

    def type_of(self, node: ast.expr) -> Json:
        node = _unquoted(node)
        if isinstance(node, ast.Name):
            return self.named(node.id)
        if isinstance(node, ast.BinOp):
            return self.union(_alternatives(node))
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
            return self.generic(node.value.id, _arguments(node))
        raise NotImplementedError(ast.unparse(node))

    def named(self, name: str) -> Json:
        if name in _SCALARS:
            return _SCALARS[name]
        if name in self.classes:
            return self.shape(self.classes[name])
        if self.external:
            return {"type": "object"}
        raise NotImplementedError(name)

    def generic(self, name: str, arguments: list[ast.expr]) -> Json:
        match name:
            case "NotRequired":
                return self.type_of(arguments[0])
            case "Optional":
                return _any_of([self.type_of(arguments[0]), {"type": "null"}])
            case "Literal":
                return {"enum": [value.value for value in arguments if isinstance(value, ast.Constant)]}
            case "Union":
                return self.union(arguments)
            case "List":
                return {"type": "array", "items": self.type_of(arguments[0])}
            case "Dict" | "UntypedStripeObject":
                return {"type": "object", "additionalProperties": self.type_of(arguments[-1])}
            case "ExpandableField":
                return {"type": ["string", "object"]}
            case "ListObject":
                return {"type": "object"}
        raise NotImplementedError(name)

    def union(self, members: list[ast.expr]) -> Json:
        """The SDK widens each enum to `Literal[…] | str`, so that it outlives new values; here a wrong one is an error.

        `Literal[''] | str` is no enum: it says that a text may be emptied.
        """
        found = [self.type_of(member) for member in members]
        values = [value for schema in found for value in schema.get("enum", [])]
        others = [schema for schema in found if "enum" not in schema]
        if any(value != "" for value in values):
            others = [schema for schema in others if schema != _SCALARS["str"]]
        return _any_of([{"enum": values}, *others] if values else others)


def _any_of(schemas: list[Json]) -> Json:
    flat: list[Json] = []
    for schema in schemas:
        flat += [one for one in schema.get("anyOf", [schema]) if one not in flat]
    return flat[0] if len(flat) == 1 else {"anyOf": flat}


def _unquoted(node: ast.expr) -> ast.expr:
    if isinstance(node, ast.Constant):
        return ast.parse(str(node.value), mode="eval").body if node.value is not None else ast.Name("None")
    return node


def _wrapper(node: ast.expr) -> str:
    return node.value.id if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) else ""


def _arguments(node: ast.Subscript) -> list[ast.expr]:
    return node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]


def _alternatives(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.BinOp):
        return [*_alternatives(node.left), *_alternatives(node.right)]
    return [node]
