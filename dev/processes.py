"""Child processes that never outlive us, and the few things needed around them: ports, locks, deadlines."""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from dev import ROOT, child


class ServiceError(Exception):
    """Something of the development environment cannot start; the message is for the developer to read."""


@dataclass
class Child:
    """A running process, in a session of its own so that Ctrl-C reaches only the parent, which stops all in order."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    stop_signal: signal.Signals
    patience: float  # seconds between the polite signal and SIGKILL
    asked: bool = False

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    def ask_to_stop(self) -> None:
        """Send the polite signal, once, and do not wait."""
        if self.running and not self.asked:
            self.process.send_signal(self.stop_signal)
        self.asked = True

    def stop(self) -> None:
        """Ask it to end and wait; then take whatever is left of its group."""
        self.ask_to_stop()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(self.patience)
        self.kill()

    def kill(self) -> None:
        """End it as a power cut would, with every process of its group."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self.process.wait()

    def last_lines(self, count: int = 20) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:])


def bound(command: Sequence[str], *, user: str = "-", death_signal: signal.Signals = signal.SIGKILL) -> list[str]:
    """`command`, made to receive `death_signal` when this process dies, even by SIGKILL."""
    program = shutil.which(command[0])
    if program is None:
        raise ServiceError(f"The program {command[0]} is not installed.")
    return [sys.executable, "-IS", child.__file__, str(os.getpid()), death_signal.name, user, program, *command[1:]]


def spawn(
    name: str,
    command: Sequence[str],
    log: Path,
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
    stdin: bytes = b"",
    user: str = "-",
    stop_signal: signal.Signals = signal.SIGTERM,
    patience: float = 10,
) -> Child:
    """Start `command` in the background, its output appended to `log`; call it from the main thread."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(
            bound(command, user=user, death_signal=stop_signal),
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=None if env is None else {**os.environ, **env},
            cwd=cwd,
            start_new_session=True,
        )
    with suppress(BrokenPipeError):
        process.stdin.write(stdin)  # type: ignore[union-attr]  # it is a PIPE
        process.stdin.close()  # type: ignore[union-attr]
    return Child(name, process, log, stop_signal, patience)


@contextmanager
def stopping(child: Child) -> Iterator[Child]:
    """Stop `child` at the end of the block, whatever happened in it."""
    try:
        yield child
    finally:
        child.stop()


def wait_until(condition: Callable[[], bool], seconds: float, what: str, *, child: Child | None = None) -> None:
    """Poll `condition`; ServiceError after `seconds`, or as soon as `child` has ended without it."""
    deadline = time.monotonic() + seconds
    while not condition():
        if child is not None and not child.running:
            raise ServiceError(f"{child.name} ended while waiting for {what}:\n{child.last_lines()}")
        if time.monotonic() > deadline:
            raise ServiceError(f"Waited {seconds:g} s in vain for {what}.")
        time.sleep(0.02)


def free_port() -> int:
    """A TCP port of 127.0.0.1 that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_in_use(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return probe.connect_ex(("127.0.0.1", port)) == 0 or not _can_bind(probe, port)


def _can_bind(probe: socket.socket, port: int) -> bool:
    try:
        probe.bind(("127.0.0.1", port))
    except OSError:
        return False
    return True


@contextmanager
def only_one(folder: Path, refusal: str) -> Iterator[None]:
    """Hold `folder` for this process alone; the kernel lets go at its death. ServiceError when another holds it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ServiceError(refusal) from None
        yield
