"""The ticket as a calendar entry (RFC 5545), published, and withdrawn when the order is cancelled (RFC 5546).

A calendar knows the entry again by its UID, takes the file with the highest SEQUENCE for the last word on it, and of
two files alike the one with the later DTSTAMP. It believes a cancelling of the same ORGANIZER.
"""

from __future__ import annotations

import datetime as dt
from email.utils import parseaddr
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event, vCalAddress

from marche.common.wording import address_in_words
from marche.markets.models import Market
from orders.models import OrderChange, Pickup
from orders.presenters.ticket import parts_of

REMINDED_AT = dt.time(18)  # on the evening before, on the clock of the market


def ticket_calendar(pickup: Pickup) -> bytes:
    """The slot, the place and the stalls, with a reminder; of a cancelled order what takes the entry out again."""
    calendar = Calendar()
    calendar.add("prodid", "-//Marché//FR")
    calendar.add("version", "2.0")
    calendar.add("method", _method(pickup))
    event = _event(pickup)
    if not pickup.is_cancelled:
        event.add_component(_reminder(pickup))
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def calendar_media_type(pickup: Pickup) -> str:
    """With the method, which a mail must repeat (RFC 6047, section 2.4)."""
    return f"text/calendar; method={_method(pickup)}"


def sequence_of(pickup: Pickup) -> int:
    """How often the order or its day changed: it grows with whatever may change the entry, and only grows."""
    return pickup.changes.count() + pickup.day.changes.count()


def _method(pickup: Pickup) -> str:
    return "CANCEL" if pickup.is_cancelled else "PUBLISH"


def _event(pickup: Pickup) -> Event:
    market, slot = pickup.market, pickup.slot
    summary = _("%(market)s: order %(number)s") % {"market": market, "number": pickup.number}
    event = Event()
    event.add("uid", f"{pickup.code}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("sequence", sequence_of(pickup))
    event.add("dtstamp", timezone.now().astimezone(dt.UTC))  # when this very file was made
    event.add("created", pickup.placed_at.astimezone(dt.UTC))
    event.add("organizer", _organizer(market))
    event.add("dtstart", slot.starts_at.astimezone(dt.UTC))
    event.add("dtend", slot.ends_at.astimezone(dt.UTC))
    event.add("summary", _("Cancelled: %(what)s") % {"what": summary} if pickup.is_cancelled else summary)
    event.add("location", address_in_words(market.place, market.street, market.postcode, market.town))
    event.add("description", "\n".join([*_lines(pickup), pickup.url]))
    event.add("url", pickup.url)
    event.add("status", "CANCELLED" if pickup.is_cancelled else "CONFIRMED")
    return event


def _organizer(market: Market) -> vCalAddress:
    """The market, under the address that it answers, else under that of the site's mails."""
    sender = market.contact_email or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    organizer = vCalAddress(f"mailto:{quote(sender, safe='@.+-_')}")
    organizer.params["CN"] = market.name.replace('"', "’")  # a parameter knows no quotation marks
    return organizer


def _lines(pickup: Pickup) -> list[str]:
    """The stalls to visit, in walking order; of a cancelled order why."""
    if not pickup.is_cancelled:
        return [f"{part.stall_number or '–'} {part.producer.name}" for part in parts_of(pickup).to_visit]
    change = pickup.changes.filter(kind=OrderChange.Kind.CANCELLED, part=None).first()
    return [_("Reason: %(reason)s") % {"reason": change.reason}] if change else []


def _reminder(pickup: Pickup) -> Alarm:
    market, starts_at = pickup.market, pickup.slot.starts_at
    day_before = starts_at.astimezone(market.clock).date() - dt.timedelta(days=1)
    evening = dt.datetime.combine(day_before, REMINDED_AT, tzinfo=market.clock)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", str(market))
    alarm.add("trigger", evening - starts_at)
    return alarm
