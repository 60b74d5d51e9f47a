"""`.env.example` and the settings say the same."""

import re

from dev import ROOT

SETTINGS = (ROOT / "marche" / "settings.py").read_text()
EXAMPLE = (ROOT / ".env.example").read_text()
COMPOSE = (ROOT / "docker-compose.yml").read_text()

USED = set(re.findall(r"""\benv(?:\.\w+)?\(\s*["'](\w+)["']""", SETTINGS))
INTERPOLATED = set(re.findall(r"(?<!\$)\$\{(\w+)", COMPOSE))
EXPLAINED = re.findall(r"^(?:# )?([A-Z_]+)=", EXAMPLE, re.MULTILINE)


def test_every_setting_is_explained() -> None:
    assert {"SECRET_KEY", "DATABASE_URL", "OUTBOX_LEASE_SECONDS"} <= USED
    assert (USED | INTERPOLATED) - set(EXPLAINED) == set()


def test_nothing_is_explained_that_nobody_reads() -> None:
    assert set(EXPLAINED) - (USED | INTERPOLATED) == set()


def test_each_is_explained_once_under_a_comment() -> None:
    assert len(EXPLAINED) == len(set(EXPLAINED))
    lines = EXAMPLE.splitlines()
    for number, line in enumerate(lines):
        if re.match(r"(# )?[A-Z_]+=", line):
            before = lines[number - 1]
            assert before.startswith("# "), line
