"""Reading a page as a person does."""

from __future__ import annotations

import html
import re
from typing import Any


def words(response: Any) -> str:
    """The words of a page: entities read, every kind of space one space; tags stay."""
    return re.sub(r"\s+", " ", html.unescape(response.content.decode()))
