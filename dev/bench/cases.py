"""What is measured: one row of the table each. To measure another page, add its line to `our_calls` and to PAGES."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse

from dev.bench import SEARCHED
from dev.bench.floor import SAID
from dev.bench.journeys import LINES, fill_oscar, fill_ours, to_address
from dev.bench.stage import FLOOR, OSCAR, OURS, Contender
from dev.bench.town import SMALL, Town
from dev.bench.wire import Call
from dev.rehearsal.client import JSON, Browser, Stopwatch
from producers.models import Listing

Cookies = dict[str, str]


@dataclass(frozen=True)
class Case:
    """`calls`: by contender, one for each visitor who comes at once (the last one again for any more)."""

    name: str
    oscar_is: str = ""  # what of Oscar it is beside, where that is not plain
    calls: dict[str, Sequence[Call]] = field(default_factory=dict)

    def calls_of(self, contender: str, concurrency: int) -> list[Call]:
        calls = self.calls[contender]
        return [calls[min(number, len(calls) - 1)] for number in range(concurrency)]


def cases_of(town: Town, contenders: Mapping[str, Contender], oscar: Mapping[str, Any], *, visitors: int) -> list[Case]:
    """Everything that can be measured; `visitors` fill a basket in each shop for it, and staff are signed in."""
    shoppers = [our_shopper(contenders[OURS], town, number) for number in range(visitors)]
    guests = [oscar_shopper(contenders[OSCAR], oscar["products"], number) for number in range(visitors)]
    theirs = oscar_calls(oscar, guests)
    bare = Call("/", SAID)
    found = []
    for name, calls in our_calls(town, shoppers).items():
        beside, its = theirs.get(name, ("", []))
        found.append(Case(name, beside, {OURS: calls, FLOOR: [bare], **({OSCAR: its} if its else {})}))
    return found


def our_calls(town: Town, shoppers: Sequence[Cookies]) -> dict[str, Sequence[Call]]:
    """Our side of each row: the page, and what is found on it exactly so many times."""
    small, large = town.small.get_absolute_url(), town.large.get_absolute_url()
    listing = Listing.objects.filter(day=town.small, producer=town.producer).earliest("pk")
    of_stall = Listing.objects.filter(day=town.small, producer=town.producer).count()
    of_search = Listing.objects.filter(day=town.small, sheet__search_text__contains=SEARCHED).count()
    sheets = town.producer.sheets.filter(archived=False).count()
    card = b'<li class="prod'
    offer = reverse("offer", args=[town.producer.slug, town.market.slug, town.small.date])
    carrying, past = shoppers[0], [town.market.slug, town.past.date]
    add = Call(f"/panier/{listing.pk}/", b'"quantity": 2', 1, form={"q": "2"}, accept=JSON)
    return {
        "home": [Call("/", f'href="{small}"'.encode(), 1)],
        "day-120": [Call(small, card, SMALL)],
        "day-120-basket": [Call(small, card, SMALL, carrying)],
        "day-large": [Call(large, card, town.goods)],
        "stall": [Call(f"{small}?etal=1", card, of_stall)],
        "product": [Call(listing.get_absolute_url(), f'action="/panier/{listing.pk}/"'.encode(), 1)],
        "search": [Call(f"{small}?q={SEARCHED}", card, of_search)],
        "basket": [Call("/panier/", b'action="/panier/', LINES, cookies) for cookies in shoppers],
        "contact": [Call(_contact_path(cookies), b'name="shortage"', 3, cookies) for cookies in shoppers],
        "add-to-basket": [replace(add, cookies=cookies) for cookies in shoppers],
        "producer-grid": [Call(offer, b'<tr class="', sheets, signed_in(town.member))],
        "manager-day": [Call(reverse("manage-day", args=past), b"<main", 1, signed_in(town.manager))],
        "manager-report": [Call(reverse("manage-report", args=past), b"<main", 1, signed_in(town.manager))],
    }


def oscar_calls(oscar: Mapping[str, Any], guests: Sequence[Cookies]) -> dict[str, tuple[str, Sequence[Call]]]:
    """What of a stock Oscar each row stands beside."""
    card, per_page = b"product_pod", 20
    listing = Call("/catalogue/", card, per_page)
    product = oscar["products"][0]
    add = [_oscar_add(product, cookies) for cookies in guests]
    form = b'id="add_to_basket_form"'
    return {
        "home": ("its home leads to the list of 20", [listing]),
        "day-120": ("list of 20", [listing]),
        "day-120-basket": ("list of 20", [replace(listing, cookies=guests[0])]),
        "day-large": ("list of 20", [listing]),
        "stall": ("category, 20 of it", [Call(oscar["category"], card, per_page)]),
        "product": ("", [Call(product, form, 1)]),
        "search": ("search", [Call(f"/search/?q={SEARCHED}", card, min(per_page, oscar["found"]))]),
        "basket": ("", [Call("/basket/", b'class="basket-items"', LINES, cookies) for cookies in guests]),
        "contact": ("shipping address", [Call("/checkout/shipping-address/", b'name="line1"', 1, c) for c in guests]),
        "add-to-basket": ("the POST alone, without the page after it", add),
    }


def our_shopper(contender: Contender, town: Town, number: int) -> Cookies:
    """The cookies of somebody with six lines in the basket, and the address of the contact page."""
    browser = Browser(contender.site, Stopwatch(), threading.Event())
    listings = list(Listing.objects.filter(day=town.small).order_by("pk").values_list("pk", flat=True))
    fill_ours(browser, listings[number * LINES : (number + 1) * LINES])
    return browser.cookies


def oscar_shopper(contender: Contender, products: Sequence[str], number: int) -> Cookies:
    browser = Browser(contender.site, Stopwatch(), threading.Event())
    fill_oscar(browser, products[number * LINES : (number + 1) * LINES])
    to_address(browser, number)
    return browser.cookies


def _oscar_add(product: str, cookies: Cookies) -> Call:
    """Django compares the token of the form with the cookie's: the cookie's own text will do."""
    form = {"csrfmiddlewaretoken": cookies["csrftoken"], "quantity": "1"}
    return Call(f"/basket/add/{product.rpartition('_')[2]}", cookies=cookies, form=form, status=302)


def _contact_path(cookies: Cookies) -> str:
    from orders.models import DayBasket

    return reverse("contact", args=[DayBasket.objects.get(visitor=cookies[settings.BASKET_COOKIE_NAME]).pk])


def signed_in(user: User) -> Cookies:
    """The cookie of a session that was made without the password's page."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return {settings.SESSION_COOKIE_NAME: str(session.session_key)}
