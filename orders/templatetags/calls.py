"""The list of calls in templates."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

from orders.calls import Fact

register = template.Library()


@register.filter
def said_of(said: Mapping[str, str], fact: Fact) -> str:
    """What is said of this fact; a dash for one that nobody knows any more."""
    return said.get(fact.key, "–")
