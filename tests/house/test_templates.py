"""Pages under a strict content security policy: nothing inline, nothing from elsewhere."""

import re
from collections.abc import Callable
from pathlib import Path

from tests.house.tree import files, lines_with, name_of, templates

PAGES = [path for path in templates() if path.suffix == ".html"]
STATIC = [path for path in files("marche/static") if path.suffix in (".css", ".js", ".svg", ".html")]

# Forms without Django's token, on pages that set no cookie: their views are guarded by the origin (marche/origin.py).
BY_ORIGIN = {
    ("templates/base.html", "{% url 'set_language' %}"),
    ("templates/components/stepper.html", "{{ action }}"),
    ("templates/orders/resident/line_offer.html", "{% url 'basket-line' asked.listing_id %}"),
    ("templates/producers/catalogue/partials/card.html", "{{ card.action }}"),
    ("templates/producers/catalogue/partials/product.html", "{{ card.action }}"),
}


def tags(path: Path) -> list[str]:
    """The opening tags of a template, without its comments and without what Django puts in."""
    text = re.sub(r"{#.*?#}|{% comment.*?endcomment %}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r"{%.*?%}|{{.*?}}", "", text, flags=re.DOTALL)
    return re.findall(r"<[a-zA-Z][^>]*>", text)


def found(is_wrong: Callable[[str], object]) -> list[tuple[str, str]]:
    return [(name_of(path), tag) for path in PAGES for tag in tags(path) if is_wrong(tag)]


def test_pages_have_no_style_of_their_own():
    assert found(lambda tag: tag.startswith("<style") or re.search(r"\sstyle\s*=", tag)) == []


def test_pages_have_no_script_of_their_own():
    assert found(lambda tag: tag.startswith("<script") and " src=" not in tag) == []
    assert found(lambda tag: re.search(r"\son\w+\s*=", tag) or "javascript:" in tag) == []


def test_pages_load_nothing_from_elsewhere():
    loads = re.compile(r"<(script|link|img|iframe|source|video|audio|object|embed|use)\b")
    assert found(lambda tag: loads.match(tag) and re.search(r"""=\s*["']?(https?:)?//""", tag)) == []


def test_styles_scripts_and_drawings_load_nothing_from_elsewhere():
    url = r"""["']?(https?:)?//"""
    elsewhere = re.compile(rf"url\(\s*{url}|@import|(import|fetch|from)\b.*{url}|href={url}")
    assert lines_with(elsewhere, STATIC) == {}


def test_forms_that_post_carry_djangos_token_or_go_where_the_origin_is_looked_at():
    without = set()
    for path in PAGES:
        forms = re.findall(r'<form[^>]*method="post".*?</form>', path.read_text(encoding="utf-8"), re.DOTALL)
        for form in forms:
            if "csrf_token" not in form:
                action = re.search(r'action="([^"]*)"', form)
                without.add((name_of(path), action[1] if action else ""))
    assert without == BY_ORIGIN


def test_times_are_written_by_our_own_filters():
    """Those of marche/common/wording.py go by the clock of the market; what has no market may be written by Django."""
    by_django = re.compile(r"\|\s*(date|time|timesince|timeuntil|naturaltime|localtime|utc)\b|{%\s*now\b")
    assert set(lines_with(by_django, templates())) == {"templates/mfa/index.html"}


def test_a_page_of_several_markets_shows_each_by_its_own_clock():
    several = {
        "templates/orders/resident/account/account.html", "templates/orders/resident/basket.html",
        "templates/orders/manager/days_table.html", "templates/producers/catalogue/partials/board.html",
        "templates/orders/resident/waiting.html", "templates/producers/workspace/home.html",
    }  # fmt: skip
    assert set(lines_with(re.compile(r"{% timezone [\w.]+\.clock %}"), templates())) == several
