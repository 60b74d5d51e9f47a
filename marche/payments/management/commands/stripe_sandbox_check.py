"""`manage.py stripe_sandbox_check TILL [--account acct_…]`: the whole of a payment, with the town's own test keys."""

from __future__ import annotations

import time
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from marche.payments.gateway import Gateway
from marche.payments.refusals import StripeError
from marche.payments.sandbox import Sandbox
from marche.payments.tills import till_named


class Command(BaseCommand):
    help = "Asks Stripe, with test keys, all that a market asks of it, and says step by step what matched."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("till", help="the name of the keys in STRIPE_SECRET_KEYS")
        parser.add_argument("--account", default="", help="a producer's test account (acct_…) that was onboarded")

    def handle(self, *_args: Any, till: str, account: str, **_options: Any) -> None:
        found = till_named(till)
        if found is None or found.problem:
            raise CommandError(found.problem if found else f"No key for the till {till!r} in STRIPE_SECRET_KEYS.")
        if found.is_live:
            raise CommandError("These are live keys, with which real money moves: use test keys.")
        differs = 0
        try:
            for step in Sandbox(Gateway(found), account, self.stdout.write, partial(time.sleep, 3)).steps():
                differs += not step.matches
                said = "ok" if step.matches else f"DIFFERS: expected {step.expected!r}, got {step.got!r}"
                self.stdout.write(f"{step.title}: {said}")
        except StripeError as error:
            raise CommandError(f"Stripe refused or gave no answer: {error} {error.sentence}".strip()) from error
        if not account:
            self.stdout.write("Transfers were not tried: give an onboarded test account with --account.")
        if differs:
            raise CommandError(f"{differs} steps differ from what the software expects.")
        self.stdout.write("Everything matched.")
