"""Small files, small functions, one direction of imports, and tables that agree with the models."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from dev import ROOT
from tests.house.tree import SHIPPED, name_of, parsed, python_files

FILE_LINES, FUNCTION_LINES = 300, 40
PYTHON = [*python_files(*SHIPPED, "dev"), ROOT / "manage.py"]


def test_a_file_can_be_read_in_one_sitting():
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in PYTHON}
    assert {name: length for name, length in lengths.items() if length > FILE_LINES} == {}


def test_a_function_fits_on_a_screen():
    lengths = {
        (name_of(path), node.name): (node.end_lineno or node.lineno) - node.lineno + 1
        for path in PYTHON
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {function: length for function, length in lengths.items() if length > FUNCTION_LINES} == {}


@pytest.mark.process
def test_imports_go_one_way():
    """The contracts of pyproject.toml, [tool.importlinter]."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
