"""A resident's orders as the account shows them: what comes first, what was before it a page at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from marche.common.wording import euros
from marche.markets.models import Stall
from orders.models import Pickup, ProducerOrder
from orders.owned import pickup_ids_of
from orders.presenters.paying import Paying, nothing_words, paying_of, paying_words
from orders.progress import STANDING, OrderState, state_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User

PAGE = 10  # past orders


@dataclass(frozen=True)
class PastOrComing:
    """One order. `parts` in walking order, each with `stall_number` and what is owed for it."""

    pickup: Pickup
    parts: Sequence[ProducerOrder]

    @cached_property
    def to_visit(self) -> Sequence[ProducerOrder]:
        """The stalls where there is something to collect, or something was."""
        return [part for part in self.parts if not _is_void(part)]

    @cached_property
    def handed_over(self) -> int:
        return sum(part.handed_over_at is not None for part in self.parts)

    @property
    def parts_with_words(self) -> list[tuple[ProducerOrder, str]]:
        """(the part, how it is paid); once the market is over, nothing of what no stall noted a payment of."""
        return [(part, self._words(part)) for part in self.parts]

    def _words(self, part: ProducerOrder) -> str:
        paying = paying_of(part)
        if self.pickup.is_cancelled or (self.is_over and paying is Paying.AT_STALL):
            return ""
        if _is_void(part):
            return nothing_words()
        words = paying_words(paying, part.paid_means)
        return f"{words} {euros(part.paid_cents)}" if part.paid_cents else words

    @property
    def due_cents(self) -> int:
        """What is owed for it as far as one knows."""
        return sum(part.due_cents for part in self.parts)

    @property
    def is_estimated(self) -> bool:
        return any(part.most_cents > part.due_cents for part in self.parts)

    @property
    def is_over(self) -> bool:
        return self.pickup.day.ends_at <= timezone.now()

    @property
    def can_repeat(self) -> bool:
        """Not what is ordered for a day that still takes orders: that would be the same goods twice."""
        pickup = self.pickup
        return not pickup.has_expired() and (pickup.is_cancelled or not pickup.day.is_open)

    @property
    def state(self) -> tuple[str, str]:
        """(kind of badge, words); empty when the stalls noted nothing: that says nothing about who came."""
        collected = [part.handed_over_at is not None for part in self.to_visit]
        some = _("Collected at %(count)d of %(all)d stalls") % {"count": self.handed_over, "all": len(collected)}
        return {
            OrderState.CANCELLED: ("bad", pgettext("order", "Cancelled")),
            OrderState.PENDING: ("few", _("Waits for its payment")),
            OrderState.COLLECTED: ("good", _("Collected")),
            OrderState.PARTLY: ("few", some),
            OrderState.TO_COLLECT: ("", _("To collect")),
            OrderState.NOT_COLLECTED: ("", ""),
        }[state_of(self.pickup, collected, is_over=self.is_over)]


def _is_void(part: ProducerOrder) -> bool:
    """Whether nothing is to be collected of it: each of its lines was taken off."""
    return part.handed_over_at is None and not part.most_cents


@dataclass(frozen=True)
class History:
    coming: Sequence[PastOrComing]
    past: Sequence[PastOrComing]
    page: Page[Pickup]

    @property
    def is_empty(self) -> bool:
        return not self.coming and not self.past


def history_of_resident(user: User, page: str | None) -> History:
    """The coming orders, soonest first, and a page of the past ones, latest first. A fixed number of queries."""
    own, now = Pickup.objects.with_related().filter(pk__in=pickup_ids_of(user)), timezone.now()
    coming = list(own.filter(day__ends_at__gt=now).order_by("slot__starts_at", "pk"))
    shown = Paginator(own.filter(day__ends_at__lte=now).order_by("-day__starts_at", "-pk"), PAGE).get_page(page)
    past = list(shown.object_list)
    parts = _parts_of([*coming, *past])
    first, second = ([PastOrComing(one, parts[one.pk]) for one in some] for some in (coming, past))
    return History(first, second, shown)


def _parts_of(pickups: Iterable[Pickup]) -> defaultdict[int, list[ProducerOrder]]:
    number = Stall.objects.filter(partner=OuterRef("producer__partner"), market=OuterRef("day__market"))
    rows = ProducerOrder.objects.filter(STANDING, pickup__in=[pickup.pk for pickup in pickups]).with_owed()
    rows = rows.annotate(stall_number=Subquery(number.values("number")[:1])).with_card_state()
    rows = rows.select_related("pickup", "producer__partner")
    found: defaultdict[int, list[ProducerOrder]] = defaultdict(list)
    for part in rows.order_by("pickup", "stall_number", "pk"):
        found[part.pickup_id].append(part)
    return found
