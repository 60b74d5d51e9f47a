"""Read the demo's TOML files, and refuse what is misspelt or unlawful with a sentence that says where and what."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model

from dev.demo.plausible import implausible
from marche.common.money import MAX_PRICE_CENTS
from marche.shop.oscar import Partner, Product, ProductClass
from producers.actions.save_offer import MAX_QUANTITY
from producers.kinds import GoodsKind
from producers.models import ALL_MONTHS, Producer, ProductSheet

DATA = Path(__file__).parent / "data"
PAYMENTS = ("cash", "cheque", "card")
WEEK_PARITY = {"even": 0, "odd": 1}


def _editable(model: type[Model], *without: str) -> tuple[str, ...]:
    return tuple(f.name for f in model._meta.fields if f.editable and not f.auto_created and f.name not in without)


SHEET_FIELDS = _editable(ProductSheet, "product", "producer", "archived")
PRODUCER_FIELDS = _editable(Producer, "partner", "slug")

FILE_KEYS = {"producer", "defaults", "product"}
MEMBER_KEYS = {"first_name", "last_name", "email"}
PRODUCER_KEYS = {*PRODUCER_FIELDS, "slug", "name", "stall", "payments", "absent_in_weeks", "member"} - {
    f"takes_{means}" for means in PAYMENTS
}
PRODUCT_KEYS = {*SHEET_FIELDS, "title", "kind", "price_cents", "quantity"} - {"no_allergens"}
# What is said once for a whole stall; never what makes a product that product.
DEFAULTS_KEYS = PRODUCT_KEYS - {"title", "price_cents", "quantity", "description"}


class DemoDataError(ValueError):
    """What is wrong in the demo's files, all of one file at once, a line each."""


@dataclass(frozen=True)
class Person:
    first_name: str
    last_name: str
    email: str


@dataclass(frozen=True)
class DemoProduct:
    """`price_cents` and `quantity` are what is usual, as in a Listing; `fields` are those of a ProductSheet."""

    title: str
    kind: GoodsKind
    price_cents: int
    quantity: int
    fields: dict[str, Any]

    def in_season(self, month: int) -> bool:
        return not self.fields["months"] or month in self.fields["months"]


@dataclass(frozen=True)
class DemoProducer:
    """`fields` are those of a Producer; `absent_in_weeks` is "odd", "even" (ISO weeks) or nothing."""

    slug: str
    name: str
    stall: int
    member: Person
    absent_in_weeks: str
    fields: dict[str, Any]
    products: tuple[DemoProduct, ...]

    def is_absent(self, date: dt.date) -> bool:
        return bool(self.absent_in_weeks) and date.isocalendar().week % 2 == WEEK_PARITY[self.absent_in_weeks]


def read_catalogue(folder: Path = DATA) -> list[DemoProducer]:
    """All producers of the demo by stall number. Raises DemoDataError; needs no database."""
    producers = sorted((read_producer(file) for file in folder.glob("*.toml")), key=lambda p: p.stall)
    unique: dict[str, list[Any]] = {
        "stall": [p.stall for p in producers],
        "slug": [p.slug for p in producers],
        "SIRET": [p.fields["siret"] for p in producers],
        "member’s e-mail": [p.member.email for p in producers],
    }
    for what, values in unique.items():
        if twice := _twice(values):
            raise DemoDataError(f"{folder.name}: the same {what} in two files: {twice}")
    return producers


def read_producer(file: Path) -> DemoProducer:
    """One file. Raises DemoDataError with everything that is wrong in it."""
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise DemoDataError(f"{file.name}: not TOML: {error}") from error
    problems = _unknown_keys(data, FILE_KEYS)
    defaults, products = data.get("defaults", {}), data.get("product", [])
    problems += [f"[defaults]: {problem}" for problem in _unknown_keys(defaults, DEFAULTS_KEYS)]
    if twice := _twice(p.get("title") for p in products):
        problems.append(f"two products are called {twice}")
    made: list[DemoProduct] = []
    for number, values in enumerate(products, start=1):
        try:
            made.append(_product({**defaults, **values}))
        except ValidationError as error:
            where = values.get("title") or f"product {number}"
            problems += [f"“{where}”: {problem}" for problem in _sentences(error)]
    try:
        producer = _producer(data.get("producer", {}), tuple(made))
    except ValidationError as error:
        problems += [f"[producer]: {problem}" for problem in _sentences(error)]
    if problems:
        raise DemoDataError("\n".join(f"{file.name}: {problem}" for problem in problems))
    return producer


