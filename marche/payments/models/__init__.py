"""Money: what residents pay by card, what each producer's share of it is, and what was asked of Stripe."""

from marche.payments.models.accounts import Account
from marche.payments.models.attempts import LIVE, PaymentAttempt, Share
from marche.payments.models.books import Books
from marche.payments.models.events import Comparison, Dispute, StripeEvent
from marche.payments.models.instructions import CAME_BACK, Instruction, Movement

__all__ = [
    "CAME_BACK",
    "LIVE",
    "Account",
    "Books",
    "Comparison",
    "Dispute",
    "Instruction",
    "Movement",
    "PaymentAttempt",
    "Share",
    "StripeEvent",
]
