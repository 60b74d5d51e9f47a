"""What may come back from Stripe instead of an answer."""

from __future__ import annotations

GONE = ("account_invalid", "account_closed")  # Stripe's codes for an account that has disconnected from us


class StripeError(Exception):
    """`code` is Stripe's, or our own word; it names nobody. The message may, and stays out of logs."""

    def __init__(self, code: str, sentence: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence


class UnreachableError(StripeError):
    """No answer, or one that says nothing about what was done: ask again later, with the same key."""


class OnHoldError(UnreachableError):
    """Our books are on hold after a restore (hold.py): nothing is asked that could be done twice."""


class KeyRefusedError(StripeError):
    """Stripe doesn't know our key, or it may not do this: nothing was done."""


class RefusedError(StripeError):
    """Stripe says no, and would say it again: nothing was done."""


class NoTillError(StripeError):
    """No key stands in the settings for this till (any more)."""
