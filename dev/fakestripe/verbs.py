"""What a test or a rehearsal makes happen: the methods of the fake, and POST /_fake/<name> with JSON."""

from copy import deepcopy
from typing import Any

from dev.fakestripe import accounts, balance, cards, disputes, refunds
from dev.fakestripe.books import Books, new_id
from dev.fakestripe.courier import Courier
from dev.fakestripe.desk import Desk
from dev.fakestripe.endpoint import Endpoint
from dev.fakestripe.faults import Fault, Faults
from dev.fakestripe.refusals import Json

VERBS = (
    "pay", "hold", "release", "delay", "duplicate", "drop", "forge", "replay", "send_changed", "fault", "clear_faults",
    "advance", "dispute", "close_dispute", "activate", "review", "restrict", "deauthorize", "payout", "fail_refund",
    "settle", "deliveries", "state",
)  # fmt: skip


class Verbs:
    """Amounts are cents, times seconds; unknown ids raise RefusalError."""

    books: Books
    faults: Faults
    desk: Desk
    courier: Courier
    endpoint: Endpoint

    # The customer

    def pay(self, session: str, card: str = "4242424242424242", authenticated: bool | None = None) -> Json:
        """Tries a card on a session, as its page does; returns the PaymentIntent."""
        self.desk.pass_time()
        with self.books.lock:
            return deepcopy(cards.pay(self.books, session, card, authenticated=authenticated))

    # What webhooks are queued.

    def hold(self) -> None:
        """Events wait until `release`."""
        self.courier.hold()

    def release(self, reverse: bool = False) -> None:
        """What was held goes out, the latest first if `reverse`."""
        self.courier.release(reverse=reverse)

    def delay(self, seconds: float) -> None:
        """Events from now on go out so much later; 0 ends it."""
        self.courier.delay(seconds)

    def duplicate(self, type: str = "", times: int = 1) -> None:
        """The next events of this type ("" for any) are delivered twice."""
        self.courier.rule("duplicate", type, times)

    def drop(self, type: str = "", times: int = 1) -> None:
        """The next events of this type never arrive; GET /v1/events lists them."""
        self.courier.rule("drop", type, times)

    def settle(self, timeout: float = 10) -> bool:
        """Blocks until all that is due has been delivered; False after `timeout` seconds."""
        return self.courier.settle(timeout)

    def deliveries(self) -> list[Json]:
        """Each attempt so far: event, type, status."""
        return list(self.courier.log)

    # Webhooks: one more, sent now; these return the status that came back

    def forge(self, event: str) -> int:
        """The event, signed with a secret that is not ours."""
        return self.endpoint.send(self.books.get("event", event), secret=new_id("whsec"))

    def replay(self, event: str, age: int = 0) -> int:
        """The event again, with a signature that is so many seconds old."""
        return self.endpoint.send(self.books.get("event", event), age=age)

    def send_changed(self, event: str, **changes: Any) -> int:
        """A well-signed event that is another one in some fields: `livemode=True`, `type="…"`, `api_version="…"`."""
        return self.endpoint.send({**self.books.get("event", event), "id": new_id("evt"), **changes})

    # Faults and time

    def fault(
        self, kind: str, path: str = "", method: str = "", times: int = 1, seconds: float = 60, status: int = 500,
        committed: bool | None = None,
    ) -> None:  # fmt: skip
        """See `faults.Fault`. A reset comes after the request was carried out unless told otherwise."""
        done = kind == "reset" if committed is None else committed
        self.faults.add(Fault(kind, method, path, times, seconds, status, done))

    def clear_faults(self) -> None:
        """No more faults; requests that hang are carried on."""
        self.faults.clear()

    def advance(self, seconds: float) -> None:
        """Time passes at Stripe: sessions and authorisations expire, delayed events and retries become due."""
        self.books.clock.ahead += seconds
        self.desk.pass_time()
        self.courier.look()

    # What others do at Stripe

    def dispute(self, charge: str, reason: str = "fraudulent") -> Json:
        with self.books.lock:
            return deepcopy(disputes.open_dispute(self.books, charge, reason))

    def close_dispute(self, dispute: str, status: str = "lost") -> Json:
        """`status`: "won" or "lost", by the platform."""
        with self.books.lock:
            return deepcopy(disputes.close(self.books, dispute, status))

    def activate(self, account: str) -> Json:
        """Stripe has verified the producer, who may now receive transfers."""
        with self.books.lock:
            return deepcopy(accounts.become(self.books, account, "active", []))

    def review(self, account: str) -> Json:
        """All questions are answered and Stripe is looking at them."""
        with self.books.lock:
            return deepcopy(accounts.become(self.books, account, "pending", []))

    def restrict(self, account: str, reason: str = "requirements.past_due") -> Json:
        """Stripe wants something more, and stops transfers until then."""
        with self.books.lock:
            due = ["individual.verification.document"]
            return deepcopy(accounts.become(self.books, account, "inactive", due, reason))

    def deauthorize(self, account: str) -> Json:
        with self.books.lock:
            return deepcopy(accounts.deauthorize(self.books, account))

    def payout(self, account: str, amount: int | None = None, fails: bool = False) -> Json:
        """Sends this amount, or all that the account has, to its bank."""
        with self.books.lock:
            cents = balance.at_account(self.books, account)["net"] if amount is None else amount
            return deepcopy(accounts.payout(self.books, account, cents, fails=fails))

    def fail_refund(self, refund: str) -> Json:
        with self.books.lock:
            return deepcopy(refunds.fail(self.books, refund))

    # For audits

    def state(self, events: bool = True) -> Json:
        """Everything, as it stands: rows by kind, and balances in cents. `events` are many."""
        self.desk.pass_time()
        with self.books.lock:
            names = {
                "sessions": "checkout.session", "payment_intents": "payment_intent", "charges": "charge",
                "refunds": "refund", "transfers": "transfer", "reversals": "transfer_reversal", "accounts": "account",
                "disputes": "dispute", "payouts": "payout", "events": "event",
            }  # fmt: skip
            wanted = {name: kind for name, kind in names.items() if events or kind != "event"}
            rows: Json = {name: deepcopy(list(self.books.rows[kind].values())) for name, kind in wanted.items()}
            per_account = {name: balance.at_account(self.books, name) for name in self.books.rows["account"]}
            balances = {"platform": balance.at_platform(self.books), "accounts": per_account}
            return {"now": self.books.clock.now(), **rows, "balances": balances}
