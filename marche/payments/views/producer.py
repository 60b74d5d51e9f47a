"""A producer's payments by card: its account at Stripe, and the way there."""

from __future__ import annotations

import logging

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from marche.payments.accounts import TillAccount, accounts_for
from marche.payments.actions.onboarding_link import onboarding_link
from marche.payments.actions.open_account import open_account
from marche.payments.actions.refresh_account import refresh_account
from marche.payments.models import Account
from marche.payments.refusals import RefusedError, StripeError, UnreachableError
from marche.payments.statements import statement_days
from producers.models import Producer
from producers.workspace.guard import for_members

logger = logging.getLogger(__name__)


@require_GET
@for_members
def producer_payments(request: HttpRequest, producer: Producer) -> HttpResponse:
    """Each till's account and what to do next, and the statements. Stripe sends the producer back to `?retour=1`."""
    tills = accounts_for(producer)
    said = _refreshed(tills) if "retour" in request.GET else None
    context = {
        "producer": producer,
        "tills": tills,
        "returned": said,
        "statements": statement_days(producer),
        "area": "payments",
    }
    return render(request, "payments/producer.html", context)


@require_POST
@for_members
def producer_account(request: HttpRequest, producer: Producer, till: str) -> HttpResponse:
    """Make the account if there is none, and lead to Stripe's questions."""
    _own(producer, till)
    try:
        return _to_stripe(request, open_account(producer.pk, till_name=till))
    except StripeError as error:
        return _refused(request, producer, error)


@require_GET
@for_members
def producer_account_again(request: HttpRequest, producer: Producer, till: str) -> HttpResponse:
    """Stripe sends here whoever comes with a link that is no longer good: a new one is made."""
    account = _own(producer, till).account
    if account is None or not account.stripe_id:
        return redirect("producer-payments", producer.slug)
    try:
        return _to_stripe(request, account)
    except StripeError as error:
        return _refused(request, producer, error)


def _own(producer: Producer, till: str) -> TillAccount:
    """The producer's account at a till of one of its markets; any other does not exist (Http404)."""
    found = next((one for one in accounts_for(producer) if one.till == till), None)
    if found is None:
        raise Http404
    return found


def _to_stripe(request: HttpRequest, account: Account) -> HttpResponse:
    slug = account.producer.slug
    again = request.build_absolute_uri(reverse("producer-account-again", args=[slug, account.till]))
    back = request.build_absolute_uri(reverse("producer-payments", args=[slug]) + "?retour=1")
    link = onboarding_link(account.pk, refresh_url=again, return_url=back)
    return HttpResponse(status=303, headers={"Location": link})


def _refused(request: HttpRequest, producer: Producer, error: StripeError) -> HttpResponse:
    messages.error(request, _why(error))
    return redirect("producer-payments", producer.slug)


def _why(error: StripeError) -> str:
    """What a producer can do about it."""
    if isinstance(error, UnreachableError):
        return _("Stripe does not answer just now. Nothing is lost: try again in a few minutes.")
    logger.error("an account at Stripe: %s %s", type(error).__name__, error)
    if isinstance(error, RefusedError):
        return _("Stripe refuses this. Ask the market’s manager for help.")
    return _("The market’s access to Stripe does not work just now. The market’s manager can see why.")


def _refreshed(tills: list[TillAccount]) -> bool:
    """Whether all that Stripe had to say of these accounts was read."""
    try:
        for one in tills:
            if one.account:
                one.account = refresh_account(one.account.pk, patient=False)
    except StripeError as error:
        logger.warning("accounts were not read: %s %s", type(error).__name__, error)
        return False
    return True
