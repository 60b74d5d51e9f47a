"""Run a command that cannot outlive its parent: `child.py PARENT_PID SIGNAL USER COMMAND…`.

USER is the account to become, or "-" to stay who we are; COMMAND starts with a full path. This is a program of its
own rather than a `preexec_fn`, which is unsafe in a parent that has threads; and it uses the standard library only,
so that it starts in a few milliseconds.

On Linux the kernel sends SIGNAL when the *thread* that started us ends: start children from the main thread.
"""

import ctypes
import os
import pwd
import signal
import sys
import time

PR_SET_PDEATHSIG = 1  # prctl(2)


def become(name: str) -> None:
    account = pwd.getpwnam(name)
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)


def die_with(parent: int, death_signal: signal.Signals) -> None:
    """Ask for `death_signal` at the parent's death. A change of user forgets the request: call this after it."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
    else:
        watch(parent, os.getpid(), death_signal)
    if os.getppid() != parent:  # it died before we asked
        sys.exit(1)


def watch(parent: int, target: int, death_signal: signal.Signals) -> None:
    """Where the kernel has no such service (macOS), a second process looks four times a second."""
    if os.fork():
        return
    while os.getppid() == target:
        if not alive(parent):
            os.kill(target, death_signal)
            break
        time.sleep(0.25)
    os._exit(0)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def main(arguments: list[str]) -> None:
    parent, death_signal, user, *command = arguments
    if user != "-":
        become(user)
    die_with(int(parent), signal.Signals[death_signal])
    os.execv(command[0], command)  # noqa: S606  (the whole point: the command takes our place)


if __name__ == "__main__":
    main(sys.argv[1:])
