"""`python -m dev.rehearsal`: exit code 0 with no difference, 1 with any, 130 after Ctrl-C."""

from __future__ import annotations

import os
import signal
import sys
import time

import django

from dev import VAR
from dev.processes import ServiceError
from dev.rehearsal.stage import stage
from dev.services import own_folder

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LEAST, MOST = 12, 9_999  # residents


def main() -> int:
    for number in SIGNALS:
        signal.signal(number, leave)
    try:
        with_cards = one_of("PAY", "", "online") == "online"
        orders, clients = whole_number("ORDERS", 230, LEAST, MOST), whole_number("CLIENTS", 16, 1, 64)
        with own_folder(VAR, "rehearsal") as home:
            started = time.monotonic()
            say(f"Setting the stage for {orders} residents…")
            with stage(home, with_cards=with_cards) as ready:
                os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marche.settings")
                django.setup()
                from dev.rehearsal.play import play  # models can be imported only now

                say(f"Ready after {time.monotonic() - started:.1f} s.")
                return play(ready, orders, os.environ.get("SEED") or "1", clients, say)
    except ServiceError as error:
        print(f"\n{error}", file=sys.stderr)  # noqa: T201
        return 1


def leave(number: int, frame: object) -> None:
    """End in order; a second Ctrl-C does not disturb it."""
    for other in SIGNALS:
        signal.signal(other, signal.SIG_IGN)
    say("\nStopping.")
    raise SystemExit(128 + number)


def whole_number(name: str, usual: int, least: int, most: int) -> int:
    text = os.environ.get(name) or str(usual)
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise ServiceError(f"{name}={text} is not a number from {least} to {most}.")
    return int(text)


def one_of(name: str, *words: str) -> str:
    text = os.environ.get(name) or words[0]
    if text not in words:
        raise ServiceError(f"{name}={text} is none of {', '.join(filter(None, words))}.")
    return text


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
