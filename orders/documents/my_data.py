"""What is kept about a person, for the person: one JSON document, or a table of what was ordered.

The JSON holds amounts as {cents, euros} (integer, and text with a point), times in ISO 8601: of an order on its
market's clock, of the account and its messages on the site's.

    exported_at, site
    account   {email, proven_addresses, made_at, last_sign_in_at}
    orders    [{number, reference, ticket_code, market, place, date, slot {from, to}, placed_at, cancelled_at,
                terms_version, contact {name, email, phone, if_missing, note, language}, total, at_most,
                parts [{producer, siret, total, at_most, vat, vat_not_applicable, handed_over_at,
                        payment {at, means, amount} or null,
                        lines [{product, units, quantity, amount, at_most, vat_percent, vat, missing, taken_off,
                                weighed_grams, final_amount or null, units_given, due, vat_due}]}],
                changes [{at, what, by, reason}], calls [{at, about}]}]
    messages  [{kind, order (its reference) or null, recipient, state, written_at, sent_at}]
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from marche.common.money import to_euros
from marche.common.telephone import phone
from marche.payments.models import PaymentAttempt
from orders import owed
from orders.mail_kinds import ORDER_KINDS
from orders.models import LineDetail, OrderChange, Pickup, ProducerOrder
from orders.owned import messages_to, pickup_ids_of, proven_addresses
from orders.presenters.paying import paying_of
from orders.presenters.tables import CellKind, Column, Row, Table
from producers.wording import quantity_words

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from marche.outbox.models import Message

Data = dict[str, Any]


def my_data_json(user: User) -> bytes:
    """Everything, as one document. A fixed number of queries."""
    pickups, addresses = _orders_of(user), proven_addresses(user)
    references = {pickup.pk: pickup.order.number for pickup in pickups}
    document = {
        "exported_at": _time(timezone.now()),
        "site": settings.SITE_NAME,
        "account": {
            "email": user.email,
            "proven_addresses": sorted(addresses),
            "made_at": _time(user.date_joined),
            "last_sign_in_at": _time(user.last_login),
        },
        "orders": [_by_the_clock_of_its_market(pickup) for pickup in pickups],
        "messages": [_message(message, references) for message in messages_to(references, addresses)],
    }
    return json.dumps(document, ensure_ascii=False, indent=2).encode()


def my_orders_table(user: User) -> Table:
    """One row for each line of each order."""
    columns = (
        Column("marche", _("market")),
        Column("date", _("date"), CellKind.DATE),
        Column("numero", _("number"), CellKind.COUNT, adds=False),
        Column("reference", _("reference")),
        Column("commande", _("ordered on"), CellKind.TIME),
        Column("annule", _("cancelled on"), CellKind.TIME),
        Column("producteur", _("producer")),
        Column("produit", _("product")),
        Column("unites", _("units"), CellKind.COUNT, adds=False),
        Column("quantite", _("quantity")),
        Column("montant", _("amount"), CellKind.CENTS, adds=False),
        Column("maximum", _("at most"), CellKind.CENTS, adds=False),
        Column("taux", _("VAT rate"), CellKind.PERCENT, adds=False),
        Column("tva", _("VAT"), CellKind.CENTS, adds=False),
        Column("absent", _("missing")),
        Column("donne", _("units given"), CellKind.COUNT, adds=False),
        Column("du", _("amount due"), CellKind.CENTS, adds=False),
        Column("remis", _("handed over on"), CellKind.TIME),
        Column("nom", _("name")),
        Column("email", _("e-mail")),
        Column("telephone", _("telephone")),
        Column("note", _("note")),
    )
    rows = [row for pickup in _orders_of(user) for row in _rows(pickup)]
    return Table("mes-commandes", _("My orders"), columns, rows)


def _orders_of(user: User) -> Sequence[Pickup]:
    details = Prefetch("details", LineDetail.objects.order_by("line"))
    parts = (
        ProducerOrder.objects.with_card_state()
        .select_related("producer__partner")
        .prefetch_related(details)
        .order_by("pk")
    )
    pickups = Pickup.objects.with_related().filter(pk__in=pickup_ids_of(user)).order_by("placed_at", "pk")
    related = ("changes__part__producer__partner", "calls", "order__attempts__instructions")
    return list(pickups.prefetch_related(Prefetch("parts", parts), *related))


def _by_the_clock_of_its_market(pickup: Pickup) -> Data:
    with timezone.override(pickup.market.zone):
        return _order(pickup)


def _order(pickup: Pickup) -> Data:
    day, market = pickup.day, pickup.market
    return {
        "number": pickup.number,
        "reference": pickup.order.number,
        "ticket_code": pickup.display_code,
        "market": market.name,
        "place": f"{market.place}, {market.postcode} {market.town}",
        "date": day.date.isoformat(),
        "slot": {"from": _time(pickup.slot.starts_at), "to": _time(pickup.slot.ends_at)},
        "placed_at": _time(pickup.placed_at),
        "cancelled_at": _time(pickup.cancelled_at),
        "terms_version": pickup.terms_version,
        "contact": {
            "name": pickup.name,
            "email": pickup.email,
            "phone": str(pickup.phone or ""),
            "if_missing": pickup.shortage,
            "note": pickup.note,
            "language": pickup.language,
        },
        "total": _money(pickup.total_cents),
        "at_most": _money(pickup.max_cents),
        "card_payments": [_card_payment(attempt) for attempt in pickup.order.attempts.all()],
        "parts": [_part(part) for part in pickup.parts.all()],
        "changes": [_change(change) for change in pickup.changes.all()],
        "calls": [{"at": _time(call.called_at), "about": call.kind} for call in pickup.calls.all()],
    }


def _card_payment(attempt: PaymentAttempt) -> Data:
    given_back = [i.cents for i in attempt.instructions.all() if (i.kind, i.state) == ("refund", "done")]
    return {
        "made_at": _time(attempt.made_at),
        "state": attempt.state,
        "at_most": _money(attempt.amount_cents),
        "taken": _money(attempt.captured_cents or 0),
        "given_back": _money(sum(given_back)),
    }


def _part(part: ProducerOrder) -> Data:
    paid = {"at": _time(part.paid_at), "means": part.paid_means, "amount": _money(part.paid_cents or 0)}
    return {
        "producer": part.producer.name,
        "siret": part.producer.siret,
        "total": _money(part.total_cents),
        "at_most": _money(part.max_cents),
        "vat": _money(part.vat_cents),
        "vat_not_applicable": part.vat_franchise,
        "paid_by_card_on_the_site": part.online,
        "payment_state": paying_of(part).value,
        "cancelled_at": _time(part.cancelled_at),
        "handed_over_at": _time(part.handed_over_at),
        "payment": paid if part.paid_at else None,
        "lines": [_line(detail) for detail in part.details.all()],
    }


def _line(detail: LineDetail) -> Data:
    return {
        "product": detail.title,
        "units": detail.quantity,
        "quantity": quantity_words(detail, detail.quantity),
        "amount": _money(detail.amount_cents),
        "at_most": _money(detail.max_cents),
        "vat_percent": str(to_euros(detail.vat_bp)),
        "vat": _money(detail.vat_cents),
        "missing": detail.missing,
        "taken_off": detail.struck,
        "units_given": detail.units,
        "weighed_grams": detail.grams,
        "final_amount": None if detail.is_unknown else _money(detail.due_cents),
        "due": _money(detail.due_cents),
        "vat_due": _money(owed.vat(detail)),
    }


def _change(change: OrderChange) -> Data:
    """By a role: who of the staff it was is that person's data."""
    by = change.part.producer.name if change.part else change.actor
    return {"at": _time(change.at), "what": change.kind, "by": by, "reason": change.reason}


