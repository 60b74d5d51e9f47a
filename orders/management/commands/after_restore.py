"""`manage.py after_restore [--dry-run] [--since …]`: what must be done with a database that was restored."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Max
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from marche.payments.actions.adopt_from_stripe import Adopted, adopt_from_stripe
from marche.payments.actions.compare_with_stripe import compare_with_stripe
from marche.payments.cache_keys import CAUGHT_UP, cache_key
from marche.payments.hold import hold, is_on_hold, resume
from marche.payments.models import Instruction, PaymentAttempt, StripeEvent
from marche.payments.refusals import StripeError
from marche.payments.snapshots import MoneySnapshot
from marche.payments.tills import Till
from orders.actions.replay_erasures import replay_erasures
from orders.models import Pickup

A_DAY = dt.timedelta(days=1)


class Command(BaseCommand):
    help = (
        "Erases again whoever was erased since the backup, adopts what Stripe has and our books have not, and lets the "
        "payments go on. Run it with --dry-run first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
        parser.add_argument("--since", help="since when Stripe is asked, like 2026-11-26T12:15; else a day before the "
                            "newest thing in the database")  # fmt: skip

    def handle(self, *_args: Any, dry_run: bool, since: str | None, **_options: Any) -> None:
        moment = _moment(since) if since else _newest() - A_DAY
        self.stdout.write(f"Since {timezone.localtime(moment):%Y-%m-%d %H:%M}{', nothing is written' * dry_run}.")
        if not dry_run and not is_on_hold():
            hold()
        accounts, orders = replay_erasures(dry_run=dry_run)
        self.stdout.write(f"Erased again: {accounts} accounts, the contacts of {orders} orders.")
        for till in self._tills():
            self._adopt(till, moment, dry_run=dry_run)
        if dry_run:
            return
        resume()
        self.stdout.write("Payments go on.")
        for till in self._tills():
            self._compare(till)

    def _tills(self) -> list[str]:
        """Those with keys. Raises CommandError when payments were made at another: nothing of them can be known."""
        used = set(PaymentAttempt.objects.order_by().values_list("till", flat=True).distinct())
        if missing := sorted(used - settings.STRIPE_SECRET_KEYS.keys()):
            raise CommandError(f"No key in STRIPE_SECRET_KEYS for {', '.join(missing)}: payments stay on hold.")
        return sorted(settings.STRIPE_SECRET_KEYS)

    def _adopt(self, till: str, since: dt.datetime, *, dry_run: bool) -> None:
        try:
            self._tell(till, adopt_from_stripe(till, since=since, dry_run=dry_run))
        except StripeError as error:
            raise CommandError(f"{till}: Stripe gave no answer ({error}). Payments stay on hold: try again.") from error

    def _compare(self, till: str) -> None:
        """What is left is for the managers; and events are asked for again since the newest that the backup knows."""
        cache.delete(cache_key(CAUGHT_UP, Till(till, settings.STRIPE_SECRET_KEYS[till])))
        try:
            found = compare_with_stripe(till)
        except StripeError as error:
            self.stdout.write(f"{till}: the books could not be compared now ({error}); it is done at night.")
        else:
            self.stdout.write(f"{till}: {len(found.differences)} differences are left, on the page of payments.")

    def _tell(self, till: str, adopted: Adopted) -> None:
        for account in adopted.accounts.accounts:
            self.stdout.write(f"{till}: account {account.stripe_id} of the producer {account.producer}.")
        for account in adopted.accounts.unknown:
            whose = f"of the producer {account.producer}" if account.producer else "of nobody"
            self.stdout.write(f"{till}: UNKNOWN here: account {account.stripe_id} {whose}.")
        for payment in adopted.payments:
            said = f"payment {payment.intent_id or payment.session_id} of order {payment.order_number}"
            self.stdout.write(f"{till}: {said} is {payment.intent or payment.session}.")
        for move in adopted.moves:
            self.stdout.write(f"{till}: {_words(move)}")
        for number in adopted.to_look_at:
            self.stdout.write(f"{till}: of order {number} nothing is kept: if it was cancelled, cancel it again.")
        for move in adopted.unknown:
            self.stdout.write(f"{till}: UNKNOWN here: {_words(move)}. It was placed after the backup.")
        count = len(adopted.accounts.accounts) + len(adopted.payments) + len(adopted.moves)
        self.stdout.write(f"{till}: {count} adopted, {len(adopted.unknown)} belong to no order.")


def _words(move: MoneySnapshot) -> str:
    of_order = f" of order {move.order_number}" if move.order_number else ""
    return f"{move.kind} {move.stripe_id}{of_order}, {move.cents / 100:.2f} €, {move.happened_at:%Y-%m-%d %H:%M} UTC"


def _moment(text: str) -> dt.datetime:
    """By the clock of the place, unless it says otherwise."""
    moment = parse_datetime(text)
    if moment is None:
        raise CommandError(f"{text!r} is no moment like 2026-11-26T12:15.")
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def _newest() -> dt.datetime:
    """The newest trace in the database: the backup is not older."""
    traces = (
        Pickup.objects.aggregate(at=Max("placed_at")),
        PaymentAttempt.objects.aggregate(at=Max("asked_at")),
        Instruction.objects.aggregate(at=Max("made_at")),
        StripeEvent.objects.aggregate(at=Max("received_at")),
    )
    found = [trace["at"] for trace in traces if trace["at"]]
    return max(found) if found else timezone.now() - dt.timedelta(days=30)
