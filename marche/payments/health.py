"""What is wrong with a market's payments by card, for its manager and the log."""

from __future__ import annotations

import datetime as dt
import logging

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _

from marche.markets.models import Market
from marche.payments.cache_keys import KEY_STATE, cache_key
from marche.payments.gateway import Gateway
from marche.payments.models import PaymentAttempt, StripeEvent
from marche.payments.refusals import KeyRefusedError, StripeError
from marche.payments.tills import Till, till_named

logger = logging.getLogger(__name__)

SILENCE = dt.timedelta(days=7)
GRACE = dt.timedelta(hours=1)  # for the events of a payment that was just made
CACHED_SECONDS = 600  # what Stripe said of a key
KEPT_UNREACHABLE_SECONDS = 60


def till_problem(market: Market) -> str:
    """Why cards can't be taken on this market, in whole sentences; empty when all is well, or no cards are wanted.

    Network, hence never inside a transaction: Stripe is asked about the key, once in ten minutes.
    """
    if not market.till:
        return ""
    till = till_named(market.till)
    if till is None:
        return _("No key stands in the settings for the till “%(till)s”.") % {"till": market.till}
    if till.problem:
        return till.problem
    return " ".join(said for said in (_about_key(till), _about_connect(till), _about_events(till)) if said)


def _about_key(till: Till) -> str:
    return {
        "good": "",
        "refused": _("Stripe refuses the key of the till “%(till)s”.") % {"till": till.name},
        "unreachable": _("Stripe does not answer just now."),
    }[_key_state(till)]


def _key_state(till: Till) -> str:
    name = cache_key(KEY_STATE, till)
    state = cache.get(name)
    if state is None:
        state = _asked(till)
        seconds = KEPT_UNREACHABLE_SECONDS if state == "unreachable" else CACHED_SECONDS
        cache.set(name, state, seconds)
    return str(state)


def _asked(till: Till) -> str:
    try:
        Gateway(till, patient=False).check_key()
    except KeyRefusedError as error:
        logger.error("Stripe refuses the key of a till: %s", error)
        return "refused"
    except StripeError as error:
        logger.warning("Stripe does not answer about a key: %s", error)
        return "unreachable"
    return "good"


def _about_connect(till: Till) -> str:
    if till.connect_secrets:
        return ""
    said = _("The till “%(till)s” has no secret for its webhook about producers’ accounts.")
    return said % {"till": till.name}


def _about_events(till: Till) -> str:
    """Payments were made, and no event came with them: the webhook does not reach us."""
    now = timezone.now()
    paid = PaymentAttempt.objects.filter(till=till.name, authorised_at__gt=now - SILENCE, authorised_at__lt=now - GRACE)
    heard = StripeEvent.objects.filter(till=till.name, received_at__gt=now - SILENCE)
    if heard.exists() or not paid.exists():
        return ""
    return _(
        "Stripe has sent no event for a week, although payments were made: its webhook may have the wrong address or "
        "secret. Payments are still looked up, only later."
    )
