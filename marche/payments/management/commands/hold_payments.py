"""`manage.py hold_payments`: nothing is asked of Stripe until `after_restore` was run."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from marche.payments.hold import hold


class Command(BaseCommand):
    help = "Puts payments on hold until after_restore was run. A restored dump is on hold by itself."

    def handle(self, *_args: Any, **_options: Any) -> None:
        hold()
        self.stdout.write("Nothing is asked of Stripe until you run after_restore.")
