"""`python -m dev.bench.verb`: the placing verb alone, without a page around it, in one process of several.

Reads the baskets (primary key and cents) and the moment to begin at, so that all processes meet on the same slot.
"""

from __future__ import annotations

import json
import sys
import time

import django


def main() -> None:
    django.setup()
    from dev.bench.count import counted
    from orders.actions.place_order import place_order

    said = json.load(sys.stdin)
    (first, cents), *others = said["baskets"]
    statements = counted(lambda: place_order(first, confirmed_cents=cents, terms_version="bench"))
    time.sleep(max(0.0, said["at"] - time.time()))
    began = time.time()
    for basket, cents in others:
        place_order(basket, confirmed_cents=cents, terms_version="bench")
    json.dump({"began": began, "ended": time.time(), "orders": len(others), "statements": statements}, sys.stdout)


if __name__ == "__main__":
    main()
