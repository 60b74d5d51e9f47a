"""The only way to Stripe. Network, hence never inside a transaction.

https://docs.stripe.com/api, in the version of settings.STRIPE_API_VERSION.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

import stripe
from django.conf import settings
from django.db import transaction

from marche.payments.refusals import GONE, KeyRefusedError, NoTillError, RefusedError, UnreachableError
from marche.payments.snapshots import AccountSnapshot, DisputeSnapshot, EventSnapshot, MoneySnapshot, PaymentSnapshot
from marche.payments.tills import Till, till_named

if TYPE_CHECKING:
    from marche.payments.models import Instruction

CONNECT_SECONDS = 3.0
HURRIED_SECONDS = 8.0  # while somebody looks at a page: two calls stay well under gunicorn's 30 seconds
RETRIES = 2
WHOLE = ["payment_intent.latest_charge.balance_transaction"]
PAGE = 100


class Gateway:
    """Calls of one till. Each raises UnreachableError, KeyRefusedError or RefusedError, see refusals.py."""

    def __init__(self, till: Till, *, patient: bool = True) -> None:
        self.till = till
        patience = settings.STRIPE_TIMEOUT if patient else min(settings.STRIPE_TIMEOUT, HURRIED_SECONDS)
        self._stripe = _client(till.key, settings.STRIPE_API, patience, RETRIES if patient else 0).v1

    @classmethod
    def of(cls, till_name: str, *, patient: bool = True) -> Gateway:
        """Raises NoTillError when the settings hold no usable key of this name."""
        till = till_named(till_name)
        if till is None or till.problem:
            raise NoTillError("no-till", till.problem if till else "")
        return cls(till, patient=patient)

    # Payments by residents

    def open_session(self, key: str, parameters: dict[str, Any]) -> PaymentSnapshot:
        """Open a Checkout Session, or find the one that was opened with this key."""
        with _translate_errors():
            session = self._stripe.checkout.sessions.create(cast(Any, parameters), {"idempotency_key": key})
        return PaymentSnapshot.of(session)

    def see(self, session_id: str) -> PaymentSnapshot:
        """The Session with its payment, charge and fee, as they are now."""
        with _translate_errors():
            return PaymentSnapshot.of(self._stripe.checkout.sessions.retrieve(session_id, {"expand": WHOLE}))

    def end_session(self, session_id: str) -> None:
        """Nobody can pay it from now on. One that has ended is left as it is: `see` tells how it ended."""
        try:
            with _translate_errors():
                self._stripe.checkout.sessions.expire(session_id)
        except RefusedError as refusal:
            if refusal.code == "resource_missing":
                raise

    # Instructions

    def perform(self, instruction: Instruction) -> str:
        """Carry it out with its own key and parameters, and return Stripe's id of what came of it."""
        kind, target = instruction.kind, instruction.target
        given: Any = instruction.parameters
        options: Any = {"idempotency_key": instruction.key_now}
        do: Any = {
            "expire": lambda: self._stripe.checkout.sessions.expire(target, {}, options),
            "void": lambda: self._stripe.payment_intents.cancel(target, given, options),
            "capture": lambda: self._stripe.payment_intents.capture(target, given, options),
            "refund": lambda: self._stripe.refunds.create(given, options),
            "transfer": lambda: self._stripe.transfers.create(given, options),
            "reversal": lambda: self._stripe.transfers.reversals.create(target, given, options),
        }[kind]
        with _translate_errors():
            return str(do().id)

    def find(self, instruction: Instruction) -> str:
        """Stripe's id of what an earlier try of this instruction did, or an empty string.

        Stripe forgets a key after a day; what was done carries the instruction's key in its metadata.
        """
        with _translate_errors():
            return self._find(instruction)

    def _find(self, instruction: Instruction) -> str:
        target, given = instruction.target, instruction.parameters
        if instruction.kind in ("void", "capture"):
            intent = self._stripe.payment_intents.retrieve(target)
            return intent.id if intent.status == {"void": "canceled", "capture": "succeeded"}[instruction.kind] else ""
        if instruction.kind == "expire":
            session = self._stripe.checkout.sessions.retrieve(target)
            return "" if session.status == "open" else session.id
        listed: dict[str, Callable[[], Any]] = {
            "refund": lambda: self._stripe.refunds.list({"payment_intent": given["payment_intent"], "limit": PAGE}),
            "transfer": lambda: self._stripe.transfers.list({"transfer_group": given["transfer_group"], "limit": PAGE}),
            "reversal": lambda: self._stripe.transfers.reversals.list(target, {"limit": PAGE}),
        }
        rows = listed[instruction.kind]()
        ours = (row for row in rows.auto_paging_iter() if getattr(row.metadata, "instruction", "") == instruction.key)
        return next((str(row.id) for row in ours), "")

    def see_refund(self, refund_id: str) -> str:
        """Stripe's word for how a refund stands: "succeeded", "pending", "failed"…"""
        with _translate_errors():
            return str(self._stripe.refunds.retrieve(refund_id).status)

    def refunds_by_hand(self, intent_id: str) -> list[tuple[str, int]]:
        """(Stripe's id, cents) of each refund of a payment that was not asked for by us and has not failed."""
        with _translate_errors():
            rows = self._stripe.refunds.list({"payment_intent": intent_id, "limit": PAGE})
            return [
                (str(row.id), row.amount)
                for row in rows.auto_paging_iter()
                if row.status in ("succeeded", "pending") and not getattr(row.metadata, "instruction", "")
            ]

    def see_dispute(self, dispute_id: str) -> DisputeSnapshot:
        with _translate_errors():
            return DisputeSnapshot.of(self._stripe.disputes.retrieve(dispute_id))

    # Accounts of producers

    def create_account(self, key: str, parameters: dict[str, Any]) -> AccountSnapshot:
        """Make an Express account, or find the one that was made with this key."""
        with _translate_errors():
            return AccountSnapshot.of(self._stripe.accounts.create(cast(Any, parameters), {"idempotency_key": key}))

    def see_account(self, stripe_id: str) -> AccountSnapshot:
        """Raises RefusedError with the code "account_invalid" for one that has disconnected."""
        with _translate_errors():
            return AccountSnapshot.of(self._stripe.accounts.retrieve(stripe_id))

    def accounts_since(self, since: dt.datetime) -> list[AccountSnapshot]:
        """Those made since an aware time that have not disconnected, the oldest first."""
        asked: Any = {"created": {"gte": int(since.timestamp())}, "limit": PAGE}
        with _translate_errors():
            return [AccountSnapshot.of(row) for row in self._stripe.accounts.list(asked).auto_paging_iter()][::-1]

    def account_link(self, stripe_id: str, *, refresh_url: str, return_url: str) -> str:
        """The address, good for some minutes, at which Stripe asks the producer its questions."""
        with _translate_errors():
            link = self._stripe.account_links.create(
                {
                    "account": stripe_id,
                    "type": "account_onboarding",
                    "refresh_url": refresh_url,
                    "return_url": return_url,
                }
            )
        return str(link.url)

    # What happened

    def events_since(self, since: dt.datetime, kinds: list[str], *, account: str = "") -> Iterator[EventSnapshot]:
        """The events of these types since an aware time, the latest first; those of a connected account, if given."""
        asked: Any = {"types": kinds, "created": {"gte": int(since.timestamp())}, "limit": PAGE}
        with _translate_errors():
            rows = self._stripe.events.list(asked, {"stripe_account": account} if account else {})
            for event in rows.auto_paging_iter():
                yield EventSnapshot.of(event.to_dict())

    def check_key(self) -> None:
        """Ask for the balance: the least that any usable key may do."""
        with _translate_errors():
            self._stripe.balance.retrieve()

    def money_since(self, since: dt.datetime) -> Iterator[MoneySnapshot]:
        """Every payment, refund and transfer made since an aware time; after each transfer its reversals."""
        asked: Any = {"created": {"gte": int(since.timestamp())}, "limit": PAGE}
        with _translate_errors():
            for intent in self._stripe.payment_intents.list(asked).auto_paging_iter():
                yield MoneySnapshot.of(intent)
            for refund in self._stripe.refunds.list(asked).auto_paging_iter():
                yield MoneySnapshot.of(refund)
            for transfer in self._stripe.transfers.list(asked).auto_paging_iter():
                yield MoneySnapshot.of(transfer)
                if transfer.amount_reversed:
                    reversals = self._stripe.transfers.reversals.list(transfer.id, {"limit": PAGE})
                    yield from map(MoneySnapshot.of, reversals.auto_paging_iter())

    def reversals_since(self, since: dt.datetime) -> Iterator[MoneySnapshot]:
        """The reversals of every transfer of which some was reversed since; Stripe tells of the last 30 days."""
        names = {event.subject for event in self.events_since(since, ["transfer.reversed"])}
        for name in sorted(names):
            with _translate_errors():
                rows = self._stripe.transfers.reversals.list(name, {"limit": PAGE})
                yield from map(MoneySnapshot.of, rows.auto_paging_iter())

    def session_of(self, intent_id: str) -> str:
        """The Checkout Session on which a payment was made, or an empty string."""
        with _translate_errors():
            found = self._stripe.checkout.sessions.list({"payment_intent": intent_id, "limit": 1}).data
            return str(found[0].id) if found else ""


