"""The HTTP side: loopback only, a thread per request, a new connection for each."""

import json
import socket
import struct
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

from dev.fakestripe.desk import Desk
from dev.fakestripe.faults import ResetError
from dev.fakestripe.pages import Pages
from dev.fakestripe.refusals import Json, RefusalError

LOOPBACK = "127.0.0.1"
Control = Callable[[str, Json], Any]
_HTML = "text/html; charset=utf-8"


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self, port: int, desk: Desk, pages: Pages, control: Control, save: Callable[[], None] | None = None
    ) -> None:
        super().__init__((LOOPBACK, port), Handler)
        self.desk, self.pages, self.control, self._save = desk, pages, control, save

    def save(self) -> None:
        """Before a caller hears what was done, it is kept, where anything is."""
        if self._save:
            self._save()

    @property
    def origin(self) -> str:
        return f"http://{LOOPBACK}:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller who has given up waiting is no error; anything else is ours, and printed."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    server_version = "fakestripe"

    def do_GET(self) -> None:
        self.respond()

    def do_POST(self) -> None:
        self.respond()

    def respond(self) -> None:
        form = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        path = self.path.partition("?")[0]
        try:
            if path.startswith("/v1/"):
                self.api(form)
            elif path.startswith("/_fake/"):
                self.verb(path.removeprefix("/_fake/"), form)
            else:
                self.page(path, form)
        except ResetError:
            self.reset()
        except OSError:
            raise
        except Exception as error:
            self.send_json(500, {"error": {"type": "api_error", "message": f"fakestripe: {error!r}"}}, {})
            raise

    def api(self, form: str) -> None:
        answer = self.home.desk.answer(self.command, self.path, dict(self.headers.items()), form)
        self.send_json(answer.status, answer.body, answer.headers)

    def verb(self, name: str, form: str) -> None:
        try:
            self.send_json(200, self.home.control(name, json.loads(form or "{}")), {})
        except RefusalError as refusal:
            self.send_json(refusal.status, {"error": refusal.error}, {})

    def page(self, path: str, form: str) -> None:
        self.home.desk.pass_time()
        shown = self.home.pages.answer(self.command, path, form)
        self.send(shown.status, shown.html.encode(), _HTML, {"Location": shown.location} if shown.location else {})

    @property
    def home(self) -> Server:
        return cast(Server, self.server)

    def send_json(self, status: int, body: Any, headers: dict[str, str]) -> None:
        self.send(status, json.dumps(body, indent=2, ensure_ascii=False).encode(), "application/json", headers)

    def send(self, status: int, body: bytes, kind: str, headers: dict[str, str]) -> None:
        self.home.save()
        self.send_response(status)
        for name, value in {**headers, "Content-Type": kind, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def reset(self) -> None:
        """Closes so that the caller gets a reset rather than an end: nothing lingers."""
        self.home.save()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def log_message(self, format: str, *args: Any) -> None:
        """The request log is DIR/requests.jsonl."""
