"""Why an order or a change of a basket is refused: exactly what is missing, in words for the resident."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that stands in the way. `code` is for tests and styles, `sentence` for people."""

    code: str
    sentence: str
    listing_id: int | None = None


class Refused(Exception):  # noqa: N818  (read as the verb’s answer: “refused”)
    """Nothing was changed. `problems` names everything that stood in the way."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(problem.code for problem in problems))
        self.problems = list(problems)
