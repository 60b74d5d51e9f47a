"""A person has its data erased: contacts and account go, what was sold and paid stays to the cent."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from marche.accounts.actions.send_code import KIND as SIGN_IN_CODE
from marche.accounts.models import SignInCode
from marche.accounts.people import is_staff, normal
from marche.common.language import in_town_language
from marche.common.refusals import Problem, Refused
from marche.common.wording import day_in_words
from marche.outbox.models import Message
from marche.payments.models import PaymentAttempt
from orders.locks import lock_account, lock_free_baskets, lock_pickups, lock_summaries
from orders.mail_kinds import ORDER_KINDS
from orders.models import Call, DayBasket, Pickup, ProducerOrder, Summary
from orders.owned import any_of, pickup_ids_of, proven_addresses
from orders.steps.erasures import remember
from producers.locks import lock_days

logger = logging.getLogger(__name__)


def erase_resident(user_id: int) -> bool:
    """Erase name, addresses, telephone and notes of a person's orders, and its account. False if it is gone already.

    It is written down first outside the database (steps/erasures.py), so that a restore does not bring anybody back.
    Numbers, goods, amounts, VAT and payments stay, so that the accounts add up as before. Raises Refused, changing
    nothing, for somebody of the staff, while an order is open, and when that file can't be written.
    """
    with transaction.atomic(durable=True):
        user = lock_account(user_id)
        if user is None:
            return False
        if is_staff(user):
            raise Refused(Problem("staff", _staff_sentence()))
        addresses = proven_addresses(user)
        pickups = lock_pickups(pickup_ids_of(user))
        if opened := [pickup for pickup in pickups if is_open(pickup)]:
            raise Refused(*(Problem("open-order", _open_sentence(pickup)) for pickup in opened))
        _remember(user, pickups)
        erase_locked(user, pickups, addresses)
    logger.info("account %s is erased", user_id)
    return True


def _remember(user: User, pickups: Sequence[Pickup]) -> None:
    numbers = Pickup.objects.filter(pk__in=[pickup.pk for pickup in pickups]).values_list("order__number", flat=True)
    try:
        remember(user, numbers)
    except OSError as error:
        logger.exception("ERASURES_LOG can't be written")
        sentence = _("Your data can’t be erased at this moment. Please try again later.")
        raise Refused(Problem("not-remembered", sentence)) from error


def erase_locked(user: User | None, pickups: Sequence[Pickup], addresses: Collection[str]) -> None:
    """Erase the contacts of these orders, what was written to these addresses, and the account, all of them locked."""
    with in_town_language():  # what stands there instead is read by the town
        _forget_contacts(pickups, addresses)
        _forget_messages(pickups, addresses)
        _forget_in_summaries(pickups)
        Call.objects.waiting().filter(pickup__in=pickups).delete()  # there is nobody to call any more
    if user:
        _forget_account(user, addresses)


def is_open(pickup: Pickup) -> bool:
    """Whether somebody still counts on this order: it is not cancelled, and its market day is not over."""
    return not pickup.is_cancelled and timezone.now() < pickup.day.ends_at


def erased_name() -> str:
    """The word that replaces the name of somebody who was erased."""
    return pgettext("person", "Erased")


def _staff_sentence() -> str:
    return _(
        "With this account somebody sells at a market or manages one. Ask the administrator of the site to end that "
        "role first: then the data can be erased here."
    )


def _open_sentence(pickup: Pickup) -> str:
    words = {"number": pickup.number, "day": day_in_words(pickup.day.starts_at), "market": pickup.day.market.name}
    return _("Order %(number)d of %(day)s, %(market)s, is still to be collected.") % words


def _forget_contacts(pickups: Sequence[Pickup], addresses: Collection[str]) -> None:
    """Empty the contacts of these orders, of the baskets they came from, and of open baskets with their addresses."""
    contact = {"email": "", "phone": "", "note": ""}
    for attempt in PaymentAttempt.objects.filter(order__in=[pickup.pk for pickup in pickups]):
        attempt.parameters.pop("customer_email", None)
        attempt.save(update_fields=["parameters"])
    Pickup.objects.filter(pk__in=[pickup.pk for pickup in pickups]).update(name=erased_name(), **contact)
    ordered = DayBasket.objects.filter(pk__in=[pickup.basket_id for pickup in pickups if pickup.basket_id])
    alike = DayBasket.objects.filter(any_of("email", addresses), open=True).values_list("pk", "email")
    typed = DayBasket.objects.filter(pk__in=[pk for pk, email in alike if normal(email) in addresses])
    for baskets in (ordered, typed):
        free = [basket.pk for basket in lock_free_baskets(baskets)]
        # Without a slot: it can't be ordered before somebody has said again who comes.
        DayBasket.objects.filter(pk__in=free).update(name="", slot=None, **contact)


def _forget_messages(pickups: Sequence[Pickup], addresses: Collection[str]) -> None:
    """The rows stay, for what they say of the orders; nobody can tell to whom, and none is sent any more."""
    theirs = Message.objects.filter(kind__in=ORDER_KINDS, subject_id__in=[pickup.pk for pickup in pickups])
    theirs.update(recipient=Concat(Value("erased-"), Cast("pk", CharField()), Value("@invalid")), error="")
    given_up = _("Not sent: the person’s data are erased.")
    theirs.filter(state=Message.State.WAITING).update(state=Message.State.FAILED, error=given_up)
    Message.objects.filter(kind=SIGN_IN_CODE, recipient__in=addresses).delete()


def _forget_in_summaries(pickups: Sequence[Pickup]) -> None:
    """First name, note and telephone in every revision; with the days locked, no other revision comes meanwhile."""
    numbers: defaultdict[int, set[int]] = defaultdict(set)
    for pickup in pickups:
        numbers[pickup.day_id].add(pickup.number)
    lock_days(numbers)
    producers = ProducerOrder.objects.filter(pickup__in=[pickup.pk for pickup in pickups]).values("producer")
    summaries = lock_summaries(Summary.objects.filter(day__in=numbers, producer__in=producers))
    for summary in summaries:
        _scrub(summary, numbers[summary.day_id])
    Summary.objects.bulk_update(summaries, ["data", "changes"], batch_size=100)


def _scrub(summary: Summary, numbers: Collection[int]) -> None:
    orders = [order for slot in summary.data["slots"] for order in slot["orders"]]
    rows: list[dict[str, Any]] = [*orders, *summary.changes]
    for row in rows:
        if row.get("number") in numbers:
            row.update({key: "" for key in ("note", "phone") if key in row}, first_name=erased_name())
        if row.get("number") in numbers and row.get("what") == "who":
            row.update(before_words=erased_name(), after_words=erased_name())


def _forget_account(user: User, addresses: Collection[str]) -> None:
    """The account goes with its addresses, and with it every sign-in: a session knows it by its key alone.

    Orders and their changes stay, and name it no longer.
    """
    SignInCode.objects.filter(email__in=addresses).delete()
    user.delete()
