"""What deserves a manager's attention on a market day, in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marche.markets.models import MarketDay, Phase

ACKNOWLEDGE_BEFORE = dt.timedelta(hours=12)  # before the market starts: after that, one telephones


@dataclass(frozen=True)
class Alert:
    """One sentence. `kind` is the badge's: "bad" for what went wrong, "few" for what will."""

    code: str
    sentence: str
    kind: str


def alerts_of(
    day: MarketDay,
    *,
    failed: int,
    without_offer: int,
    unacknowledged: int,
    to_call: int = 0,
    disagreeing: int = 0,
    now: dt.datetime | None = None,
) -> list[Alert]:
    """The alerts of a day at the aware time `now` (default: now); once it is over, only what failed or is wrong."""
    now = now or timezone.now()
    phase = day.phase(now)
    alerts = []
    if phase is Phase.PENDING:
        alerts.append(Alert("holiday", _("Public holiday to decide: %(holiday)s") % {"holiday": day.holiday}, "bad"))
    if to_call:
        text = ngettext("%(count)d person to telephone", "%(count)d people to telephone", to_call)
        alerts.append(Alert("to-call", text % {"count": to_call}, "bad"))
    if failed:
        text = ngettext("%(count)d message failed", "%(count)d messages failed", failed)
        alerts.append(Alert("failed", text % {"count": failed}, "bad"))
    if disagreeing:
        text = ngettext(
            "%(count)d order to be checked by the administrator",
            "%(count)d orders to be checked by the administrator",
            disagreeing,
        )
        alerts.append(Alert("oscar", text % {"count": disagreeing}, "bad"))
    if phase is Phase.OPEN and without_offer:
        text = ngettext("%(count)d producer offers nothing", "%(count)d producers offer nothing", without_offer)
        alerts.append(Alert("no-offer", text % {"count": without_offer}, "few"))
    if phase in (Phase.CLOSED, Phase.ON) and unacknowledged and now >= day.starts_at - ACKNOWLEDGE_BEFORE:
        text = ngettext("%(count)d summary not acknowledged", "%(count)d summaries not acknowledged", unacknowledged)
        alerts.append(Alert("unacknowledged", text % {"count": unacknowledged}, "bad"))
    return alerts
