"""What a resident is told of a payment by card: how to pay, what was taken, what was given back."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from marche.common.wording import euros
from marche.outbox import registry
from marche.outbox.models import Message
from marche.outbox.registry import Content
from marche.payments.models import Instruction
from orders import owed
from orders.mail_kinds import Mail, mail_kind
from orders.mails.about import read_pickup
from orders.models import LineDetail, Pickup, ProducerOrder
from orders.presenters.card import card_of
from orders.presenters.ticket import parts_of
from orders.presenters.wording import line_words
from producers.wording import quantity_words


def register() -> None:
    registry.register(mail_kind(Mail.AWAITS_PAYMENT), awaits_payment)
    registry.register(mail_kind(Mail.CHARGED), charged)
    registry.register(mail_kind(Mail.REFUNDED), refunded)
    registry.register(mail_kind(Mail.AT_STALL), at_stall)


@dataclass(frozen=True)
class ChargedLine:
    """One line: what was ordered, what was prepared, what was taken for it; each in words."""

    title: str
    ordered: str
    estimate: str
    prepared: str
    charged: str


@dataclass(frozen=True)
class ChargedPart:
    name: str
    lines: list[ChargedLine]
    total: str


def charged_parts(pickup: Pickup) -> list[ChargedPart]:
    """The parts of an order that are paid by card, line by line, as they stand. Two queries."""
    parts = pickup.parts.filter(online=True, cancelled_at=None).select_related("producer__partner")
    return [
        ChargedPart(part.producer.name, [_line(part, line) for line in part.details.all()], euros(owed.charge_of(part)))
        for part in parts.prefetch_related("details")
    ]


def _line(part: ProducerOrder, line: LineDetail) -> ChargedLine:
    prepared = "–" if line.is_off or not owed.is_final(part) else line_words(line)
    return ChargedLine(
        title=line.title,
        ordered=quantity_words(line, line.quantity),
        estimate=euros(line.amount_cents),
        prepared=prepared,
        charged=euros(owed.charge(part, line)),
    )


def awaits_payment(message: Message) -> Content:
    """Where an order can be paid that waits for it; where it can be looked at, when that is over as the mail leaves."""
    pickup = read_pickup(message.subject_id)
    page = settings.SITE_URL + reverse("payment", args=[pickup.display_code])
    context = {"pickup": pickup, "is_time": pickup.is_time_to_pay(), "page": page}
    return Content(context, reply_to=pickup.market.contact_email)


def charged(message: Message) -> Content:
    """Ordered, prepared and charged, line by line."""
    pickup = read_pickup(message.subject_id)
    parts = parts_of(pickup)
    stalls = [part for part in parts if not part.online]
    is_weighed = not any(part.online and part.is_estimated for part in parts)
    context = {"card": card_of(pickup), "parts": charged_parts(pickup), "is_weighed": is_weighed}
    return Content({"pickup": pickup, "stalls": stalls, **context}, reply_to=pickup.market.contact_email)


def refunded(message: Message) -> Content:
    """What was given back, and why; what was kept in all."""
    pickup = read_pickup(message.subject_id)
    instruction = Instruction.objects.get(pk=message.revision)
    context = {"pickup": pickup, "card": card_of(pickup), "refund": instruction}
    return Content(context, reply_to=pickup.market.contact_email)


def at_stall(message: Message) -> Content:
    """The card let go of the money: the order stands, and is paid at the stalls."""
    pickup = read_pickup(message.subject_id)
    context = {"pickup": pickup, "card": card_of(pickup), "parts": parts_of(pickup)}
    return Content(context, reply_to=pickup.market.contact_email)
