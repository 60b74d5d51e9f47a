"""A rehearsal in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys

from dev import ROOT


def rehearse(**environment: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, **environment}
    command = [sys.executable, "-m", "dev.rehearsal"]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=560)
