"""What a refusal says on the next page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages

if TYPE_CHECKING:
    from django.http import HttpRequest

    from orders.refusals import Refused


def say_refused(request: HttpRequest, refusal: Refused, level: int = messages.ERROR) -> None:
    """One message for each thing that stood in the way."""
    for problem in refusal.problems:
        messages.add_message(request, level, problem.sentence)
