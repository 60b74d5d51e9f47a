"""No thumbnails are made: the demo's goods have no photographs, and Oscar's usual library would cost it time."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.conf import settings


class Thumbnail(NamedTuple):
    url: str


class AsItIs:
    """What OSCAR_THUMBNAILER names."""

    def generate_thumbnail(self, source: Any, **options: Any) -> Thumbnail:
        return Thumbnail(f"{settings.MEDIA_URL}{source}")

    def delete_thumbnails(self, source: Any) -> None:
        """There are none."""
