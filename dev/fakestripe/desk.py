"""Takes one API request and gives its answer: who asks, what by the contract, once only, and with what faults."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import stripe

from dev.fakestripe import payments, sessions
from dev.fakestripe.books import Books, new_id
from dev.fakestripe.call import Call
from dev.fakestripe.expand import expanded
from dev.fakestripe.faults import Faults
from dev.fakestripe.form import decode
from dev.fakestripe.idempotency import Keys
from dev.fakestripe.refusals import Json, RefusalError
from dev.fakestripe.routes import Route, find


@dataclass
class Answer:
    status: int
    body: Json
    headers: dict[str, str] = field(default_factory=dict)


class Desk:
    def __init__(self, books: Books, faults: Faults) -> None:
        self.books, self.faults, self.keys = books, faults, Keys(books.clock)

    def answer(self, method: str, target: str, headers: Mapping[str, str], form: str) -> Answer:
        """`target`: path and query; `form`: the body. Raises ResetError where a fault says so."""
        request = new_id("req")
        try:
            found = self._answer(request, method, target, headers, form)
        except RefusalError as refusal:
            found = Answer(refusal.status, {"error": refusal.error})
        found.headers["Request-Id"] = request
        found.headers["Stripe-Version"] = stripe.api_version
        return found

    def _answer(self, request: str, method: str, target: str, headers: Mapping[str, str], form: str) -> Answer:
        parts = urlsplit(target)
        check_caller(headers)
        raw = decode(parts.query if method == "GET" else form)
        try:
            route, ids = find(method, parts.path)
            body = route.typed(raw)
        except RefusalError:
            self.books.log_request(method, parts.path, raw)
            raise
        self.books.log_request(method, parts.path, body)
        account = headers.get("Stripe-Account")
        if account and not parts.path.startswith("/v1/events"):
            raise RefusalError("dev.fakestripe only lists events of accounts", code="not_simulated")
        call = Call(self.books, body, ids, account, body.get("expand", []))
        key = headers.get("Idempotency-Key", "") if method == "POST" else ""
        if not key:
            return self._carry_out(request, route, parts.path, call, key)
        fingerprint = (method, parts.path, json.dumps(body, sort_keys=True))
        if earlier := self.keys.begin(key, fingerprint):
            return Answer(earlier.status, earlier.body or {}, {"Idempotent-Replayed": "true", "Idempotency-Key": key})
        return self._carry_out(request, route, parts.path, call, key)

    def _carry_out(self, request: str, route: Route, path: str, call: Call, key: str) -> Answer:
        try:
            self.faults.meet(route.method, path, committed=False)
            with self.books.lock:
                answer = self._done(request, route, call, key)
        except BaseException:
            self.keys.forget(key)
            raise
        if key:
            answer.headers["Idempotency-Key"] = key
            self.keys.keep(key, answer.status, answer.body)
        self.faults.meet(route.method, path, committed=True)
        return answer

    def _done(self, request: str, route: Route, call: Call, key: str) -> Answer:
        """The action's answer as it stands now, or its refusal, either of which a key repeats."""
        self.pass_time()
        self.books.cause = {"id": request, "idempotency_key": key or None}
        try:
            row = expanded(self.books, route.action(call), call.expand)
            return Answer(200, json.loads(json.dumps(row)))
        except RefusalError as refusal:
            return Answer(refusal.status, json.loads(json.dumps({"error": refusal.error})))
        finally:
            self.books.cause = {"id": None, "idempotency_key": None}

    def pass_time(self) -> None:
        """What Stripe does of itself when its time has come."""
        with self.books.lock:
            for row in self.books.due():
                if row["object"] == "checkout.session" and row["status"] == "open":
                    sessions.end(self.books, row)
                elif row["status"] == "requires_capture":
                    payments.release(self.books, row, "automatic")


def check_caller(headers: Mapping[str, str]) -> None:
    """Raises RefusalError: 401 for any but a test key, 400 for another version of the API than the SDK's."""
    scheme, _, key = headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not key:
        raise RefusalError("You did not provide an API key.", status=401)
    if not key.startswith("sk_test_"):
        raise RefusalError(f"Invalid API Key provided: {key[:8]}****. Only sk_test_ keys are taken here.", status=401)
    version = headers.get("Stripe-Version")
    if version != stripe.api_version:
        raise RefusalError(f"Invalid Stripe API version: {version}; this SDK speaks {stripe.api_version}")
