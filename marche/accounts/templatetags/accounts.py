"""Codes and keys as people read them."""

from django import template

register = template.Library()


@register.filter
def in_groups(text: str, size: int) -> str:
    """ "ABCDEFGH" by 4 is "ABCD EFGH"."""
    return " ".join(text[start : start + size] for start in range(0, len(text), size))
