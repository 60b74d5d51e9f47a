"""The forks of Oscar: tiny, without tables, and spelt as Oscar spells."""

import ast
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from oscar.core.loading import get_class

from tests.house.tree import files, parsed

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


@pytest.mark.parametrize(("app", "module", "name"), FORKED)
def test_a_forked_class_has_the_name_of_one_of_oscars(app, module, name):
    assert hasattr(import_module(f"oscar.apps.{app}.{module}"), name)


@pytest.mark.parametrize(("app", "module", "name"), [row for row in FORKED if row[1] != "apps"])
def test_oscar_finds_our_class_in_place_of_its_own(app, module, name):
    assert get_class(f"{app}.{module}", name).__module__ == f"marche.shop.{app}.{module}"
