"""The Dockerfile without Docker: its own build commands are run here, with its own build arguments."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from dev import ROOT

TEXT = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
LINES = [line for line in TEXT.splitlines() if line and not line.startswith("#")]
INSTALLS = ("pip install", "-m venv", "useradd")
PRODUCTION = {
    "SECRET_KEY": "a-long-key-of-a-test-0123456789-abcdefghijklmnopqrstuvwxyz-éàù",
    "SITE_URL": "https://marche.example.fr",
    "FROM_EMAIL": "marche@example.fr",
    "EMAIL_URL": "smtp+tls://user:password@smtp.example.fr:587",
    "DATABASE_URL": "postgres://marche:password@127.0.0.1:1/marche",
    "BROKER_URL": "redis://127.0.0.1:1/0",
    "CACHE_URL": "redis://127.0.0.1:1/1",
}


def arguments() -> dict[str, str]:
    """The values of ARG, which are the whole environment of the image's build."""
    words = [word for line in LINES if line.startswith("ARG ") for word in shlex.split(line)[1:]]
    return dict(word.split("=", 1) for word in words)


def build_commands() -> list[str]:
    """The RUN lines that build rather than install."""
    runs = [line.removeprefix("RUN ") for line in LINES if line.startswith("RUN python ")]
    return [run for run in runs if not any(install in run for install in INSTALLS)]


def in_image(command: list[str], env: dict[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run with nothing of this machine's environment but the path."""
    clean = {"PATH": os.environ["PATH"], "MEDIA_ROOT": str(folder / "media"), **env}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=clean, capture_output=True, text=True, check=False, timeout=120
    )


def test_the_build_is_what_is_tried_here() -> None:
    assert build_commands() == ["python -m dev.compile_messages", "python manage.py collectstatic --no-input"]


@pytest.mark.parametrize("command", build_commands())
def test_a_build_command_works_with_the_build_arguments_alone(command: str, tmp_path: Path) -> None:
    static = tmp_path / "static"
    result = in_image(shlex.split(command)[1:], {**arguments(), "STATIC_ROOT": str(static)}, tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr
    if "collectstatic" in command:
        assert (static / "staticfiles.json").exists()


def test_production_settings_pass_the_deployment_check(tmp_path: Path) -> None:
    result = in_image(["manage.py", "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION, tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr


def test_what_the_image_needs_is_let_through() -> None:
    allowed = re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
    assert {"manage.py", "marche", "orders", "producers", "templates", "locale", "requirements/run.txt"} <= set(allowed)


def test_the_image_runs_without_privileges_and_tells_its_health() -> None:
    final = TEXT.rpartition("\nFROM ")[2]
    assert "\nUSER marche" in final
    assert "\nHEALTHCHECK" in final
    assert "/sante/" in final


def test_base_images_are_pinned() -> None:
    bases = re.findall(r"^FROM (\S+)", TEXT, re.MULTILINE)
    assert all(re.search(r":\d+\.\d+\.\d+-", base) for base in bases)


def test_no_secret_reaches_the_final_image() -> None:
    final = TEXT.rpartition("\nFROM ")[2]
    assert "ARG" not in final
    assert "SECRET_KEY" not in final
