"""The fake Stripe as an object: `with FakeStripe() as fake: fake.client().checkout.sessions.create(…)`."""

import inspect
from pathlib import Path
from threading import Thread
from typing import Any, Self

import stripe

from dev.fakestripe.books import Books
from dev.fakestripe.courier import Courier
from dev.fakestripe.desk import Desk
from dev.fakestripe.endpoint import Endpoint, Post
from dev.fakestripe.faults import Faults
from dev.fakestripe.keeping import Keeper
from dev.fakestripe.pages import Pages
from dev.fakestripe.refusals import Json, RefusalError
from dev.fakestripe.server import Server
from dev.fakestripe.verbs import VERBS, Verbs

API_KEY = "sk_test_fakestripe"
SECRET = "whsec_fakestripe"  # noqa: S105
TIMEOUT = (3.0, 12.0)  # seconds to connect, to read


class FakeStripe(Verbs):
    """A server on loopback while the context lasts, and the verbs of `Verbs` upon it.

    `webhook` is an address or a function (see `Endpoint`); without one, events wait for `take`.
    `port` 0 takes a free one. `keep`: the books live on in `state`/books.json from one process to the next.
    """

    def __init__(
        self, *, port: int = 0, state: Path | None = None, webhook: str | Post | None = None, secret: str = SECRET,
        connect_webhook: str | Post | None = None, connect_secret: str = "", released_is_refunded: bool = False,
        keep: bool = False,
    ) -> None:  # fmt: skip
        self.books = Books(state, released_is_refunded=released_is_refunded)
        self.faults = Faults()
        self.desk = Desk(self.books, self.faults)
        self.endpoint = Endpoint(webhook, secret, connect_webhook, connect_secret)
        self.courier = Courier(self.books.clock, self.endpoint, self.desk.pass_time)
        self.books.listener = self.courier.accept
        keeper = Keeper(state / "books.json", self.books, self.desk.keys) if keep and state else None
        if keeper:
            keeper.load()
        self._server = Server(port, self.desk, Pages(self.books), self.control, keeper.save if keeper else None)
        self._thread = Thread(target=self._server.serve_forever, name="fakestripe", daemon=True, args=(0.05,))
        self.books.origin = self.url = self._server.origin

    def __enter__(self) -> Self:
        self._thread.start()
        self.courier.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.faults.clear()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self.courier.stop()

    def client(
        self, *, max_network_retries: int = 0, timeout: float | tuple[float, float] = TIMEOUT, api_key: str = API_KEY
    ) -> stripe.StripeClient:
        """Stripe's own client, speaking to this server."""
        return stripe.StripeClient(
            api_key, base_addresses={"api": self.url}, stripe_version=stripe.api_version,
            http_client=stripe.RequestsClient(timeout=timeout), max_network_retries=max_network_retries,
        )  # fmt: skip

    def take(self) -> list[tuple[bytes, dict[str, str]]]:
        """Body and headers of the events that wait, signed now, for a test that posts them itself."""
        return self.courier.take()

    def control(self, name: str, arguments: Json) -> Any:
        """A verb by its name. Raises RefusalError for an unknown one (404) and for arguments it does not take (400)."""
        if name not in VERBS:
            raise RefusalError(f"No such verb: {name}. There are: {', '.join(VERBS)}", status=404)
        verb = getattr(self, name)
        try:
            inspect.signature(verb).bind(**arguments)
        except TypeError as error:
            raise RefusalError(f"{name}: {error}") from None
        return verb(**arguments)
