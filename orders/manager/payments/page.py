"""The payments of a market as its manager sees them: first whether all is in order, then the figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from marche.markets.models import Market
from marche.payments.accounts import ProducerAccount, accounts_of
from marche.payments.hold import is_on_hold
from marche.payments.models import Comparison, PaymentAttempt
from orders.manager.payments.books import about_orders
from orders.manager.payments.figures import figures_of
from orders.manager.payments.findings import Finding, Kind
from orders.manager.payments.producers import about_producers
from orders.manager.payments.stripe import about_comparison, about_disputes, about_requests
from orders.presenters.tables import Table


@dataclass(frozen=True)
class PaymentsPage:
    """`kinds`: those of which something was found. `compared`: the last comparison with Stripe's books."""

    kinds: Sequence[Kind]
    figures: Table
    accounts: Sequence[ProducerAccount]
    compared: Comparison | None
    has_payments: bool

    @property
    def count(self) -> int:
        """How many things are to be looked at."""
        return sum(len(kind.findings) for kind in self.kinds)


def payments_of(market: Market, problem: str = "") -> PaymentsPage:
    """All of it, in a fixed number of queries. `problem`: what is wrong with the till's keys, in a sentence."""
    now = timezone.now()
    accounts = accounts_of(market) if market.till else []
    compared = Comparison.objects.filter(till=market.till).first() if market.till else None
    kinds = [
        Kind("keys", _("The access to Stripe"), problem, [Finding()] if problem else []),
        Kind(
            "held",
            _("Payments are on hold"),
            _(
                "The database was restored from a backup. Nothing is asked of Stripe until the administrator of the "
                "server has run “after_restore”, so that nothing is paid twice."
            ),
            [Finding()] if market.till and is_on_hold() else [],
        ),
        *about_orders(market, now),
        *about_requests(market, now),
        about_disputes(market, now),
        *about_producers(market, accounts, now),
        *about_comparison(market, compared, now),
    ]
    return PaymentsPage(
        kinds=[kind for kind in kinds if kind.findings],
        figures=figures_of(market, now),
        accounts=accounts,
        compared=compared,
        has_payments=PaymentAttempt.objects.filter(order__pickup__day__market=market).exists(),
    )
