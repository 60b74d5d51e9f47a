"""What every page's head and foot show. It asks nothing of the database."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, str]:
    return {"brand": settings.SITE_NAME}
