"""An order's e-mail address is put right, and the ticket goes to the new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from marche.outbox.actions.queue import queue
from marche.outbox.models import Message
from orders.control.messages import ORDER_KINDS
from orders.locks import lock_pickup
from orders.models import OrderChange, Pickup
from orders.refusals import Problem, Refused

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

CONFIRMATION = "order-confirmation"
MOST = 3  # corrections of an order: whoever found a ticket can't send mails to the whole town with it


def correct_contact(pickup_id: int, *, email: str, actor: str, user: User | AnonymousUser | None = None) -> Pickup:
    """Write `email` in place of the address of an order, or beside its telephone number.

    The confirmation leaves again, to the new address; what waits for the old one, or failed there, goes to the new one
    too, and the old one gets nothing more. The history says who and when, and neither address. The same address again
    changes nothing. Raises Refused, see `problem_of`, and Pickup.DoesNotExist.
    """
    with transaction.atomic(durable=True):
        pickup = lock_pickup(pickup_id)
        if email == pickup.email:
            return pickup
        if problem := problem_of(pickup, user):
            raise Refused(problem)
        old, pickup.email = pickup.email, email
        pickup.save(update_fields=["email"])
        with translation.override(settings.LANGUAGE_CODE):  # whoever reads it is of the town
            reason = _("The e-mail address was corrected.")
        OrderChange.objects.create(
            pickup=pickup,
            kind=OrderChange.Kind.CONTACT,
            at=timezone.now(),
            actor=actor,
            user=user if user and user.is_authenticated else None,
            reason=reason,
        )
        _send_on(pickup, old)
        queue(CONFIRMATION, pickup.pk, email, revision=1 + _count(pickup), language=pickup.language)
    return pickup


def problem_of(pickup: Pickup, user: User | AnonymousUser | None) -> Problem | None:
    """Why the address of this order can't be corrected by who holds its ticket: None when it can.

    An address that was proven, and an order of an account, belong to somebody who reads mail there: only that person,
    signed in, may send the ticket elsewhere.
    """
    if pickup.is_cancelled:
        return Problem("cancelled", _("This order is cancelled: its address stays as it is."))
    if pickup.is_pending:
        return Problem("pending", _("This order waits for its payment: its address can be corrected afterwards."))
    if timezone.now() >= pickup.day.ends_at:
        return Problem("too-late", _("This market day is over: the address of its orders stays as it is."))
    if (owner := _owner(pickup)) and owner != (user.pk if user else None):
        sentence = _("This order belongs to an account: sign in with it to correct the address.")
        return Problem("not-yours", sentence)
    if _count(pickup) >= MOST:
        return Problem("too-often", _("This address was corrected several times already: telephone the market."))
    return None


def _owner(pickup: Pickup) -> int | None:
    """The account that the order belongs to, or will once its person signs in."""
    if pickup.order.user_id or not pickup.email:
        return pickup.order.user_id
    proven = EmailAddress.objects.filter(email__iexact=pickup.email, verified=True)
    return proven.values_list("user", flat=True).first()


def _count(pickup: Pickup) -> int:
    return pickup.changes.filter(kind=OrderChange.Kind.CONTACT).count()


def _send_on(pickup: Pickup, old: str) -> None:
    """What did not reach the old address goes to the new one; a confirmation is written anew."""
    mails = Message.objects.filter(kind__in=ORDER_KINDS, subject_id=pickup.pk, recipient=old)
    unsent = mails.exclude(state=Message.State.SENT)
    unsent.filter(kind=CONFIRMATION).delete()
    facts = [(mail.kind, mail.revision, mail.language) for mail in unsent]
    unsent.delete()
    for kind, revision, language in facts:
        queue(kind, pickup.pk, pickup.email, revision=revision, language=language)
