"""How much of the processors a program has used, with all its children, as the kernel counts it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """Of this process, of the children that it has waited for, and of those that run. 0 where there is no /proc."""
    try:
        stat = (PROC / str(pid) / "stat").read_text()
        children = (PROC / str(pid) / "task" / str(pid) / "children").read_text().split()
    except OSError:
        return 0.0
    fields = stat.rpartition(")")[2].split()
    own = sum(int(field) for field in fields[11:15]) / _TICKS  # utime, stime, and both of children waited for
    return own + sum(cpu_seconds(int(child)) for child in children)


def cpu_of(programs: Mapping[str, int]) -> dict[str, float]:
    """Seconds by the program's name."""
    return {name: cpu_seconds(pid) for name, pid in programs.items()}


def memory_megabytes(pid: int) -> float:
    """Of this process and its children; what they share is counted once (PSS). 0 where the kernel does not tell."""
    try:
        rollup = (PROC / str(pid) / "smaps_rollup").read_text()
        children = (PROC / str(pid) / "task" / str(pid) / "children").read_text().split()
    except OSError:
        return 0.0
    own = next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) / 1024
    return own + sum(memory_megabytes(int(child)) for child in children)
