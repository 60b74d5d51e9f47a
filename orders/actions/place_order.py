"""A resident orders: listings, slot, number, order, parts and message are written together or not at all."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from marche.common.money import to_euros
from marche.common.refusals import Problem, Refused
from marche.common.wording import euros
from marche.markets.models import MarketDay, Slot
from marche.outbox.actions.queue import queue
from marche.shop.order.utils import write_order
from marche.shop.oscar import Basket, OrderLine
from marche.shop.status import OrderStatus
from orders.locks import close_basket, reserve_slot, take_number
from orders.mail_kinds import Mail
from orders.models import DayBasket, LineDetail, Pickup, ProducerOrder
from orders.presenters.basket import Group, Item, contents_of, group_by_producer
from orders.presenters.card_choice import Online, online_of
from orders.presenters.seen import Shown
from orders.refusals import day_problem
from orders.steps.pay_by_card import new_attempt
from producers.catalogue.cards import FEW
from producers.locks import lock_asked_listings
from producers.models import Listing


def place_order(
    basket_id: int,
    *,
    shown: Shown | None,
    terms_version: str,
    account_id: int | None = None,
    card_cents: int | None = None,
) -> Pickup:
    """Place the order of a basket, and return its pickup. Asked again with the same basket, it returns the same.

    `shown` is all that stood above the button: what is no longer so is refused, product by product; None is refused.
    `account_id` is the account that the order joins (of one that is erased in this moment it becomes a guest's).
    `card_cents` is the most that a card is asked for, as the resident saw it: the order then waits to be paid
    (pay_online.py); None pays all at the stalls. Raises Refused, changing nothing, with everything that stands in the
    way. Twelve statements, seven more for a card.
    """
    with transaction.atomic(durable=True):
        basket = close_basket(basket_id, account_id)
        if basket is None:
            return Pickup.objects.with_related().get(basket=basket_id)
        slot_id, shown = _require_both(basket.slot_id, shown)
        items = _lock_and_check(basket, shown)
        groups = group_by_producer(items)
        online = None if card_cents is None else _require_online(basket, groups, card_cents)
        lines = {item.listing.pk: _order_line(item) for item in items}
        order = _write_order(basket, groups, list(lines.values()), is_pending=online is not None)
        scarce = Listing.objects.reserve({item.listing: item.quantity for item in items}, few=FEW)
        if not reserve_slot(slot_id, shown.slot_begins_at):
            raise Refused(_slot_problem(slot_id, shown))
        day = take_number(basket.day_id, timezone.now(), catalogue_changes=scarce)
        if day is None:
            raise Refused(day_problem(MarketDay.objects.select_related("market").get(pk=basket.day_id)))
        pickup = _write_pickup(basket, slot_id, order, day, groups, terms_version)
        _write_parts(pickup, groups, lines, online.producer_ids if online else set())
        if online:
            new_attempt(pickup, online.till, online.shares)
        _tell(pickup, Mail.AWAITS_PAYMENT if online else Mail.CONFIRMATION)
        Basket.objects.filter(pk=basket_id).update(status=Basket.SUBMITTED, date_submitted=pickup.placed_at)
    return pickup


def _tell(pickup: Pickup, kind: str) -> None:
    if pickup.email:
        queue(kind, pickup.pk, pickup.email, language=pickup.language)


def _require_both(slot_id: int | None, shown: Shown | None) -> tuple[int, Shown]:
    if slot_id is None:
        raise Refused(Problem("no-slot", _("Choose a slot.")))
    if shown is None:
        raise Refused(Problem("not-shown", _("Look at your order once more before you confirm it.")))
    return slot_id, shown


def _lock_and_check(basket: DayBasket, shown: Shown) -> list[Item]:
    """Hold the listings of the basket and raise Refused with all that is wrong with it, or other than was shown."""
    asked = lock_asked_listings(basket.pk, basket.day_id)
    items = [Item(listing, listing.asked, stockrecord_id=listing.stockrecord_id) for listing in asked]
    problems = [problem for item in items if (problem := item.problem)]
    vanished = contents_of(basket).vanished if len(items) != basket.line_count else {}
    problems += vanished.values()
    if not basket.line_count:
        problems.append(Problem("empty", _("Your basket is empty.")))
    problems += shown.changes(items, vanished)
    if basket.slot_id and basket.slot_id != shown.slot_id:
        problems.append(_slot_problem(basket.slot_id, shown))
    if problems:
        raise Refused(*problems)
    return items


def _require_online(basket: DayBasket, groups: Sequence[Group], card_cents: int) -> Online:
    """What is paid by card. Raises Refused when that can't be any more, or is not what the resident saw."""
    online = online_of(MarketDay.objects.select_related("market").get(pk=basket.day_id), groups)
    if online is None:
        raise Refused(Problem("no-card", _("This order can’t be paid by card: choose to pay at the stalls.")))
    if online.cents != card_cents:
        sentence = _("What can be paid by card was %(before)s, it is now %(now)s: look at it before you confirm.")
        words = {"before": euros(card_cents), "now": euros(online.cents)}
        raise Refused(Problem("card-amount", sentence % words))
    return online


def _slot_problem(slot_id: int, shown: Shown) -> Problem:
    """Why this slot can't be had: it is another one than was shown, or full."""
    full = Problem("slot-full", _("This slot is full: choose another one. Nothing else is lost."))
    return shown.slot_change(Slot.objects.get(pk=slot_id)) or full


def _order_line(item: Item) -> Any:
    listing, partner = item.listing, item.listing.producer.partner
    incl, excl = to_euros(item.amount_cents), to_euros(item.amount_cents - item.vat_cents)
    return OrderLine(
        partner=partner,
        partner_name=partner.name,
        partner_sku=f"P{listing.sheet_id}",
        stockrecord_id=item.stockrecord_id,
        product_id=listing.sheet_id,
        title=listing.sheet.title,
        quantity=item.quantity,
        line_price_incl_tax=incl,
        line_price_excl_tax=excl,
        line_price_before_discounts_incl_tax=incl,
        line_price_before_discounts_excl_tax=excl,
        tax_code=str(item.vat_bp),
        num_allocated=item.quantity,
    )


def _write_order(basket: DayBasket, groups: Sequence[Group], lines: Sequence[Any], *, is_pending: bool) -> Any:
    total, vat = sum(group.amount_cents for group in groups), sum(group.vat_cents for group in groups)
    status = OrderStatus.PENDING if is_pending else OrderStatus.PLACED
    return write_order(
        basket.pk,
        lines,
        total_incl_tax=to_euros(total),
        total_excl_tax=to_euros(total - vat),
        status=status,
        user_id=basket.owner_id,
    )


def _write_pickup(
    basket: DayBasket, slot_id: int, order: Any, day: MarketDay, groups: Sequence[Group], terms_version: str
) -> Pickup:
    return Pickup.objects.create(
        order=order,
        day=day,
        slot_id=slot_id,
        number=day.last_number,
        basket=basket,
        terms_version=terms_version,
        total_cents=sum(group.amount_cents for group in groups),
        max_cents=sum(group.max_cents for group in groups),
        placed_at=timezone.now(),
        **basket.contact_values(),
    )


def _write_parts(pickup: Pickup, groups: Sequence[Group], lines: dict[int, Any], online: Container[int]) -> None:
    parts = [
        ProducerOrder(
            pickup=pickup,
            producer=group.producer,
            day_id=pickup.day_id,
            total_cents=group.amount_cents,
            max_cents=group.max_cents,
            vat_cents=group.vat_cents,
            vat_franchise=group.producer.vat_franchise,
            online=group.producer.pk in online,
        )
        for group in groups
    ]
    ProducerOrder.objects.bulk_create(parts)
    LineDetail.objects.bulk_create(
        _detail(item, part, lines[item.listing.pk])
        for group, part in zip(groups, parts, strict=True)
        for item in group.items
    )


def _detail(item: Item, part: ProducerOrder, line: Any) -> LineDetail:
    listing = item.listing
    return LineDetail(
        line=line,
        part=part,
        listing=listing,
        title=listing.sheet.title,
        quantity=item.quantity,
        price_cents=listing.price_cents,
        amount_cents=item.amount_cents,
        max_cents=item.max_cents,
        vat_bp=item.vat_bp,
        vat_cents=item.vat_cents,
        **listing.unit_values(),
    )
