"""Run a command as a test would find the world: `python -m dev.command COMMAND…` (embedded services, test settings)."""

import os
import subprocess
import sys

from dev import VAR
from dev.processes import ServiceError, bound
from dev.services import own_folder, services
from dev.testing import test_environment


def main(command: list[str]) -> int:
    try:
        with own_folder(VAR, "test") as home, services(home, durable=False) as urls:
            env = {**os.environ, **test_environment(home, urls)}
            return subprocess.run(bound(command), env=env, check=False).returncode
    except ServiceError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
