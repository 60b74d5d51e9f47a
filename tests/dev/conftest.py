"""A folder that PostgreSQL's account can come to: pytest's own are closed to other users."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from dev import VAR
from dev.postgres import account, reachable


@pytest.fixture
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(dir=VAR))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(reachable(folder / "postgres", account()))
    shutil.rmtree(folder)
