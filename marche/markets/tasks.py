"""What runs by itself for markets."""

from celery import shared_task

from marche.markets.actions import generate_days as verb
from marche.markets.models import Market


@shared_task
def generate_days() -> None:
    """Make the coming days of every active market."""
    for market in Market.objects.active():
        verb.generate_days(market)
