"""What a verb answers when it refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from marche.common.refusals import Problem, Refused


def problems_of(verb: Callable[..., object], *args: Any, **values: Any) -> list[Problem]:
    """All that stands in the way; the test fails when nothing does."""
    with pytest.raises(Refused) as refused:
        verb(*args, **values)
    return refused.value.problems


def codes_of(verb: Callable[..., object], *args: Any, **values: Any) -> list[str]:
    return [problem.code for problem in problems_of(verb, *args, **values)]


def refusal(verb: Callable[..., object], *args: Any, **values: Any) -> str:
    """The code of the one thing that stands in the way."""
    [code] = codes_of(verb, *args, **values)
    return code
