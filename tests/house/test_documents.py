"""What the documents promise is there: commands, paths, links, pictures, and every dependency with its reason."""

import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps

from dev import ROOT
from marche.markets.models import Phase
from producers import legal
from producers.kinds import GoodsKind
from producers.units import Unit
from tests.house.tree import files, name_of, text_of

AT_THE_TOP = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
DOCUMENTS = [ROOT / name for name in AT_THE_TOP] + files("docs", suffix=".md")
DECISIONS = files("docs/decisions", suffix=".md")
TARGETS = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))
LINK = re.compile(r"\]\(([^)\s]+)\)")
NAMED = re.compile(r"(?<![\w/.-])((?:[a-z_]+/)+[a-z_0-9]+\.py)\b")
IMAGE_BYTES = 150_000


def documents() -> list[pytest.param]:  # type: ignore[valid-type]
    return [pytest.param(path, id=name_of(path)) for path in DOCUMENTS]


def headings(path: Path) -> set[str]:
    """The anchors that a forge makes of a document's headings."""
    titles = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("path", documents())
def test_every_link_of_a_document_leads_somewhere(path):
    for link in LINK.findall(path.read_text(encoding="utf-8")):
        if "://" in link or link.startswith("mailto:"):
            continue
        target, _hash, anchor = link.partition("#")
        other = (path.parent / target).resolve() if target else path
        assert other.exists(), link
        assert not anchor or anchor in headings(other), link


@pytest.mark.parametrize("path", documents())
def test_every_make_command_of_a_document_exists(path):
    named = re.findall(r"(?:`|^)make ([a-z-]+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(named) - TARGETS == set()


def test_every_make_command_is_told_in_the_readme():
    readme = text_of("README.md")
    assert {target for target in TARGETS if f"make {target}" not in readme} == set()


def test_the_readme_says_how_to_test_in_one_command():
    assert re.search(r"^make test$", text_of("README.md"), re.MULTILINE)


def paths_of_the_map() -> list[str]:
    """The paths of the README's map: two spaces more to the right means inside of what stands above."""
    tree = re.search(r"## The map\n.*?```text\n(.*?)```", text_of("README.md"), re.DOTALL)
    assert tree
    folders, paths = [""], []
    for line in filter(str.strip, tree[1].splitlines()):
        depth = (len(line) - len(line.lstrip())) // 2
        name = line.split()[0]
        paths.append(folders[depth] + name)
        folders[depth + 1 :] = [folders[depth] + name]
    return paths


def test_every_path_of_the_readmes_map_exists():
    paths = paths_of_the_map()
    assert len(paths) > 20
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_every_file_that_a_document_or_a_comment_names_is_there():
    """By as much of its path as is written: "steps/prepare.py". The changelog may name what was."""
    there = [f"/{name_of(path)}" for path in files()]
    readers = [
        path for path in files() if path.suffix in (".py", ".md", ".html", ".toml") and path.name != "CHANGELOG.md"
    ]
    named = {(name_of(path), found) for path in readers for found in NAMED.findall(path.read_text(encoding="utf-8"))}
    assert {(where, found) for where, found in named if not any(path.endswith(f"/{found}") for path in there)} == set()


def test_every_picture_is_shown_and_light():
    pictures = files("docs/screenshots")
    assert pictures
    text = "".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
    assert [picture.name for picture in pictures if picture.name not in text] == []
    assert [picture.name for picture in pictures if picture.stat().st_size > IMAGE_BYTES] == []


def dependencies() -> set[str]:
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    return {re.split(r"[\[<>=~! ]", requirement)[0].lower() for requirement in wanted}


def test_every_dependency_has_its_reason_and_no_other_has():
    explained = re.findall(
        r"^\| `([^`]+)` \| \S", text_of("docs/decisions/0002-libraries-before-our-own-code.md"), re.M
    )
    assert sorted(explained) == sorted(dependencies())


def test_decisions_are_numbered_without_a_hole_and_titled_by_their_ruling():
    numbers = [path.name[:4] for path in DECISIONS]
    assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)]
    for path in DECISIONS:
        title = path.read_text(encoding="utf-8").splitlines()[0]
        assert re.fullmatch(rf"# {path.name[:4]}\. \S.+", title), path.name


def test_every_decision_is_listed():
    listed = text_of("docs/architecture.md")
    assert [path.name for path in DECISIONS if f"decisions/{path.name}" not in listed] == []


def domain_rows() -> dict[str, str]:
    """The rows of the tables of docs/domain.md, by the code word in their first cell."""
    return dict(re.findall(r"^\| `([^`]+)` \|(.*)\|$", text_of("docs/domain.md"), re.MULTILINE))


def test_every_model_has_its_word_in_the_domain():
    labels = ("markets", "outbox", "payments", "producers", "orders")
    ours = [model for label in labels for model in apps.get_app_config(label).get_models()]
    assert {model.__name__ for model in ours} - domain_rows().keys() == set()


def test_every_phase_and_sale_unit_is_explained():
    assert {str(word) for word in (*Phase, *Unit)} - domain_rows().keys() == set()


@pytest.mark.parametrize("kind", GoodsKind)
def test_the_legal_fields_of_a_kind_are_those_of_the_code(kind):
    _label, fields, *_rest = domain_rows()[kind.value].split("|")
    assert re.findall(r"`(\w+)`", fields) == list(legal.BY_KIND[kind])