def _producer(values: dict[str, Any], products: tuple[DemoProduct, ...]) -> DemoProducer:
    member, payments = values.get("member", {}), values.get("payments", [])
    absent = values.get("absent_in_weeks", "")
    _refuse(
        *_unknown_keys(values, PRODUCER_KEYS),
        *_absent_keys(values, ["slug", "name", "stall", "payments", "member"]),
        *[f"member: {problem}" for problem in _unknown_keys(member, MEMBER_KEYS)],
        *[f"member: {problem}" for problem in _absent_keys(member, MEMBER_KEYS)],
        *[f"payments: “{means}” is none of {', '.join(PAYMENTS)}" for means in payments if means not in PAYMENTS],
        *([] if absent in ("", *WEEK_PARITY) else [f"absent_in_weeks: “{absent}” is neither odd nor even"]),
        *_out_of_bounds(values, "stall", 1, 999),
    )
    producer = Producer(partner=Partner(name=values["name"]), slug=values["slug"])
    for name in PRODUCER_FIELDS:
        if name in values:
            setattr(producer, name, values[name])
    for means in PAYMENTS:
        setattr(producer, f"takes_{means}", means in payments)
    producer.clean_fields(exclude=["partner", "sort_key"])
    fields = {name: getattr(producer, name) for name in PRODUCER_FIELDS}
    return DemoProducer(values["slug"], values["name"], values["stall"], Person(**member), absent, fields, products)


def _product(values: dict[str, Any]) -> DemoProduct:
    _refuse(
        *_unknown_keys(values, PRODUCT_KEYS),
        *_absent_keys(values, ["title", "kind", "drawing", "unit", "price_cents", "quantity"]),
        *_out_of_bounds(values, "price_cents", 1, MAX_PRICE_CENTS),
        *_out_of_bounds(values, "quantity", 0, MAX_QUANTITY),
        *[f"months: {month} is no month" for month in values.get("months", []) if month not in ALL_MONTHS],
        *([] if values.get("kind") in GoodsKind.values else [f"kind: “{values.get('kind')}” is unknown"]),
    )
    kind = GoodsKind(values["kind"])
    sheet = ProductSheet(product=Product(title=values["title"], product_class=ProductClass(slug=kind)))
    for name in SHEET_FIELDS:
        if name in values:
            setattr(sheet, name, values[name])
    if values.get("allergens") == "none":
        sheet.allergens, sheet.no_allergens = [], True
    sheet.clean_fields(exclude=["product", "producer", "sort_key", "search_text", "search_vector"])
    sheet.clean()
    _refuse(*[f"the law wants “{name}”" for name in sheet.missing])
    _refuse(*implausible(kind, sheet.reference_price(values["price_cents"])))
    fields = {name: getattr(sheet, name) for name in SHEET_FIELDS}
    return DemoProduct(values["title"], kind, values["price_cents"], values["quantity"], fields)


def _refuse(*problems: str) -> None:
    if problems:
        raise ValidationError(list(problems))


def _sentences(error: ValidationError) -> list[str]:
    if not hasattr(error, "error_dict"):
        return error.messages
    return [f"{name}: {message}" for name, messages in error.message_dict.items() for message in messages]


def _unknown_keys(values: Mapping[str, Any], known: Iterable[str]) -> list[str]:
    unknown = [key for key in values if key not in set(known)]
    return [f"unknown key “{key}”{_suggestion(key, known)}" for key in unknown]


def _suggestion(key: str, known: Iterable[str]) -> str:
    close = get_close_matches(key, list(known), n=1)
    return f": did you mean “{close[0]}”?" if close else ""


def _absent_keys(values: Mapping[str, Any], needed: Iterable[str]) -> list[str]:
    return [f"“{key}” is missing" for key in sorted(needed) if key not in values]


def _out_of_bounds(values: Mapping[str, Any], key: str, lowest: int, highest: int) -> list[str]:
    value = values.get(key, lowest)
    if type(value) is int and lowest <= value <= highest:
        return []
    return [f"{key}: {value!r} is no whole number from {lowest} to {highest}"]


def _twice(values: Iterable[Any]) -> str:
    return ", ".join(str(value) for value, count in Counter(values).items() if count > 1)
