"""Pages under a strict content security policy: nothing inline, nothing from elsewhere."""

import re

import pytest

from tests.house.tree import files, lines_with, name_of, templates

PAGES = [path for path in templates() if path.suffix == ".html"]
STATIC = [path for path in files("marche/static") if path.suffix in (".css", ".js", ".svg", ".html")]

each_page = pytest.mark.parametrize("path", [pytest.param(path, id=name_of(path)) for path in PAGES])


def tags(path) -> list[str]:
    """The opening tags of a template, without its comments and without what Django puts in."""
    text = re.sub(r"{#.*?#}|{% comment.*?endcomment %}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r"{%.*?%}|{{.*?}}", "", text, flags=re.DOTALL)
    return re.findall(r"<[a-zA-Z][^>]*>", text)


@each_page
def test_a_page_has_no_style_of_its_own(path):
    assert [tag for tag in tags(path) if tag.startswith("<style") or re.search(r"\sstyle\s*=", tag)] == []


@each_page
def test_a_page_has_no_script_of_its_own(path):
    scripts = [tag for tag in tags(path) if tag.startswith("<script")]
    assert [tag for tag in scripts if " src=" not in tag and "application/json" not in tag] == []
    assert [tag for tag in tags(path) if re.search(r"\son\w+\s*=", tag) or "javascript:" in tag] == []


@each_page
def test_a_page_loads_nothing_from_elsewhere(path):
    loaded = [
        tag for tag in tags(path) if re.match(r"<(script|link|img|iframe|source|video|audio|object|embed|use)\b", tag)
    ]
    assert [tag for tag in loaded if re.search(r"""=\s*["']?(https?:)?//""", tag)] == []


def test_styles_scripts_and_drawings_load_nothing_from_elsewhere():
    url = r"""["']?(https?:)?//"""
    elsewhere = re.compile(rf"url\(\s*{url}|@import|(import|fetch|from)\b.*{url}|href={url}")
    assert lines_with(elsewhere, STATIC) == {}


def test_forms_that_post_are_guarded():
    """By Django's token, or, on pages that set no cookie, by the origin: those post to these addresses only."""
    by_origin = ("{% url 'set_language' %}", "{{ card.action }}")
    unguarded = []
    for path in PAGES:
        forms = re.findall(r'<form[^>]*method="post".*?</form>', path.read_text(encoding="utf-8"), re.DOTALL)
        for form in forms:
            if "csrf_token" not in form and not any(f'action="{address}"' in form for address in by_origin):
                unguarded.append((name_of(path), form.partition(">")[0]))
    assert unguarded == []
