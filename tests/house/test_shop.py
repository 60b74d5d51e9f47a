"""The forks of Oscar: tiny, without tables, and spelt as Oscar spells."""

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from oscar.core.loading import get_class

from tests.house.tree import SHIPPED, files, lines_with, parsed, python_files

# The forks are the folders; beside them stand the doors to Oscar.
FORKS = [
    path
    for path in files("marche/shop", suffix=".py")
    if path.parent.name != "shop" and path.stem not in ("__init__", "models")
]


def classes(path: Path) -> list[str]:
    return [node.name for node in parsed(path).body if isinstance(node, ast.ClassDef)]


FORKED = [(path.parent.name, path.stem, name) for path in FORKS for name in classes(path)]


def test_no_model_is_defined_in_a_fork():
    assert [model for model in apps.get_models() if model.__module__.startswith("marche.shop")] == []
    for path in files("marche/shop", suffix="models.py"):
        assert classes(path) == []


def test_oscars_tables_are_migrated_by_oscar():
    assert [path for path in files("marche/shop") if "migrations" in path.parts] == []
    for app in {path.parent.name for path in FORKS}:
        assert apps.get_app_config(app).name == f"marche.shop.{app}"


def test_oscars_apps_are_there_without_their_pages():
    """Its own configurations import every view of its storefront, and what these need: checkout, search, and more."""
    theirs = [config for config in apps.get_app_configs() if config.name.split(".")[0] == "oscar"]
    assert {type(config).__module__ for config in theirs} == {"marche.shop.apps"}
    assert {"checkout", "payment", "search", "shipping", "wishlists"} & {config.label for config in theirs} == set()


OSCARS_NUMBERS = re.compile(r"total_(in|ex)cl_tax|line_price_|num_allocated|num_in_stock|date_submitted")
# They are written where an order is, and compared each night.
ALLOWED = {"marche/shop/order/utils.py", "orders/actions/place_order.py", "orders/oscar_differences.py"}


def test_what_oscar_keeps_too_is_read_from_our_tables():
    assert set(lines_with(OSCARS_NUMBERS, python_files(*SHIPPED))) == ALLOWED
    assert lines_with(OSCARS_NUMBERS, files("templates")) == {}


@pytest.mark.parametrize(("app", "module", "name"), FORKED)
def test_a_forked_class_has_the_name_of_one_of_oscars(app, module, name):
    assert hasattr(import_module(f"oscar.apps.{app}.{module}"), name)


@pytest.mark.parametrize(("app", "module", "name"), [row for row in FORKED if row[1] != "apps"])
def test_oscar_finds_our_class_in_place_of_its_own(app, module, name):
    assert get_class(f"{app}.{module}", name).__module__ == f"marche.shop.{app}.{module}"
