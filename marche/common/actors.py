"""Who does something: in which role, and which person if one is known. A verb takes it as `by`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class Role(TextChoices):
    """The roles in which people act. The program itself acts as `SYSTEM`."""

    RESIDENT = "resident", _("resident")
    PRODUCER = "producer", _("producer")
    MANAGER = "manager", _("manager")
    ADMINISTRATOR = "administrator", _("administrator")
    SYSTEM = "system", _("system")


@dataclass(frozen=True)
class Actor:
    """`user` is the person's account; None for who has none: a resident with a ticket, or the program."""

    role: Role
    user: User | None = None

    @classmethod
    def resident(cls, user: User | None = None) -> Actor:
        return cls(Role.RESIDENT, user)

    @classmethod
    def producer(cls, user: User | None = None) -> Actor:
        return cls(Role.PRODUCER, user)

    @classmethod
    def manager(cls, user: User | None = None) -> Actor:
        return cls(Role.MANAGER, user)

    @classmethod
    def administrator(cls, user: User | None = None) -> Actor:
        return cls(Role.ADMINISTRATOR, user)

    @classmethod
    def system(cls) -> Actor:
        return cls(Role.SYSTEM)
