"""How residents pay: dealt out beforehand, the same for the same seed."""

from __future__ import annotations

from enum import StrEnum
from random import Random


class Way(StrEnum):
    """What a resident does who comes to the choice between the card and the stalls."""

    STALLS = "chose the stalls"
    PAYS = "paid by card"
    SECURE = "paid with 3-D Secure"
    DECLINED = "paid with another card"
    CLOSES = "paid and closed the tab"
    RETURNS = "went back, then paid"
    CANCELS_AND_PAYS = "cancelled in one tab and paid in the other"
    LEAVES = "left Stripe’s page"
    GIVES_UP = "gave up after a card was declined"
    CANCELS = "went back and cancelled"
    PREFERS_STALLS = "went back and chose the stalls"


USUAL = (
    *(Way.PAYS,) * 12, *(Way.CLOSES,) * 4, *(Way.SECURE,) * 3, *(Way.DECLINED,) * 3, *(Way.RETURNS,) * 2,
)  # fmt: skip
UNUSUAL = (Way.LEAVES, Way.CANCELS, Way.PREFERS_STALLS, Way.GIVES_UP, Way.CANCELS_AND_PAYS)
ONE_IN = 10  # of those who choose the card do not pay


def deal_ways(residents: int, seed: str) -> list[Way]:
    """One for each resident: half of them choose the card, and of these one in ten does not pay as intended."""
    dice = Random(f"{seed}:ways")
    by_card = residents // 2
    unusual = max(min(len(UNUSUAL), by_card // 4), by_card // ONE_IN)
    ways = [UNUSUAL[place % len(UNUSUAL)] for place in range(unusual)]
    ways += [dice.choice(USUAL) for _ in range(by_card - unusual)]
    ways += [Way.STALLS] * (residents - by_card)
    dice.shuffle(ways)
    return ways
