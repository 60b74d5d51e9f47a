"""What runs by itself for markets."""

import logging

from celery import shared_task

from marche.markets.actions.generate_days import generate_days as generate_days_verb
from marche.markets.models import Market

logger = logging.getLogger(__name__)


@shared_task
def generate_days() -> None:
    """Make the coming days of every active market. One whose days can't be made does not keep others from theirs."""
    for market in Market.objects.active():
        try:
            generate_days_verb(market.pk)
        except Exception:
            logger.exception("the days of market %s could not be made", market.pk)
