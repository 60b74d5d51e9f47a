"""Addresses: each has a name, each name is told once, and all of ours are in French, small letters and hyphens."""

import re
from collections import Counter

from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver

Address = tuple[str, str | None]


def ours(resolver: URLResolver, before: str = "") -> list[Address]:
    """(path, name) of every address but those of Django's administration, which names its own."""
    found: list[Address] = []
    for pattern in resolver.url_patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            found.append((path, pattern.name))
        elif pattern.namespace != admin.site.name:
            found += ours(pattern, path)
    return found


ADDRESSES = ours(get_resolver())


def test_every_address_has_a_name():
    assert len(ADDRESSES) > 30
    assert [path for path, name in ADDRESSES if not name] == []


def test_a_name_means_one_address():
    assert [name for name, count in Counter(name for _path, name in ADDRESSES).items() if count > 1] == []


def test_addresses_are_readable_and_end_alike():
    plain = [re.sub(r"<[^>]+>", "x", path) for path, _name in ADDRESSES]
    ends = r"([a-z0-9-]+/)*([a-z0-9-]+\.(pdf|csv|ics|json|xlsx))?"
    assert [path for path in plain if not re.fullmatch(ends, path)] == []
