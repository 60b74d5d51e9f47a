"""`manage.py compare_with_oscar [--days 8]`: whether Oscar's tables say the same as ours."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from orders.actions.compare_with_oscar import DAYS, compare_with_oscar
from orders.oscar_differences import OscarDifference


class Command(BaseCommand):
    help = (
        "Compares Oscar's orders, baskets and stock records with ours, as is done each night, and says what differs. "
        "Ends with an error if something does."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=DAYS, help=f"since how many days, instead of {DAYS}")

    def handle(self, *_args: Any, days: int, **_options: Any) -> None:
        found = [OscarDifference(**row) for row in compare_with_oscar(days=days).differences]
        for difference in found:
            self.stdout.write(str(difference))
        if found:
            raise CommandError(f"Differences: {len(found)}.")
        self.stdout.write("Oscar's tables say the same as ours.")
