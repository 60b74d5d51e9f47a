"""For whoever has a shell on the server: the way back in for an administrator who lost everything."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from marche.accounts.actions.reset_second_factor import reset_second_factor
from marche.accounts.people import users_of
from marche.common.actors import Actor


class Command(BaseCommand):
    help = "Takes away the second factor of the person with this e-mail address, who then sets up a new one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        users = users_of(options["email"])
        if not users:
            raise CommandError("Nobody has this e-mail address.")
        deleted = sum(reset_second_factor(user.pk, by=Actor.system()) for user in users)
        self.stdout.write(f"{deleted} deleted." if deleted else "There was none.")
