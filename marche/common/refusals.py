"""Why something can’t be done: one family, for all verbs."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError


@dataclass(frozen=True)
class Problem:
    """One thing that stands in the way. `code` is for tests and styles, `sentence` for people.

    `about`: the key of the row that it is about, among several: a listing, a product sheet. `field`: of a form.
    """

    code: str
    sentence: str
    about: int | None = None
    field: str = ""


class Refused(Exception):  # noqa: N818  (read as the verb’s answer: “refused”)
    """Nothing was changed. `problems` names everything that stood in the way."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(problem.code for problem in problems))
        self.problems = list(problems)

    @property
    def sentences(self) -> list[str]:
        return [problem.sentence for problem in self.problems]

    @classmethod
    def of(cls, error: ValidationError) -> Refused:
        """What a model’s own checks say, field by field."""
        by_field = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        return cls(
            *(
                Problem("invalid", sentence, field="" if field == NON_FIELD_ERRORS else field)
                for field, sentences in by_field.items()
                for sentence in sentences
            )
        )
