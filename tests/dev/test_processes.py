"""No child outlives its parent, and two runs never share their data."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dev import ROOT
from dev.child import alive
from dev.processes import ServiceError, free_port, only_one, port_in_use, spawn, wait_until
from dev.services import NAMES, own_folder, services

PARENT = """
import sys, time
from pathlib import Path
import psycopg, redis
from dev.services import services
from dev.processes import spawn
home = Path(sys.argv[1])
with services(home, durable=False) as urls:
    sleeper = spawn("sleeper", ["sleep", "1000"], home / "log")
    with psycopg.connect(urls["DATABASE_URL"]) as connection:
        [pid_file] = connection.execute("SELECT pg_read_file('postmaster.pid')").fetchone()
    valkey = redis.Redis.from_url(urls["BROKER_URL"]).info()["process_id"]
    print(sleeper.pid, pid_file.split()[0], valkey, flush=True)
    time.sleep(1000)
"""


def gone(pid: int) -> bool:
    """Ended; a zombie that nobody has buried yet counts as ended."""
    status = Path(f"/proc/{pid}/stat")
    return not alive(pid) or (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")


@pytest.mark.parametrize("death", [signal.SIGKILL, signal.SIGTERM])
def test_children_die_with_their_parent(home: Path, death: signal.Signals) -> None:
    env = {name: value for name, value in os.environ.items() if name not in NAMES}
    command = [sys.executable, "-c", PARENT, str(home)]
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pids = [int(word) for word in parent.stdout.readline().split()]
        assert len(pids) == 3
        assert all(alive(pid) for pid in pids)
        parent.send_signal(death)
    wait_until(lambda: all(gone(pid) for pid in pids), 20, "all children to end")


def test_a_child_that_ignores_the_signal_is_killed(tmp_path: Path) -> None:
    stubborn = spawn("stubborn", ["sh", "-c", "trap '' TERM; echo ready; sleep 1000"], tmp_path / "log", patience=0.1)
    wait_until(lambda: stubborn.last_lines() == "ready", 10, "the trap")
    stubborn.stop()
    assert not stubborn.running


def test_stopping_takes_the_grandchildren_too(tmp_path: Path) -> None:
    child = spawn("shell", ["sh", "-c", "sleep 1000 & echo $!; wait"], tmp_path / "log")
    wait_until(lambda: child.last_lines().isdigit(), 10, "the grandchild")
    grandchild = int(child.last_lines())
    child.stop()
    wait_until(lambda: gone(grandchild), 10, "the grandchild's end")


def test_a_folder_is_held_by_one_run_only(tmp_path: Path) -> None:
    with only_one(tmp_path, "taken"), pytest.raises(ServiceError, match="taken"), only_one(tmp_path, "taken"):
        pass
    with only_one(tmp_path, "taken"):
        pass


def test_a_second_test_run_gets_a_folder_of_its_own(tmp_path: Path) -> None:
    with own_folder(tmp_path, "test") as first, own_folder(tmp_path, "test") as second:
        assert (first.name, second.name) == ("test", "test-2")


def test_a_port_in_use_is_noticed(tmp_path: Path) -> None:
    port = free_port()
    assert not port_in_use(port)
    server = spawn("server", [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"], tmp_path / "log")
    try:
        wait_until(lambda: port_in_use(port), 10, "the server", child=server)
    finally:
        server.stop()


def test_services_of_the_environment_are_used_instead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {name: f"given-{name}" for name in NAMES}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with services(tmp_path, durable=False) as urls:
        assert urls == given
    assert list(tmp_path.iterdir()) == []
