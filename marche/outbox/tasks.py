"""What sends by itself. Both tasks may run any number of times, at once, and at any moment."""

from celery import shared_task

from marche.outbox.actions.relay import relay


@shared_task
def send(message_id: int) -> None:
    """Send one message, if it is still due."""
    relay(only=message_id)


@shared_task
def sweep() -> None:
    """Send all that is due."""
    relay()
