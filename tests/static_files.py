"""The static files are read once, not for each browser of a test."""

from __future__ import annotations

import pytest
from whitenoise.base import WhiteNoise
from whitenoise.responders import Redirect, StaticFile


def read_static_files_once(patch: pytest.MonkeyPatch) -> None:
    """Each new `Client` builds the middlewares anew; WhiteNoise reads 900 files then: more than half of a page’s test.

    Nothing else of it is changed: what a folder held when the first of them looked, all others find too.
    """
    scan = WhiteNoise.update_files_dictionary
    found: dict[tuple[str, str], dict[str, StaticFile | Redirect]] = {}

    def update(noise: WhiteNoise, root: str, prefix: str) -> None:
        if (root, prefix) not in found:
            before = dict(noise.files)
            scan(noise, root, prefix)
            found[root, prefix] = {url: file for url, file in noise.files.items() if before.get(url) is not file}
        noise.files.update(found[root, prefix])

    patch.setattr(WhiteNoise, "update_files_dictionary", update)
