"""Create `.venv` and install the locked requirements, hashes checked: `python3 dev/install.py`.

Runs on the system's Python with the standard library only. A stamp in `.venv` holds the hash of what was installed, so
that the next run takes a few milliseconds.
"""

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = ROOT / "requirements" / "dev.txt"
STAMP = VENV / "installed.sha256"


def works() -> bool:
    """Whether the environment has a Python that still runs: its system may have been upgraded, or its folder moved."""
    try:
        probe = [str(PYTHON), "-c", "import pip, sys; print(sys.prefix)"]
        prefix = subprocess.run(probe, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return False
    return Path(prefix).resolve() == VENV.resolve()


def create() -> None:
    print("Creating .venv", flush=True)  # noqa: T201
    try:
        venv.create(VENV, clear=True, with_pip=True)
    except subprocess.CalledProcessError:
        sys.exit("This Python cannot create virtual environments. On Debian: apt-get install python3-venv")


def install() -> None:
    print("Installing requirements/dev.txt", flush=True)  # noqa: T201
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "-r", str(REQUIREMENTS)], check=True)


def make_importable() -> None:
    """Let every program of `.venv/bin` import the project, wherever it is called from."""
    where = [str(PYTHON), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = subprocess.run(where, capture_output=True, text=True, check=True).stdout.strip()
    (Path(packages) / "marche.pth").write_text(f"{ROOT}\n")


def main() -> None:
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if STAMP.exists() and STAMP.read_text() == wanted and works():
        return
    if not works():
        create()
    try:
        install()
    except subprocess.CalledProcessError as error:
        sys.exit(f"The requirements could not be installed (pip said why above, code {error.returncode}).")
    make_importable()
    STAMP.write_text(wanted)


if __name__ == "__main__":
    main()
