"""What has become of an order's payment by card, in words: from what Stripe did, not from what we wanted."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from marche.common.wording import day_in_words, euros, hour
from marche.payments.deadlines import capture_time
from marche.payments.ledger import underpaid
from marche.payments.models import Dispute, Instruction, PaymentAttempt, Share
from orders.presenters.paying import paying_of_card, paying_words

if TYPE_CHECKING:
    from orders.models import Pickup

State = PaymentAttempt.State


@dataclass(frozen=True)
class Card:
    """The last attempt to pay an order by card; amounts in cents. `refunding_cents` is asked and not done yet."""

    attempt: PaymentAttempt
    is_cancelled: bool
    pay_until: dt.datetime | None = None
    charged_at: dt.datetime | None = None
    asked_cents: int = 0  # while nobody has paid: the most that is owed, less what was taken off since
    refunded_cents: int = 0
    refunding_cents: int = 0
    short_cents: int = 0  # what is due and was not taken: somebody took less by hand, or gave back more
    contested_cents: int = 0  # with the resident's bank, which has not decided
    lost_cents: int = 0  # that the resident's bank has given back

    @property
    def kept_cents(self) -> int:
        """What was taken and not given back."""
        return (self.attempt.captured_cents or 0) - self.refunded_cents

    @property
    def sentences(self) -> list[str]:
        """One after the other: what is authorised, captured and refunded."""
        authorised = {"amount": euros(self.attempt.amount_cents)}
        if self.attempt.state == State.CAPTURED:
            return self._taken()
        if self.attempt.state == State.AUTHORISED:
            return self._authorised(authorised)
        if self.attempt.state == State.VOIDED:
            sentence = _(
                "Nothing was taken, and the %(amount)s reserved on your card are free again: "
                "your bank may show it some days later."
            )
            return [sentence % authorised]
        if self.attempt.is_waiting and self.pay_until:
            words = {"amount": euros(self.asked_cents), "hour": hour(self.pay_until)}
            return [_("%(amount)s at most are to be paid by card before %(hour)s.") % words]
        return [_("Nothing was taken from your card.")]

    @property
    def words(self) -> str:
        """ "Réservé sur la carte"."""
        return paying_words(paying_of_card(self.attempt.state, is_cancelled=self.is_cancelled))

    @property
    def is_reserved(self) -> bool:
        return self.attempt.state == State.AUTHORISED

    @property
    def facts(self) -> list[tuple[str, str]]:
        """For a manager: (what, amount), what is not nothing."""
        amounts: list[tuple[str, int | None]] = [
            (pgettext("money", "Authorised at most"), self.attempt.amount_cents),
            (pgettext("money", "Charged"), self.attempt.captured_cents),
            (_("Given back"), self.refunded_cents),
            (_("Being given back"), self.refunding_cents),
            (_("Less than due"), self.short_cents),
            (pgettext("amount", "Contested"), self.contested_cents),
            (_("Lost in a dispute"), self.lost_cents),
            (_("Stripe’s fee"), self.attempt.fee_cents),
        ]
        return [(what, euros(cents)) for what, cents in amounts if cents]

    def _authorised(self, authorised: dict[str, str]) -> list[str]:
        if self.is_cancelled:
            return [
                _("Nothing was taken. Your bank has been asked to free the %(amount)s reserved on your card.")
                % authorised
            ]
        said = [_("%(amount)s at most are reserved on your card.") % authorised]
        if self.charged_at:
            words = {"day": day_in_words(self.charged_at), "hour": hour(self.charged_at)}
            said.append(_("What is really due is taken on %(day)s at %(hour)s.") % words)
        return said

    def _taken(self) -> list[str]:
        said = [_("%(amount)s were taken from your card.") % {"amount": euros(self.attempt.captured_cents or 0)}]
        if self.refunded_cents:
            said.append(_("%(amount)s were given back to your card.") % {"amount": euros(self.refunded_cents)})
        if self.refunding_cents:
            said.append(_("%(amount)s are being given back to your card.") % {"amount": euros(self.refunding_cents)})
        if self.short_cents:
            sentence = _("This is %(amount)s less than what is due: nothing more can be taken from your card.")
            said.append(sentence % {"amount": euros(self.short_cents)})
        if self.contested_cents:
            sentence = _("You contest %(amount)s with your bank, which has not decided yet.")
            said.append(sentence % {"amount": euros(self.contested_cents)})
        if self.lost_cents:
            sentence = _("Your bank has given you back the %(amount)s that you contested.")
            said.append(sentence % {"amount": euros(self.lost_cents)})
        return said


def card_of(pickup: Pickup) -> Card | None:
    """The card payment of an order, None for one that never had any.

    One query, one more for what waits to be paid, three more for what was.
    """
    attempt = PaymentAttempt.objects.filter(order=pickup.pk).order_by("-pk").first()
    if attempt is None:
        return None
    refunds = Instruction.objects.filter(attempt=attempt, kind=Instruction.Kind.REFUND).order_by()
    paid = attempt.state == State.CAPTURED
    sums = dict(refunds.values_list("state").annotate(Sum("cents"))) if paid else {}
    return Card(
        attempt=attempt,
        is_cancelled=pickup.is_cancelled,
        pay_until=pickup.to_be_paid_by,
        charged_at=capture_time(pickup.day, attempt.capture_before),
        asked_cents=_due(attempt) if attempt.is_waiting else 0,
        refunded_cents=sums.get(Instruction.State.DONE, 0),
        refunding_cents=sums.get(Instruction.State.WAITING, 0),
        **(_what_is_wrong(attempt) if paid else {}),
    )


def _due(attempt: PaymentAttempt) -> int:
    return sum(share.due_cents for share in attempt.shares.all())


def _what_is_wrong(attempt: PaymentAttempt) -> dict[str, int]:
    disputes = [dispute for dispute in Dispute.objects.filter(attempt=attempt) if not dispute.is_won]
    less = underpaid(Share.objects.filter(attempt=attempt))
    return {
        "short_cents": sum(row.share.due_cents - row.kept_cents for row in less),
        "contested_cents": sum(dispute.cents for dispute in disputes if not dispute.is_lost),
        "lost_cents": sum(dispute.cents for dispute in disputes if dispute.is_lost),
    }
