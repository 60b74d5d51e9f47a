"""What runs by itself for accounts."""

from celery import shared_task

from marche.accounts.actions import forget_codes as codes


@shared_task
def forget_codes() -> None:
    """Delete codes that are no longer counted, and sessions that are over."""
    codes.forget_codes()
