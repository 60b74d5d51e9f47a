"""The ticket: a page, a PDF, a calendar entry, and the way to cancel. Whoever has the link has the ticket."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from marche.accounts.guard import resident_of
from marche.common.actors import Actor, Role
from marche.common.downloads import PDF, file_response
from marche.common.flash import say_refused
from marche.common.language import in_town_language
from marche.common.mail_question import MailQuestion
from marche.common.refusals import Refused
from marche.common.wording import day_in_words
from marche.markets.here import be_at
from orders.actions.cancel_order import cancel_order
from orders.actions.correct_contact import problem_of
from orders.actions.repeat_order import RepeatedOrder, repeat_order
from orders.cancellable import may_be_cancelled
from orders.documents.calendar import calendar_media_type, ticket_calendar
from orders.documents.ticket import ticket_pdf, ticket_qr
from orders.models import CODE_LENGTH, OrderChange, Pickup
from orders.presenters.card import card_of
from orders.presenters.ticket import parts_of
from orders.resident.forms import TicketAddressForm
from orders.resident.visitors import remember, visitor_of
from producers.models import Producer

View = Callable[..., HttpResponse]


def with_ticket(view: View) -> View:
    """Find the pickup of the link; say clearly when the link is wrong (404) or has expired (410)."""

    @wraps(view)
    def found(request: HttpRequest, code: str) -> HttpResponse:
        plain = code.replace("-", "").replace(" ", "").upper()
        pickup = Pickup.objects.with_related().filter(code=plain).first() if len(plain) == CODE_LENGTH else None
        if pickup is None:
            return render(request, "orders/resident/ticket_unknown.html", status=404)
        be_at(request, pickup.market)
        if pickup.has_expired():
            return render(request, "orders/resident/ticket_expired.html", status=410)
        response = view(request, pickup)
        patch_cache_control(response, private=True, no_store=True)
        response["X-Robots-Tag"] = "noindex"
        return response

    return found


@require_GET
@with_ticket
def ticket(request: HttpRequest, pickup: Pickup) -> HttpResponse:
    if pickup.is_pending:
        return redirect("payment", pickup.display_code)
    return ticket_page(request, pickup)


def ticket_page(
    request: HttpRequest,
    pickup: Pickup,
    *,
    address_form: TicketAddressForm | None = None,
    question: MailQuestion | None = None,
    status: int = 200,
) -> HttpResponse:
    """The ticket; with what was typed as its right address, and what is asked about it."""
    parts = parts_of(pickup)
    context = {
        "pickup": pickup,
        "parts": parts,
        "card": card_of(pickup),
        "done": sum(part.is_done for part in parts.to_visit),
        "paid_cents": sum(part.payment.cents for part in parts if part.payment),
        "my_stalls": Producer.objects.acted_for_by(request.user) if request.user.is_authenticated else (),
        "qr": ticket_qr(pickup),
        "can_cancel": may_be_cancelled(pickup, Role.RESIDENT),
        "day_changes": pickup.day.changes.filter(at__gte=pickup.placed_at).select_related("day__market"),
        "cancellation": _cancellation_by_others(pickup),
        "can_repeat": pickup.is_cancelled or not pickup.day.is_open,
    }
    if problem_of(pickup, by=resident_of(request)) is None:
        context |= {"address_form": address_form or TicketAddressForm(), "question": question}
    return render(request, "orders/resident/ticket.html", context, status=status)


def _cancellation_by_others(pickup: Pickup) -> OrderChange | None:
    """The change by which somebody other than the resident cancelled this order; None if there is none."""
    if not pickup.is_cancelled:
        return None
    return pickup.changes.filter(kind=OrderChange.Kind.CANCELLED, part=None).exclude(actor=Role.RESIDENT).first()


@require_GET
@with_ticket
def pdf(request: HttpRequest, pickup: Pickup) -> HttpResponse:
    if pickup.is_cancelled or pickup.is_pending:
        raise Http404
    name = f"billet-{pickup.number}-{pickup.day.date}.pdf"
    return file_response(ticket_pdf(pickup), name, PDF, inline=True)


@require_GET
@with_ticket
def calendar(request: HttpRequest, pickup: Pickup) -> HttpResponse:
    if pickup.is_pending:
        raise Http404
    media_type = f"{calendar_media_type(pickup)}; charset=utf-8"
    return file_response(ticket_calendar(pickup), f"marche-{pickup.day.date}.ics", media_type)


@require_POST
@with_ticket
def cancel(request: HttpRequest, pickup: Pickup) -> HttpResponse:
    """Cancel until the cutoff. The link is the authority, as a paper ticket is."""
    with in_town_language():
        reason = _("Cancelled by the resident, with the ticket")
    try:
        cancelled = cancel_order(pickup.pk, reason=reason, by=Actor.resident())
    except Refused as refusal:
        say_refused(request, refusal)
    else:
        card = card_of(cancelled)
        said = " ".join(card.sentences) if card else _("There is nothing to pay.")
        messages.success(request, " ".join((_("Your order is cancelled."), said)))
    return redirect(pickup)


@require_POST
@with_ticket
def repeat(request: HttpRequest, pickup: Pickup) -> HttpResponse:
    """Put the same goods into the visitor's basket, and say line by line what could not be had."""
    try:
        repeated = repeat_order(pickup.pk, visitor=visitor_of(request))
    except Refused as refusal:
        say_refused(request, refusal)
        return redirect(pickup)
    if repeated.items:
        messages.success(request, _said(repeated))
    for problem in repeated.missing:
        messages.warning(request, problem.sentence)
    response = redirect("basket")
    if repeated.basket:
        remember(response, repeated.basket)
    return response


def _said(repeated: RepeatedOrder) -> str:
    count = len(repeated.items)
    words = ngettext(
        "%(count)d product of your order is in your basket for %(day)s.",
        "%(count)d products of your order are in your basket for %(day)s.",
        count,
    )
    return words % {"count": count, "day": day_in_words(repeated.day.starts_at)}
