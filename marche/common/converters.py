"""What addresses hold beside Django's own kinds."""

from __future__ import annotations

import datetime as dt


class DateConverter:
    """A date as 2026-11-28. What looks like one and is none (2026-02-30) does not match, so the page is not found."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> dt.date:
        return dt.date.fromisoformat(value)

    def to_url(self, value: dt.date | str) -> str:
        return value if isinstance(value, str) else value.isoformat()
