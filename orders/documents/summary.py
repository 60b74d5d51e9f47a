"""A producer's summary as people read it: the words that its page, its mail and its PDF share."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from marche.common.names import shown_name
from marche.common.text import file_slug
from marche.common.wording import NBSP, day_in_words, euros, hour, percent
from orders.documents.typst import render
from orders.models import Shortage, Summary
from orders.presenters.paying import take_nothing_words
from orders.presenters.summary import SummaryRow
from producers.models import Producer


def context_of(summary: Summary) -> SummaryRow:
    """What the templates need, all in words; `summary` itself for its links and what was acknowledged."""
    data = summary.data
    day = day_in_words(moment(data["day"]["starts_at"]))
    return {
        "summary": summary,
        "title": _("Summary for %(day)s") % {"day": day},
        "day": day,
        "market": data["market"]["name"],
        "producer": data["producer"]["name"],
        "place": _place(data),
        "version": _version(summary),
        "orders": orders_words(data["orders"]),
        "changes": [change_words(change) for change in summary.changes],
        "changes_title": _("What has changed since version %(revision)s") % {"revision": summary.revision - 1},
        "reason": data["reason"],
        "totals": [
            {"title": row["title"], "words": row["words"], **_amount(row["amount_cents"], row["max_cents"])}
            for row in data["totals"]
        ],
        "amounts": _amounts(data),
        "slots": [_slot(slot) for slot in data["slots"]],
    }


def summary_pdf(summary: Summary) -> bytes:
    """A4, for a printer without colours: totals first, then the packing list by slot, each line with a box to tick."""
    context = context_of(summary)
    del context["summary"]
    labels = {
        "totals": _("To prepare"),
        "product": _("Product"),
        "quantity": _("Quantity"),
        "amount": _("Expected amount"),
        "packing": _("By slot"),
        "nothing": _("There is nothing to bring: all orders were cancelled."),
    }
    return render("summary", {**context, "labels": labels, "lang": get_language(), "revision": summary.revision})


def file_name(summary: Summary, extension: str) -> str:
    """ "recapitulatif-la-ferme-du-ru-2026-11-28-r1.pdf": no two files share a name, nor do those of namesakes."""
    data = summary.data
    whose = "-".join([file_slug(data["producer"]["name"]), *_translate_errors(summary)])
    return f"recapitulatif-{whose}-{data['day']['date']}-r{summary.revision}.{extension}"


def _translate_errors(summary: Summary) -> list[str]:
    """What else the name of a file must say: the address of a producer with namesakes, the market of one with two."""
    producer, others = (
        summary.producer,
        Summary.objects.filter(producer=summary.producer_id, day__date=summary.day.date),
    )
    has_namesakes = Producer.objects.filter(sort_key=producer.sort_key).exclude(pk=producer.pk).exists()
    has_two_markets = others.exclude(day=summary.day_id).exists()
    return [producer.slug] * has_namesakes + [summary.day.market.slug] * has_two_markets


def change_words(change: SummaryRow) -> str:
    """One difference to the revision before, in a sentence."""
    if change["what"] == "same":
        return _("Nothing: what you bring has stayed the same.")
    if change["what"] == "day":
        sentence = _("The market: %(after)s, instead of %(before)s")
        return sentence % {"before": change["before_words"], "after": change["after_words"]}
    if change["what"] == "who":
        sentence = _("Order %(number)s: %(after)s, instead of %(before)s")
        words = {"before": change["before_words"], "after": change["after_words"]}
        return sentence % {"number": change["number"], **words}
    if change["what"] == "total":
        sentence = _("In all, %(title)s: %(after)s instead of %(before)s")
        if not change["after"]:
            sentence = _("In all, %(title)s: nothing any more")
        elif not change["before"]:
            sentence = _("In all, %(title)s: %(after)s, which is new")
    else:
        sentence = _("Order %(number)s, %(first_name)s: %(title)s, %(after)s instead of %(before)s")
        if not change["after"]:
            sentence = _("Order %(number)s, %(first_name)s: %(title)s, %(before)s taken off")
        elif not change["before"]:
            sentence = _("Order %(number)s, %(first_name)s: %(title)s, %(after)s added")
    who = {"first_name": shown_name(change.get("first_name", ""))}
    return sentence % {**change, **who, "before": change["before_words"], "after": change["after_words"]}


def amount_words(cents: int, max_cents: int) -> str:
    """An amount, and the most it can become where something is weighed on the day."""
    if max_cents <= cents:
        return euros(cents)
    return _("about %(amount)s (at most %(max)s)") % {"amount": euros(cents), "max": euros(max_cents)}


def _amount(cents: int, max_cents: int) -> SummaryRow:
    """The same in two short words, for narrow columns."""
    at_most = _("at most %(max)s") % {"max": euros(max_cents)} if max_cents > cents else ""
    return {"amount": euros(cents), "at_most": at_most}


def slot_words(slot: SummaryRow) -> str:
    """ "9 h – 9 h 30"."""
    return f"{hour(moment(slot['starts_at']))}{NBSP}– {hour(moment(slot['ends_at']))}"


def orders_words(count: int) -> str:
    return ngettext("%(count)d order", "%(count)d orders", count) % {"count": count}


def moment(iso: str) -> dt.datetime:
    """A time of `Summary.data` as an aware datetime."""
    return dt.datetime.fromisoformat(iso)


def _place(data: SummaryRow) -> str:
    hours = {name: hour(moment(data["day"][f"{name}_at"])) for name in ("starts", "ends")}
    parts = [data["market"]["name"], data["market"]["place"], _("from %(starts)s to %(ends)s") % hours]
    if data["producer"]["stall"]:
        parts.append(_("stall %(number)s") % {"number": data["producer"]["stall"]})
    return " · ".join(parts)


def _version(summary: Summary) -> str:
    made = {"revision": summary.revision, "day": day_in_words(summary.made_at), "hour": hour(summary.made_at)}
    return _("Version %(revision)s, %(day)s at %(hour)s") % made


def _amounts(data: SummaryRow) -> list[str]:
    """The whole amount, then the VAT inside it, rate by rate."""
    total = _("Expected in all: %(amount)s") % {"amount": amount_words(data["total_cents"], data["max_cents"])}
    return [total, *_vat_words(data), *_franchise_words(data)]


def _vat_words(data: SummaryRow) -> list[str]:
    """Where there is no VAT (CGI, article 294), there is one rate: none."""
    if [row["rate_bp"] for row in data["vat"]] == [0]:
        return [_("VAT not applicable, article 294 of the CGI")]
    return [
        _("of which at %(rate)s VAT: %(amount)s, VAT included %(vat)s")
        % {"rate": percent(row["rate_bp"]), "amount": euros(row["amount_cents"]), "vat": euros(row["vat_cents"])}
        for row in data["vat"]
    ]


def _franchise_words(data: SummaryRow) -> list[str]:
    """As it was when it was ordered: a producer may have left the franchise meanwhile, or entered it."""
    if data["producer"].get("vat_franchise") or (data.get("franchise_cents") and not data["vat"]):
        return [_("VAT not applicable, article 293 B of the CGI")]
    if data.get("franchise_cents"):
        text = _("of which VAT not applicable, article 293 B of the CGI: %(amount)s")
        return [text % {"amount": euros(data["franchise_cents"])}]
    return []


def _slot(slot: SummaryRow) -> SummaryRow:
    heading = {"slot": slot_words(slot), "orders": orders_words(len(slot["orders"]))}
    return {"heading": _("%(slot)s: %(orders)s") % heading, "orders": [_order(order) for order in slot["orders"]]}


def _order(order: SummaryRow) -> SummaryRow:
    return {
        **{name: order[name] for name in ("number", "code")},
        "first_name": shown_name(order["first_name"]),
        **_amount(order["total_cents"], order["max_cents"]),
        "lines": [{"words": line["words"], "title": line["title"]} for line in order["lines"]],
        "remarks": [text for text in (_if_paid(order), _if_missing(order), order["note"]) if text],
    }


def _if_paid(order: SummaryRow) -> str:
    return take_nothing_words() if order.get("online") else ""


def _if_missing(order: SummaryRow) -> str:
    values = {"wish": Shortage(order["shortage"]).label, "phone": order["phone"]}
    if order["phone"]:
        return _("If something is missing: %(wish)s, %(phone)s") % values
    return _("If something is missing: %(wish)s") % values