def _message(message: Message, references: dict[int, str]) -> Data:
    return {
        "kind": message.kind,
        "order": references[message.subject_id] if message.kind in ORDER_KINDS else None,
        "recipient": message.recipient,
        "state": message.state,
        "written_at": _time(message.created_at),
        "sent_at": _time(message.sent_at),
    }


def _money(cents: int) -> Data:
    return {"cents": cents, "euros": str(to_euros(cents))}


def _time(moment: dt.datetime | None) -> str | None:
    return timezone.localtime(moment).isoformat() if moment else None


def _here(moment: dt.datetime | None, zone: ZoneInfo) -> dt.datetime | None:
    return moment and moment.astimezone(zone)


def _rows(pickup: Pickup) -> Iterator[Row]:
    order = (pickup.market.name, pickup.day.date, pickup.number, pickup.order.number)
    zone = pickup.market.zone
    times = (_here(pickup.placed_at, zone), _here(pickup.cancelled_at, zone))
    who = (pickup.name, pickup.email, phone(pickup.phone), pickup.note)
    for part in pickup.parts.all():
        for detail in part.details.all():
            goods = (detail.title, detail.quantity, quantity_words(detail, detail.quantity))
            amounts = (detail.amount_cents, detail.max_cents, detail.vat_bp, detail.vat_cents)
            given = (
                _("yes") if detail.missing else "",
                detail.units,
                detail.due_cents,
                _here(part.handed_over_at, zone),
            )
            yield *order, *times, part.producer.name, *goods, *amounts, *given, *who
