"""What the product can do is the list of files in actions/: one verb each, named like its file, and told in docs."""

import ast
import re
from pathlib import Path

import pytest

from tests.house.tree import SHIPPED, files, name_of, parsed, text_of

VERBS = [path for path in files(*SHIPPED, suffix=".py") if path.parent.name == "actions" and path.stem != "__init__"]
# Half of a verb that stands by itself because no transaction may be open while a mail is sent.
HALVES = {("marche/outbox/actions/relay.py", "claim")}

verbs = pytest.mark.parametrize("path", [pytest.param(path, id=name_of(path)) for path in VERBS])


def public_functions(path: Path) -> dict[str, ast.FunctionDef]:
    functions = [node for node in parsed(path).body if isinstance(node, ast.FunctionDef)]
    return {node.name: node for node in functions if not node.name.startswith("_")}


def opens_a_transaction(function: ast.FunctionDef) -> bool:
    return "transaction.atomic" in ast.unparse(function)


@verbs
def test_a_verb_is_named_like_its_file_and_says_what_it_does(path):
    verb = public_functions(path).get(path.stem)
    assert verb, f"no function {path.stem}"
    assert ast.get_docstring(verb)
    assert verb.returns is not None


@verbs
def test_a_file_holds_one_verb(path):
    """What stands beside it helps others to say or write the same; it opens no transaction of its own."""
    others = {name: node for name, node in public_functions(path).items() if name != path.stem}
    writing = {name for name, node in others.items() if opens_a_transaction(node)}
    assert {(name_of(path), name) for name in writing} - HALVES == set()


@verbs
def test_a_file_of_a_verb_says_what_it_is_about(path):
    assert ast.get_docstring(parsed(path))


# Of a message, kind, subject and recipient together are its key.
OTHER_SHAPES = {"queue"}


def verb_of(path: Path) -> ast.FunctionDef:
    return public_functions(path)[path.stem]


SHAPED = [path for path in VERBS if path.stem not in OTHER_SHAPES]
shaped = pytest.mark.parametrize("path", [pytest.param(path, id=name_of(path)) for path in SHAPED])


@shaped
def test_a_verb_takes_its_subject_by_its_key_and_everything_else_by_name(path):
    """The row is read under its lock: what the caller has read of it may be old. A token or an address is a key too."""
    arguments = verb_of(path).args
    positional = [*arguments.posonlyargs, *arguments.args]
    assert len(positional) <= 1
    assert arguments.vararg is None
    assert {ast.unparse(one.annotation) for one in positional if one.annotation} <= {"int", "int | None", "str"}


@verbs
def test_who_acts_is_an_actor(path):
    """A person and a role in one value, `by`: never a user and a role side by side."""
    by_name = {one.arg: ast.unparse(one.annotation) for one in verb_of(path).args.kwonlyargs if one.annotation}
    assert by_name.get("by", "Actor") == "Actor"
    assert by_name.keys() & {"user", "user_id", "actor", "role"} == set()


@shaped
def test_what_a_verb_returns_has_a_name(path):
    """A pair is a small class with named fields; what a number or a yes means, the docstring says."""
    verb = verb_of(path)
    answer, words = ast.unparse(verb.returns or ast.Constant(None)), ast.get_docstring(verb) or ""
    assert not answer.startswith("tuple")
    if answer in ("int", "bool"):
        assert re.search(r"how many|number of|False|Returns whether", words)


@verbs
def test_transactions_of_verbs_are_durable(path):
    """So that nobody can wrap a verb into a transaction of its own, and send or lock longer than is meant."""
    opened = re.findall(r"transaction\.atomic\([^)]*\)", path.read_text(encoding="utf-8"))
    assert set(opened) <= {"transaction.atomic(durable=True)"}


def test_the_architecture_lists_every_verb_and_no_other():
    listed = re.findall(r"^\| \[(\w+)\]\(\.\./(\S+\.py)\) \| [^|]+ \| [^|]+ \|$", text_of("docs/architecture.md"), re.M)
    assert sorted(listed) == sorted((path.stem, name_of(path)) for path in VERBS)


VIEWS = [path for path in files(*SHIPPED, suffix=".py") if "views" in path.parts]


@pytest.mark.parametrize("path", [pytest.param(path, id=name_of(path)) for path in VIEWS])
def test_views_write_nothing_themselves(path):
    """They translate and call a verb: no transaction, no lock, no bulk write."""
    forbidden = r"transaction\.|select_for_update|bulk_create|bulk_update|\.objects\.create\(|get_or_create"
    assert re.findall(forbidden, path.read_text(encoding="utf-8")) == []
