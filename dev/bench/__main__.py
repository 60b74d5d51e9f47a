"""`python -m dev.bench [--quick] [--only PAGE…]`: exit code 0 when all was measured, 1 when an answer was wrong."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import signal
import sys
import time
from pathlib import Path

import django

from dev import VAR
from dev.bench import PAGES
from dev.bench.stage import stage
from dev.processes import ServiceError
from dev.rehearsal.__main__ import SIGNALS, leave, say
from dev.rehearsal.client import SiteError
from dev.services import own_folder

QUICK = {"seconds": 0.4, "rounds": 1, "concurrency": [8], "orders": 8, "days": 4, "goods": 200}


def main() -> int:
    for number in SIGNALS:
        signal.signal(number, leave)
    options = read_options(sys.argv[1:])
    began = time.monotonic()
    try:
        with own_folder(VAR, "bench") as home, stage(home) as (ready, running):
            django.setup()
            from dev.bench.play import play  # models can be imported only now

            say(f"Services and tables are ready after {time.monotonic() - began:.0f} s.")
            figures = play(ready, running, options, say)
            file = write(figures | {"seconds": round(time.monotonic() - began)}, home)
    except (ServiceError, SiteError) as error:
        print(f"\n{error}", file=sys.stderr)  # noqa: T201
        return 1
    say(f"\n{time.monotonic() - began:.0f} s in all; every figure, and those of each round: {file}")
    return 0


def read_options(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description="Ours, a stock Oscar and a bare Django view.")
    parser.add_argument("--quick", action="store_true", help="one short round, to see that it runs; proves nothing")
    parser.add_argument("--only", nargs="+", default=PAGES, choices=PAGES, metavar="PAGE", help=", ".join(PAGES))
    parser.add_argument("--seconds", type=float, default=0.8, help="of each round of a page")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--concurrency", type=int, nargs="+", default=[1, 8])
    parser.add_argument("--orders", type=int, default=40, help="of each round; 0 for none")
    parser.add_argument("--goods", type=int, default=700, help="of the larger day")
    parser.add_argument("--days", type=int, default=52, help="past market days")
    parser.add_argument("--orders-a-day", type=int, default=230, help="of each past day; 2300 makes 120,000 in all")
    parser.add_argument("--seed", default="1")
    quick, _rest = parser.parse_known_args(words)
    if quick.quick:
        parser.set_defaults(**QUICK)
    return parser.parse_args(words)


def write(figures: dict[str, object], home: Path) -> Path:
    """Beside those of other runs."""
    file = home / f"{dt.datetime.now(dt.UTC):%Y%m%d-%H%M%S}.json"
    file.write_text(json.dumps(figures, indent=1, ensure_ascii=False))
    return file


if __name__ == "__main__":
    sys.exit(main())
