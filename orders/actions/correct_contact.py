"""Correct the name, telephone number or e-mail address of an order, and send the ticket to the right address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from marche.common.actors import Actor, Role
from marche.common.language import in_town_language
from marche.common.names import clean_line
from marche.common.refusals import Problem, Refused
from marche.common.telephone import phone as shown
from marche.markets.locks import lock_day
from marche.outbox.actions.queue import queue
from marche.outbox.models import Message
from orders.locks import lock_pickup
from orders.mail_kinds import CALLED_RESIDENTS, ORDER_KINDS, Mail
from orders.models import OrderChange, Pickup, Shortage
from orders.steps.revise_summaries import revise_summaries
from orders.steps.tell import tell

if TYPE_CHECKING:
    pass

MOST_CORRECTIONS = 3  # corrections of an order: whoever found a ticket can't send mails to the whole town with it


def correct_contact(
    pickup_id: int,
    *,
    email: str | None = None,
    name: str | None = None,
    phone: object = None,
    by: Actor,
) -> Pickup:
    """Write the name, the telephone number or the e-mail address of an order anew; what is None stays.

    With another address or name the confirmation leaves again. What waits for the old address, or failed there, goes to
    the new one, and the old one gets nothing more; without any, the managers are asked to call, and whom they were to
    call gets a mail once there is an address. Producers whose summary names the resident get a revision. The history
    says who corrected what, and none of it. The same contact again changes nothing. Raises Refused, see `problem_of`,
    also when nobody could be reached any more, and Pickup.DoesNotExist.
    """
    with transaction.atomic(durable=True):
        pickup = lock_pickup(pickup_id)
        changed = _changed(pickup, {"name": name, "phone": phone, "email": email})
        if not changed:
            return pickup
        if problem := problem_of(pickup, by=by, is_address="email" in changed):
            raise Refused(problem)
        old = pickup.email
        for field, value in changed.items():
            setattr(pickup, field, value)
        _require_reachable(pickup)
        pickup.save(update_fields=list(changed))
        _note(pickup, changed, by)
        if old != pickup.email:
            _send_on(pickup, old)
        if pickup.email and changed.keys() & {"name", "email"}:
            _confirm_again(pickup)
    return pickup


def problem_of(pickup: Pickup, *, by: Actor, is_address: bool = True) -> Problem | None:
    """Why the contact of this order can't be corrected, by who holds its ticket or by a manager: None when it can.

    An address that was proven, and the address of an account's order, belong to somebody who reads mail there: only
    that person, signed in, may send the ticket elsewhere. `is_address`: whether it is the e-mail address.
    """
    if pickup.is_cancelled:
        return Problem("cancelled", _("This order is cancelled: its contact stays as it is."))
    if pickup.is_pending:
        return Problem("pending", _("This order waits for its payment: its contact can be corrected afterwards."))
    if timezone.now() >= pickup.day.ends_at:
        return Problem("too-late", _("This market day is over: the contact of its orders stays as it is."))
    return _problem_of_address(pickup, by) if is_address else None


def _problem_of_address(pickup: Pickup, by: Actor) -> Problem | None:
    is_resident = by.role == Role.RESIDENT
    if (owner := _owner(pickup)) and owner != (by.user.pk if by.user else None):
        sentence = _("This order belongs to an account: sign in with it to correct the address.")
        if not is_resident:
            sentence = _("This order belongs to an account: only its person, signed in, corrects the e-mail address.")
        return Problem("not-yours", sentence)
    if pickup.changes.filter(kind=OrderChange.Kind.CONTACT, actor=by.role).count() >= MOST_CORRECTIONS:
        sentence = _("This address was corrected several times already: telephone the market.")
        if not is_resident:
            sentence = _("This order was corrected several times already: its e-mail address stays as it is.")
        return Problem("too-often", sentence)
    return None


def _owner(pickup: Pickup) -> int | None:
    """The account that the order belongs to, or will once its person signs in."""
    owner: int | None = pickup.order.user_id
    if owner is None and pickup.email:
        proven = EmailAddress.objects.filter(email__iexact=pickup.email, verified=True)
        owner = proven.values_list("user", flat=True).first()
    return owner


def _changed(pickup: Pickup, typed: dict[str, object]) -> dict[str, object]:
    """Return the fields that change. Telephone numbers are compared as they are dialled."""
    given = {field: value for field, value in typed.items() if value is not None}
    if "name" in given:
        given["name"] = clean_line(str(given["name"]))
    same = {field for field in given if _plain(field, given[field]) == _plain(field, getattr(pickup, field))}
    return {field: value for field, value in given.items() if field not in same}


def _plain(field: str, value: object) -> str:
    return shown(value) if field == "phone" else str(value)


def _require_reachable(pickup: Pickup) -> None:
    if not (pickup.email or pickup.phone):
        raise Refused(Problem("no-contact", _("Give an e-mail address or a telephone number: either is enough.")))
    if pickup.shortage == Shortage.CALL and not pickup.phone:
        raise Refused(Problem("no-phone", _("The resident wants to be called: give a telephone number.")))


def _note(pickup: Pickup, changed: dict[str, object], by: Actor) -> None:
    """Record who corrected what, and revise the summaries that name the resident."""
    with in_town_language():
        words = {"name": _("name"), "phone": _("telephone number"), "email": _("e-mail address")}
        reason = _("corrected: %(what)s") % {"what": ", ".join(words[field] for field in changed)}
        for_producers = _("The contact of an order was corrected")
    OrderChange.objects.create(
        pickup=pickup,
        kind=OrderChange.Kind.CONTACT,
        at=timezone.now(),
        actor=by.role,
        user=by.user,
        reason=reason,
    )
    if changed.keys() & {"name", "phone"}:
        producers = pickup.parts.not_cancelled().values_list("producer", flat=True)
        revise_summaries(lock_day(pickup.day_id), producers, for_producers)


def _send_on(pickup: Pickup, old: str) -> None:
    """What did not reach the old address goes to the new one, or onto the list of calls, and what was to be said on
    the telephone is written; a confirmation is written anew.
    """
    mails = Message.objects.filter(kind__in=ORDER_KINDS, subject_id=pickup.pk, recipient=old)
    unsent = mails.exclude(state=Message.State.SENT)
    facts = list(unsent.exclude(kind=Mail.CONFIRMATION).values_list("kind", "revision"))
    unsent.delete()
    if not old:
        facts += pickup.calls.waiting().values_list("kind", "revision")
    for kind, revision in facts:
        tell(pickup, kind, revision=revision, by_telephone=kind in CALLED_RESIDENTS)


def _confirm_again(pickup: Pickup) -> None:
    unsent = Message.objects.filter(kind=Mail.CONFIRMATION, subject_id=pickup.pk).exclude(state=Message.State.SENT)
    unsent.delete()
    count = pickup.changes.filter(kind=OrderChange.Kind.CONTACT).count()
    queue(Mail.CONFIRMATION, pickup.pk, pickup.email, revision=1 + count, language=pickup.language)
