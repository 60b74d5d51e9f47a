"""Where Stripe tells what happened: checked, written down, answered at once."""

from __future__ import annotations

import logging

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from marche.payments.actions.receive_event import receive_event
from marche.payments.incoming import RefusedEventError, is_known, read_event
from marche.payments.tills import till_named

logger = logging.getLogger(__name__)


@csrf_exempt  # its signature is better than a token
@require_POST
def platform(request: HttpRequest, till: str) -> HttpResponse:
    """What happened at the town's own account."""
    return _received(request, till, connect=False)


@csrf_exempt
@require_POST
def connect(request: HttpRequest, till: str) -> HttpResponse:
    """What happened at the accounts of producers."""
    return _received(request, till, connect=True)


def _received(request: HttpRequest, till_name: str, *, connect: bool) -> HttpResponse:
    """200 once it is kept, or needs no keeping; 400 for what Stripe did not send; 500, of itself, when we fail."""
    till = till_named(till_name)
    if till is None:
        raise Http404
    try:
        seen = read_event(till, request.body, request.headers.get("Stripe-Signature", ""), connect=connect)
    except RefusedEventError as refusal:
        logger.warning("an event for the till %s is refused: %s", till_name, refusal)
        return HttpResponse(status=400)
    if is_known(seen, connect=connect):
        receive_event(till.name, seen=seen)
    return HttpResponse(status=200)
