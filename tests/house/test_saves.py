"""A save writes the columns it means to: what somebody else changed meanwhile in the others is not undone by it."""

import ast
from pathlib import Path

import pytest

from tests.house.tree import SHIPPED, name_of, parsed, python_files

FILES = [path for path in python_files(*SHIPPED) if ".save(" in path.read_text(encoding="utf-8")]
SAID = {"update_fields", "force_insert"}  # some columns of a row that is there, or a new row
# What is called so and is no row.
NO_ROWS = {"marche/accounts/adapter.py": "a picture"}


def whole_saves(path: Path) -> list[str]:
    """The calls of `save` that say neither which columns they write nor that the row is new."""
    calls = [node for node in ast.walk(parsed(path)) if isinstance(node, ast.Call)]
    saves = [call for call in calls if ast.unparse(call.func).endswith(".save")]
    return [
        ast.unparse(call)
        for call in saves
        if not SAID & {keyword.arg for keyword in call.keywords} and ast.unparse(call.func) != "super().save"
    ]


@pytest.mark.parametrize("path", [pytest.param(path, id=name_of(path)) for path in FILES])
def test_a_save_says_which_columns_it_writes(path):
    assert name_of(path) in NO_ROWS or whole_saves(path) == []


def test_a_form_of_a_row_is_never_saved_whole():
    """`form.save()` writes every column as it was when the page was asked for: a verb writes the form's fields."""
    assert [name_of(path) for path in FILES if "form.save(" in path.read_text(encoding="utf-8")] == []
