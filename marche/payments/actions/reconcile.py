"""Ask Stripe what has become of a payment, and bring the order in line with it.

The webhook, the return page, the poller and the manager's button all come here: an event is only a hint that it is
worth asking, so that one that comes twice, late or never does no harm.
"""

from __future__ import annotations

from django.db import transaction

from marche.payments.fetch import fetch
from marche.payments.hold import is_on_hold
from marche.payments.locks import lock_payment
from marche.payments.models import PaymentAttempt
from marche.payments.record import record_and_follow
from marche.payments.refusals import OnHoldError


def reconcile(attempt_id: int, *, patient: bool = True, end: bool = False) -> PaymentAttempt:
    """Bring an attempt and its order to what Stripe says, and return the attempt.

    `end`: close the page to whoever has not paid yet. `patient`: wait for Stripe as a task may, not as a page. An order
    is cancelled only when Stripe says that nobody paid it. Raises StripeError, changing nothing, when Stripe gives no
    answer or the books are on hold after a restore, and PaymentAttempt.DoesNotExist.
    """
    if is_on_hold():  # after a restore: adopt_from_stripe looks first at what is not known here
        raise OnHoldError("books-on-hold")
    seen = fetch(PaymentAttempt.objects.get(pk=attempt_id), patient=patient, end=end)
    with transaction.atomic(durable=True):
        order, attempt = lock_payment(attempt_id)
        record_and_follow(order, attempt, seen)
    return attempt
