"""How a page says why something was refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages

if TYPE_CHECKING:
    from django.forms import BaseForm
    from django.http import HttpRequest

    from marche.common.refusals import Refused


def say_refused(request: HttpRequest, refusal: Refused, level: int = messages.ERROR) -> None:
    """One message on the next page for each thing that stood in the way."""
    for sentence in refusal.sentences:
        messages.add_message(request, level, sentence)


def refuse_form(form: BaseForm, refusal: Refused, field: str | None = None) -> None:
    """Each thing that stood in the way at its field of the form; else at `field`, or above them all."""
    for problem in refusal.problems:
        form.add_error(problem.field if problem.field in form.fields else field, problem.sentence)
