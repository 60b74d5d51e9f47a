"""pytest plugin, loaded by `-p`: starts the services before pytest-django reads the settings.

It runs once in the process that distributes the tests; the workers inherit its environment. When PostgreSQL or Valkey
cannot start, the run fails and says why: nothing is skipped.
"""

import os
from collections.abc import Generator
from contextlib import ExitStack

import pytest

from dev import VAR
from dev.prepare import prepare_files
from dev.processes import ServiceError
from dev.services import own_folder, services
from dev.template import drop_leftovers
from dev.testing import own_databases, test_environment

running = ExitStack()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Generator[None]:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if not worker:
        try:
            start()
        except ServiceError as error:
            raise pytest.UsageError(str(error)) from None
    os.environ.update(own_databases(os.environ, worker))
    return (yield)


def start() -> None:
    embedded = not os.environ.get("DATABASE_URL")
    home = running.enter_context(own_folder(VAR, "test"))
    urls = running.enter_context(services(home, durable=False))
    os.environ.update(test_environment(home, urls))
    if embedded:
        drop_leftovers(urls["DATABASE_URL"])
    prepare_files(home, os.environ)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    running.close()
