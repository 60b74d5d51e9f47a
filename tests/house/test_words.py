"""Words that must not stand in what we write: what is put off, what opens a door, and where somebody's machine is."""

import ast
import re

from tests.house.tree import SHIPPED, files, lines_with, name_of, parsed, python_files, templates

TEXT = (".py", ".html", ".txt", ".css", ".js", ".md", ".toml", ".typ", ".yml", ".svg", ".po", "")
TESTS = "tests/"
WRITTEN = [path for path in files() if path.suffix in TEXT and not name_of(path).startswith(TESTS)]
CODE = [path for path in WRITTEN if path.suffix in (".py", ".html", ".css", ".js", ".typ")]

# HTML that is put into a page as it stands, and why it may be.
UNESCAPED = {
    "orders/templatetags/basket_quantities.py": "whole numbers, written into HTML that a template made",
    "marche/outbox/rendering.py": "the plain-text part of a mail, in which nothing can be HTML",
}
# Paths that mean the same on every machine.
PATHS = {
    "docker-compose.yml": "the folder in memory of a container",
    "dev/postgres.py": "where a checkout may lie that another account can't enter",
}


def test_nothing_is_put_off():
    assert lines_with(re.compile(r"\b(TODO|FIXME|XXX|HACK)\b"), CODE) == {}


def test_a_class_has_its_name_to_itself():
    """Who reads `Kind` or `State` in an import knows which is meant. Django's commands are all called Command."""
    places: dict[str, list[str]] = {}
    for path in python_files(*SHIPPED):
        for node in parsed(path).body:
            if isinstance(node, ast.ClassDef) and node.name != "Command":
                places.setdefault(node.name, []).append(name_of(path))
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_only_the_guard_by_origin_and_stripes_webhooks_take_djangos_token_away():
    by_signature = "marche/payments/views/webhook.py"  # no browser comes there
    assert set(lines_with(re.compile(r"csrf_exempt"), python_files(*SHIPPED))) == {"marche/origin.py", by_signature}


def test_html_is_escaped_but_where_a_reason_is_given():
    unescaped = re.compile(r"mark_safe|SafeString\([^)]|\|\s*safe(seq)?\b|autoescape off|autoescape=False")
    assert set(lines_with(unescaped, [*python_files(*SHIPPED), *templates()])) == set(UNESCAPED)


def test_telephone_numbers_are_written_by_one_function():
    """In marche/common/telephone.py: the library would write a number of Belgium as one of France."""
    by_the_library = re.compile(r"as_(national|international|rfc3966)|format_number|href=.tel:")
    assert set(lines_with(by_the_library, [*python_files(*SHIPPED), *templates()])) == {"marche/common/telephone.py"}


def test_templates_print_telephone_numbers_through_the_filter():
    """In a tag that prints, or that gives a text its words, whatever the number belongs to."""
    bare = re.compile(r"{{\s*[\w.]+\.\w*phone\s*}}|\b(?!field=)\w+=[\w.]+\.\w*phone(?=[\s%])")
    assert lines_with(bare, templates()) == {}


def test_no_path_of_a_machine_is_written_down():
    found = lines_with(re.compile(r"(?<![\w.])/(work|root|tmp|home)\b(?!-)"), WRITTEN)
    assert set(found) <= set(PATHS), found


def test_nothing_is_printed_but_by_the_tools():
    assert lines_with(re.compile(r"^\s*print\("), python_files(*SHIPPED)) == {}


def test_no_secret_or_address_of_a_person_is_logged():
    """A log line names what by its key and how by its kind: never a recipient, a name, a code or a token."""
    logged = re.compile(r"logger\.\w+\(.*\b(recipient|email|phone|name|code|token)\b")
    assert lines_with(logged, python_files(*SHIPPED)) == {}
