"""`python -m dev.bench.verb`: the placing verb alone, without a page around it, in one process of several.

Reads the baskets (primary keys) and the moment to begin at, so that all processes meet on the same slot.
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
    from orders.models import DayBasket
    from orders.presenters.basket import contents_of
    from orders.presenters.seen import Shown

    said = json.load(sys.stdin)
    baskets = DayBasket.objects.select_related("day__market", "slot").filter(pk__in=said["baskets"]).order_by("pk")
    (first, shown), *others = [(one.pk, Shown.of(one, contents_of(one).items)) for one in baskets]
    statements = counted(lambda: place_order(first, shown=shown, terms_version="bench"))
    time.sleep(max(0.0, said["at"] - time.time()))
    began = time.time()
    for basket, shown in others:
        place_order(basket, shown=shown, terms_version="bench")
    json.dump({"began": began, "ended": time.time(), "orders": len(others), "statements": statements}, sys.stdout)


if __name__ == "__main__":
    main()
