"""What belongs to a person: the addresses it has proven, its orders, and what was written to it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet

from marche.accounts.actions.send_code import KIND as SIGN_IN_CODE
from marche.accounts.people import normal
from marche.outbox.models import Message
from orders.mail_kinds import ORDER_KINDS
from orders.models import Pickup

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def proven_addresses(user: User) -> set[str]:
    """The addresses whose mail this person has shown to read, in small letters."""
    proven = EmailAddress.objects.filter(user=user, verified=True)
    return {normal(address) for address in proven.values_list("email", flat=True)}


def guest_pickup_ids(addresses: Collection[str]) -> list[int]:
    """The orders without an account that were placed with one of these addresses.

    The index finds them whatever the case; then they are compared letter by letter: PostgreSQL takes ı and i for the
    same letter, and those are the mailboxes of two persons.
    """
    if not addresses:
        return []
    alike = Pickup.objects.filter(any_of("email", addresses), order__user=None)
    return [pk for pk, email in alike.values_list("pk", "email") if normal(email) in addresses]


def pickup_ids_of(user: User) -> list[int]:
    """Every order of this person: of the account, and placed as a guest with a proven address. Three queries."""
    own = list(Pickup.objects.filter(order__user=user).values_list("pk", flat=True).order_by())
    return own + guest_pickup_ids(proven_addresses(user))


def last_contact(user: User) -> dict[str, Any]:
    """Name, e-mail and telephone of the last order, to begin the next one with; else the account's address."""
    last = Pickup.objects.filter(order__user=user).order_by("-placed_at").first()
    return {name: getattr(last, name) for name in ("name", "email", "phone")} if last else {"email": user.email}


def messages_to(pickup_ids: Iterable[int], addresses: Collection[str]) -> QuerySet[Message]:
    """What was written about these orders, and the codes sent to these addresses."""
    about = Q(kind__in=ORDER_KINDS, subject_id__in=list(pickup_ids))
    return Message.objects.filter(about | Q(kind=SIGN_IN_CODE, recipient__in=addresses)).order_by("pk")


def any_of(field: str, addresses: Iterable[str]) -> Q:
    """Whose `field` is one of these addresses, whatever the case. Nobody's, without addresses."""
    wanted = Q(pk__in=[])
    for address in sorted(addresses):
        wanted |= Q(**{f"{field}__iexact": address})
    return wanted
