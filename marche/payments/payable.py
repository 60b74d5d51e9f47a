"""What payments must ask of what is paid by card. The app above registers it; payments know none of its rows.

An order, here, is what `lock` returns: a row with the key of Oscar's order. Payments hand it back to the other
functions, inside the transaction in which it was locked, and never look into it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from django.db.models import Model

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from marche.markets.models import MarketDay
    from marche.payments.models import Comparison, Dispute, Instruction, PaymentAttempt

Order = TypeVar("Order", bound=Model)


@dataclass(frozen=True)
class PartCharge:
    """What a card owes one producer of an order: cents, None once the part is cancelled; when it was handed over."""

    producer_id: int
    cents: int | None
    handed_over_at: dt.datetime | None


class Payable(Protocol[Order]):
    """What can be paid by card."""

    def lock(self, order_id: int) -> Order:
        """Lock an order until the transaction ends; before its attempt. Raises DoesNotExist."""

    def day(self, order: Order) -> MarketDay:
        """The market day on which it is collected."""

    def is_cancelled(self, order: Order) -> bool:
        """Whether nothing of it is wanted any more."""

    def charges(self, order: Order) -> list[PartCharge]:
        """What the card owes for its parts now, also for cancelled ones. One query, and one of lines."""

    def follow(self, order: Order, attempt: PaymentAttempt) -> None:
        """Bring it in line with an attempt that is locked. Doing it again changes nothing."""

    def confirm_quietly(self, order: Order) -> None:
        """After a restore: it was paid, and its resident was told so before. One that waits no more stays as it is."""

    def fit(
        self, order: Order, attempt: PaymentAttempt, transferred_at: Mapping[int, dt.datetime], *, is_new: bool
    ) -> None:
        """After a restore: bring its parts to what was captured and transferred (when, by producer) for them.

        `is_new`: the money was captured since the backup.
        """

    def tell_refund(self, order: Order, refund: Instruction) -> None:
        """Tell its resident of a refund that is done."""

    def tell_dispute(self, order: Order, dispute: Dispute) -> None:
        """Tell the managers that its payment is contested, or that the bank has decided."""

    def tell_differences(self, comparison: Comparison) -> None:
        """Tell the managers of a till's markets that our books and Stripe's differ."""


_registered: list[Payable[Any]] = []


def register(port: Payable[Any]) -> None:
    """Say what can be paid by card. Called once, from an app's `ready`."""
    _registered[:] = [port]


def payable() -> Payable[Any]:
    """What was registered. Raises IndexError when nothing was."""
    return _registered[0]
