"""What runs by itself for accounts."""

from celery import shared_task

from marche.accounts.actions.forget_codes import forget_codes as forget_codes_verb


@shared_task
def forget_codes() -> None:
    """Delete codes that are no longer counted, and sessions that are over."""
    forget_codes_verb()
