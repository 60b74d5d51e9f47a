"""What is said on the telephone about a fact: what its mail would tell, in a sentence or two."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from marche.common.wording import day_in_words, hour
from orders.mail_kinds import Mail
from orders.models import OrderChange
from orders.presenters.wording import names_in_words

if TYPE_CHECKING:
    from marche.markets.models import MarketDay
    from orders.models import Call


@dataclass(frozen=True)
class Told:
    """What the sentences are made of: the call, its day, and the changes of the orders that are called about."""

    call: Call
    day: MarketDay
    changes: Mapping[int, list[OrderChange]]

    def change(self, **wanted: object) -> OrderChange | None:
        """The last change of this order that is so."""
        changes = self.changes.get(self.call.pickup_id or 0, [])
        return next((one for one in reversed(changes) if all(getattr(one, k) == v for k, v in wanted.items())), None)

    def cancelled_with(self, change: OrderChange) -> list[OrderChange]:
        """This cancelling of a part, with those of other parts at the same moment: it is one fact."""
        return [
            one
            for one in self.changes.get(change.pickup_id, [])
            if (one.kind, one.at) == (change.kind, change.at) and one.part_id
        ]


def sentences(calls: Iterable[Call], day: MarketDay) -> dict[str, str]:
    """The sentence for each call, by its key. One query."""
    rows = list(calls)
    by_order: dict[int, list[OrderChange]] = {}
    ids = [call.pickup_id for call in rows if call.pickup_id]
    for change in OrderChange.objects.filter(pickup__in=ids).select_related("part__producer__partner"):
        by_order.setdefault(change.pickup_id, []).append(change)
    everything = {**_OF_RESIDENTS, **_OF_PRODUCERS}
    return {call.key: everything[call.kind](Told(call, day, by_order)) for call in rows if call.kind in everything}


def _order_cancelled(told: Told) -> str:
    words = {"number": told.call.pickup.number if told.call.pickup else "", "day": day_in_words(told.day.starts_at)}
    if told.day.cancelled_at:
        sentence = _("The market of %(day)s is not held (%(reason)s): order %(number)s is cancelled.")
        return sentence % {**words, "reason": told.day.cancel_reason}
    change = told.change(kind=OrderChange.Kind.CANCELLED, part_id=None)
    sentence = _("Order %(number)s of %(day)s is cancelled. Reason: %(reason)s")
    return sentence % {**words, "reason": change.reason if change else "–"}


def _part_cancelled(told: Told) -> str:
    change = told.change(kind=OrderChange.Kind.CANCELLED, part_id=told.call.revision)
    if change is None or change.part is None:
        return "–"
    together = [one.part.producer.name for one in told.cancelled_with(change) if one.part]
    return _("Order %(number)s: nothing from %(producer)s. Reason: %(reason)s") % {
        "number": told.call.pickup.number if told.call.pickup else "",
        "producer": names_in_words(together),
        "reason": change.reason,
    }


def _part_changed(told: Told) -> str:
    change = told.change(pk=told.call.revision)
    if change is None or change.part is None:
        return "–"
    words = {"number": told.call.pickup.number if told.call.pickup else "", "what": change.reason}
    words["producer"] = change.part.producer.name
    if change.kind == OrderChange.Kind.STRUCK:
        return _("Order %(number)s, %(producer)s, there is less: %(what)s") % words
    return _("Order %(number)s, %(producer)s: %(what)s") % words


def _day_cancelled(told: Told) -> str:
    words = {"day": day_in_words(told.day.starts_at), "reason": told.day.cancel_reason}
    return _("The market of %(day)s is not held (%(reason)s): there is nothing to bring.") % words


def _day_changed(told: Told) -> str:
    """The sentence that says where and when the market is held now, whatever has changed."""
    pickup, change = told.call.pickup, told.day.changes.filter(pk=told.call.revision).first()
    words = {
        "number": pickup.number if pickup else "",
        "day": day_in_words(told.day.starts_at),
        "from": hour(pickup.slot.starts_at if pickup else told.day.starts_at),
        "to": hour(pickup.slot.ends_at if pickup else told.day.ends_at),
        "where": change.became.address if change else told.day.market.place,
        "reason": change.reason if change else "–",
    }
    if pickup is None:
        return _("The market is on %(day)s, from %(from)s to %(to)s: %(where)s. Reason: %(reason)s") % words
    sentence = _("Order %(number)s: come on %(day)s, between %(from)s and %(to)s: %(where)s. Reason: %(reason)s")
    return sentence % words


# A kind of fact that residents or producers are told of, by the name of its mail.
_OF_RESIDENTS: Mapping[str, Callable[[Told], str]] = {
    Mail.ORDER_CANCELLED: _order_cancelled,
    Mail.PART_CANCELLED: _part_cancelled,
    Mail.PART_CHANGED: _part_changed,
    Mail.DAY_CHANGED: _day_changed,
}
_OF_PRODUCERS: Mapping[str, Callable[[Told], str]] = {
    Mail.DAY_CANCELLED: _day_cancelled,
    Mail.DAY_CHANGED_PRODUCER: _day_changed,
}
