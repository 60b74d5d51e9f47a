"""Collect new texts into locale/: `python -m dev.collect_messages`, in the surroundings of dev/command.py.

With `--check` nothing is written: it fails when a text of the sources is missing from a catalogue.

French is what people write into `locale/fr`; English is the source itself, written out by machine, because without it
Oscar's own English ("Your cart is empty.") would answer for ours. Needs GNU gettext. The files are sorted by text and
carry neither line numbers nor dates, so that a change of wording is all that a diff shows.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from babel.messages.pofile import read_po

from dev import ROOT
from dev.processes import ServiceError, bound

TOOLS = ("xgettext", "msguniq", "msgmerge", "msgattrib", "msgcat", "msgen")
NEEDED = "The translations need GNU gettext: install it (“apt install gettext”, “brew install gettext”)."
NOT_SHIPPED = (".venv", "var", "tests", "dev", "docs")
TIDY = ("--no-wrap", "--sort-output", "--no-location")
PLURALS = {"fr": "n > 1", "en": "n != 1"}
HEADER = """\
msgid ""
msgstr ""
"Project-Id-Version: Marché\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=({plural});\\n"
"""


def collect(root: Path) -> None:
    """Bring both catalogues of the project in `root` up to date. ServiceError when GNU gettext is missing or objects.

    New texts are empty in French, or marked as fuzzy where an old one resembles them: somebody has to write them.
    """
    if missing := [tool for tool in TOOLS if not shutil.which(tool)]:
        raise ServiceError(f"{NEEDED} Not found: {', '.join(missing)}.")
    locale = root / "locale"
    french, english = (locale / language / "LC_MESSAGES" / "django.po" for language in ("fr", "en"))
    for catalogue in (french, english):
        catalogue.parent.mkdir(parents=True, exist_ok=True)
    ignored = [f"--ignore={name}" for name in NOT_SHIPPED]
    made = [sys.executable, "manage.py", "makemessages", "--locale=fr", "--keep-pot", "--no-obsolete", "--no-location"]
    template = locale / "django.pot"
    try:
        _run(*made, "--no-wrap", "--verbosity=0", *ignored, cwd=root)
        _write(english, "en", _run("msgen", *TIDY, str(template), cwd=root))
    finally:
        template.unlink(missing_ok=True)
    _write(french, "fr", _run("msgcat", *TIDY, str(french), cwd=root))


def missing_texts(root: Path) -> list[str]:
    """The texts of the sources that a catalogue of `root` does not have yet. Raises ServiceError as `collect` does."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(root, copy, ignore=shutil.ignore_patterns(".*", "var", "__pycache__", "*.mo"))
        collect(copy)
        return sorted(f"{code}: {text}" for code in PLURALS for text in _texts(copy, code) - _texts(root, code))


def _texts(root: Path, language: str) -> set[str]:
    with (root / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as catalogue:
        return {f"{message.context or ''} {message.id}" for message in read_po(catalogue) if message.id}


def _write(catalogue: Path, language: str, text: str) -> None:
    """Put our header in the place of the tools', which holds the hour."""
    _header, messages = text.split("\n\n", 1)
    header = HEADER.format(language=language, plural=PLURALS[language])
    catalogue.write_text(f"{header}\n{messages}", encoding="utf-8")


def _run(*command: str, cwd: Path) -> str:
    env = {**os.environ, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(bound(command), cwd=cwd, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ServiceError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def main() -> None:
    try:
        if "--check" not in sys.argv[1:]:
            collect(ROOT)
        elif missing := missing_texts(ROOT):
            sys.exit("\n".join(["New texts: run `make messages`, then write the French ones.", *missing]))
    except ServiceError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
