"""What a manager does about the accounts of producers: look again."""

from __future__ import annotations

import logging

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marche.markets.guard import for_managers
from marche.markets.models import Market
from marche.payments.account_words import badge
from marche.payments.accounts import state_of
from marche.payments.actions.refresh_account import refresh_account
from marche.payments.models import Account
from marche.payments.refusals import StripeError

logger = logging.getLogger(__name__)


@require_POST
@for_managers
def refresh(request: HttpRequest, market: Market, account_id: int) -> HttpResponse:
    """Ask Stripe how the account of a producer of this market is."""
    own = Account.objects.filter(till=market.till, producer__partner__stalls__market=market)
    found = get_object_or_404(own.select_related("producer__partner"), pk=account_id)
    name = found.producer.name
    try:
        account = refresh_account(found.pk, patient=False)
    except StripeError as error:
        logger.warning("account %s was not read: %s %s", found.pk, type(error).__name__, error)
        messages.error(
            request, _("Stripe did not say how the account of %(name)s is. Try again later.") % {"name": name}
        )
    else:
        said = _("Account of %(name)s at Stripe: %(state)s.")
        messages.success(request, said % {"name": name, "state": badge(state_of(account)).text})
    return redirect("manage-payments", market.slug)
