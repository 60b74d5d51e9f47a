"""The webhook of the market, as Stripe has it registered: where, for which events, and signed with what."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

from dev.fakestripe.refusals import Json
from dev.fakestripe.signature import signed

Post = Callable[[bytes, dict[str, str]], int]
PATIENCE = 10  # seconds
PLATFORM_EVENTS = frozenset({
    "checkout.session.completed", "checkout.session.expired", "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed", "payment_intent.amount_capturable_updated", "payment_intent.succeeded",
    "payment_intent.payment_failed", "payment_intent.canceled", "charge.captured", "refund.created", "refund.updated",
    "refund.failed", "charge.dispute.created", "charge.dispute.closed", "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated", "transfer.created", "transfer.updated", "transfer.reversed",
})  # fmt: skip
CONNECT_EVENTS = frozenset({"account.updated", "account.application.deauthorized", "payout.paid", "payout.failed"})


@dataclass(frozen=True)
class Endpoint:
    """`webhook` and `connect_webhook`: an address, or a function that takes body and headers and gives a status.

    Without one, events wait until somebody takes them. Connect events have an endpoint and a secret of their own.
    """

    webhook: str | Post | None
    secret: str
    connect_webhook: str | Post | None = None
    connect_secret: str = ""

    @property
    def reachable(self) -> bool:
        return self.webhook is not None

    def wants(self, event: Json) -> bool:
        return event["type"] in (CONNECT_EVENTS if "account" in event else PLATFORM_EVENTS)

    def secret_for(self, event: Json) -> str:
        return (self.connect_secret if "account" in event else "") or self.secret

    def written(self, event: Json, secret: str = "", age: int = 0) -> tuple[bytes, dict[str, str]]:
        """Body and headers of an event, signed with its own secret now unless told otherwise."""
        body = json.dumps(event, indent=2, ensure_ascii=False).encode()
        header = signed(body, secret or self.secret_for(event), age=age)
        return body, {"Stripe-Signature": header, "Content-Type": "application/json; charset=utf-8"}

    def send(self, event: Json, secret: str = "", age: int = 0) -> int:
        """The status that came back, 0 if none did."""
        target = (self.connect_webhook if "account" in event else None) or self.webhook
        body, headers = self.written(event, secret, age)
        if target is None:
            return 0
        return post(target, body, headers) if isinstance(target, str) else target(body, headers)


def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    request = Request(url, data=body, headers={**headers, "User-Agent": "Stripe/1.0 (fakestripe)"})  # noqa: S310
    try:
        with build_opener(ProxyHandler({})).open(request, timeout=PATIENCE) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code
    except OSError:
        return 0
