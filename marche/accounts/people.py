"""Who somebody is: the account of an address, and whether it is one of the staff."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser, User

from marche.shop.oscar import Partner


def normal(address: str) -> str:
    """An address as it is written to, kept and compared."""
    return address.strip().lower()


def users_of(address: str) -> list[User]:
    """Whose address this is, the active ones first. Compared letter by letter:

    PostgreSQL also takes letters for one another that only look alike (ı and I), and those are other mailboxes.
    """
    wanted = normal(address)
    found = User.objects.filter(email__iexact=wanted).order_by("-is_active", "pk")
    return [user for user in found if normal(user.email) == wanted]


def is_staff(user: User | AnonymousUser) -> bool:
    """Whether the person acts for a producer, manages a market, or administers: asked through names of relations."""
    if not isinstance(user, User):
        return False
    if user.is_staff or user.is_superuser:
        return True
    return user.managed_markets.exists() or Partner.objects.filter(users=user).exists()
