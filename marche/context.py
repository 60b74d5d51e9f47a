"""What every page's head and foot show. It asks nothing of the database."""

from django.conf import settings
from django.http import HttpRequest

from marche.markets.here import market_of


def site(request: HttpRequest) -> dict[str, str]:
    """The name at the head: the market's that the page is about, else the site's."""
    market = market_of(request)
    return {"brand": market.name if market else settings.SITE_NAME}
