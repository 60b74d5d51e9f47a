"""`python -m dev.fakestripe --port N --state DIR --webhook URL --secret whsec_…`: serves until it is told to end."""

import argparse
import signal
from pathlib import Path
from threading import Event

from dev.fakestripe.fake import API_KEY, FakeStripe


def main() -> None:
    asked = arguments().parse_args()
    over = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    fake = FakeStripe(
        port=asked.port, state=asked.state, webhook=asked.webhook, secret=asked.secret,
        connect_webhook=asked.connect_webhook, connect_secret=asked.connect_secret,
        keep=asked.keep,
    )  # fmt: skip
    with fake:
        print(f"fakestripe: {fake.url}, key {API_KEY}", flush=True)  # noqa: T201
        over.wait()


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m dev.fakestripe", description="A Stripe that moves no money.")
    parser.add_argument("--port", type=int, required=True, help="on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--state", type=Path, required=True, help="folder for requests.jsonl")
    parser.add_argument("--keep", action="store_true", help="remember everything in books.json there")
    parser.add_argument("--webhook", required=True, help="where events are posted")
    parser.add_argument("--secret", required=True, help="signs them")
    parser.add_argument("--connect-webhook", help="where events of connected accounts are posted; default: as others")
    parser.add_argument("--connect-secret", default="", help="signs those; default: as others")
    return parser


if __name__ == "__main__":
    main()
