"""What the market asks of Stripe, with one thing changed; and plain HTTP, for what the SDK cannot send."""

import json
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

import stripe

from dev.fakestripe import API_KEY, SECRET, FakeStripe

VISA, DECLINED, POOR, SECURE = "4242424242424242", "4000000000000002", "4000000000009995", "4000002500003155"
HEADERS = {"Authorization": f"Bearer {API_KEY}", "Stripe-Version": stripe.api_version}


class Webhook:
    """Answers with `status` and keeps the events it could verify, the bodies it could not."""

    def __init__(self) -> None:
        self.status = 200
        self.events: list[stripe.Event] = []
        self.refused: list[str] = []

    def __call__(self, body: bytes, headers: dict[str, str]) -> int:
        secret = "whsec_connect" if "account" in json.loads(body) else SECRET
        try:
            event = stripe.Webhook.construct_event(body, headers["Stripe-Signature"], secret)
        except stripe.SignatureVerificationError as error:
            self.refused.append(str(error))
            return 400
        self.events.append(event)
        return self.status

    @property
    def types(self) -> list[str]:
        return [event.type for event in self.events]


def session_params(cents: int = 2000, **changes: Any) -> Any:
    """A request for a session of one line, as the market makes it."""
    line = {
        "quantity": 1,
        "price_data": {"currency": "eur", "unit_amount": cents, "product_data": {"name": "Commande M-7F3K"}},
    }
    return {
        "mode": "payment",
        "client_reference_id": "M-7F3K",
        "customer_email": "ines@example.org",
        "locale": "fr",
        "submit_type": "pay",
        "success_url": "http://127.0.0.1:8000/paid/?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://127.0.0.1:8000/basket/",
        "allowed_payment_method_types": ["card"],
        "line_items": [line],
        "metadata": {"order": "M-7F3K"},
        "payment_intent_data": {
            "capture_method": "manual",
            "transfer_group": "order_M-7F3K",
            "statement_descriptor_suffix": "MARCHE",
            "metadata": {"order": "M-7F3K"},
        },
        **changes,
    }


def opened(fake: FakeStripe, cents: int = 2000, **changes: Any) -> stripe.checkout.Session:
    return fake.client().v1.checkout.sessions.create(session_params(cents, **changes))


def authorised(fake: FakeStripe, cents: int = 2000) -> stripe.PaymentIntent:
    """A PaymentIntent of a session that was paid, its charge expanded."""
    intent = fake.pay(opened(fake, cents).id)
    return fake.client().v1.payment_intents.retrieve(intent["id"], {"expand": ["latest_charge"]})


def captured(fake: FakeStripe, cents: int = 2000) -> stripe.PaymentIntent:
    intent = authorised(fake, cents)
    return fake.client().v1.payment_intents.capture(intent.id, {"expand": ["latest_charge"]})


def charge_of(intent: stripe.PaymentIntent) -> stripe.Charge:
    assert isinstance(intent.latest_charge, stripe.Charge)
    return intent.latest_charge


def account_params(**changes: Any) -> Any:
    return {
        "country": "FR",
        "email": "ferme@example.org",
        "business_type": "company",
        "capabilities": {"transfers": {"requested": True}},
        "controller": {
            "losses": {"payments": "application"},
            "fees": {"payer": "application"},
            "stripe_dashboard": {"type": "express"},
            "requirement_collection": "stripe",
        },
        "settings": {"payouts": {"schedule": {"interval": "weekly", "weekly_anchor": "monday"}}},
        **changes,
    }


def producer(fake: FakeStripe) -> str:
    """The id of an account that may receive transfers."""
    account = fake.client().v1.accounts.create(account_params())
    fake.activate(account.id)
    return account.id


def transfer_params(intent: stripe.PaymentIntent, account: str, cents: int = 1200, **changes: Any) -> Any:
    source = charge_of(intent).id
    return {"amount": cents, "currency": "eur", "destination": account, "source_transaction": source, **changes}


class Raw:
    """An answer to plain HTTP: status, headers, text."""

    def __init__(self, fake: FakeStripe, method: str, path: str, body: str = "", headers: Any = None) -> None:
        connection = HTTPConnection(urlsplit(fake.url).netloc, timeout=10)
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        self.status, self.headers, self.text = response.status, response.headers, response.read().decode()
        connection.close()

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def error(self) -> Any:
        return self.json["error"]


def api(fake: FakeStripe, method: str, path: str, body: str = "", **headers: str) -> Raw:
    return Raw(fake, method, path, body, {**HEADERS, **headers})


def post(fake: FakeStripe, path: str, **fields: str) -> Raw:
    """A form as a browser sends it."""
    return Raw(fake, "POST", path, urlencode(fields), {"Content-Type": "application/x-www-form-urlencoded"})