@lru_cache(maxsize=16)
def _client(key: str, api: str, patience: float, retries: int) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        base_addresses=cast(Any, {"api": api}),
        stripe_version=settings.STRIPE_API_VERSION,
        http_client=stripe.RequestsClient(timeout=(CONNECT_SECONDS, patience)),
        max_network_retries=retries,
    )


@contextmanager
def _translate_errors() -> Iterator[None]:
    """Stripe's exceptions as ours: by what one may do next. Raises RuntimeError inside a transaction."""
    _require_no_transaction()
    try:
        yield
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        code = getattr(error.error, "code", None)  # the SDK leaves its own `code` empty with these
        if code in GONE:
            raise RefusedError(code) from error
        raise KeyRefusedError(code or "key-refused") from error
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise UnreachableError(type(error).__name__) from error
    except stripe.IdempotencyError as error:
        if error.http_status == 409:  # our own first try is still under way there
            raise UnreachableError("idempotency_key_in_use") from error
        raise RefusedError("idempotency_error") from error
    except stripe.StripeError as error:
        status = error.http_status or 500
        if status >= 500 or status in (409, 429):
            raise UnreachableError(f"HTTP {status}") from error
        param = getattr(error, "param", None)
        raise RefusedError(
            error.code or (f"refused:{param}" if param else "refused"), str(error.user_message or "")
        ) from error


def _require_no_transaction() -> None:
    """Inside one, its locks would be held for as long as Stripe takes to answer."""
    with transaction.atomic(durable=True, savepoint=False):
        pass
