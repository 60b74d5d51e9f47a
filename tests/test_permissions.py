"""Who may open what: every address of the site, tried by every role. A new address without its row fails."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.contrib import admin
from django.urls import URLResolver, get_resolver, reverse

from marche.markets.models import MarketDay, Weekday
from marche.outbox.models import Message
from marche.payments.models import Account
from orders.actions.close_day import close_day
from orders.models import Summary
from producers.models import Listing, Producer
from tests import cast
from tests.addresses import ROLES, TABLE, Town
from tests.stripe import TILL

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


@pytest.fixture
def town() -> Town:
    market = cast.beauvais(till=TILL)
    day, farm = cast.saturday(market), cast.ferme_du_ru(market)
    cast.le_rucher(market)
    listing = cast.listing(cast.carrots(farm), day)
    next_door = cast.beauvais(name="Marché de Clermont", slug="clermont", weekday=Weekday.SUNDAY)
    people = {
        "resident": cast.member("odette@example.org"),
        "producer": farm.partner.users.get(),
        "other producer": Producer.objects.get(slug="le-rucher").partner.users.get(),
        "manager": cast.member("claire@example.org"),
        "other market's manager": cast.member("denis@example.org"),
        "administrator": cast.member("admin@example.org", is_staff=True, is_superuser=True),
    }
    market.managers.add(people["manager"])
    next_door.managers.add(people["other market's manager"])
    pickup = cast.placed_order({listing: 2})
    Message.objects.update(state=Message.State.FAILED, error="refused")
    Account.objects.create(producer=farm, till=TILL, key="key")
    last_week = cast.saturday(market, cast.SATURDAY - dt.timedelta(weeks=1))
    summary = _summary_of(last_week, cast.listing(listing.sheet, last_week))
    return Town(day, listing, pickup, cast.basket_of({listing: 1}), summary, people)


def _summary_of(day: MarketDay, listing: Listing) -> Summary:
    """Of a day whose orders closed last week."""
    with time_machine.travel(day.closes_at - dt.timedelta(days=1), tick=False):
        cast.placed_order({listing: 1}, email="", phone="+33353010102")
    close_day(day.pk)
    return Summary.objects.get()


def outcome(response: Any) -> str:
    if response.status_code in (403, 404):
        return "x" if response.status_code == 403 else "-"
    doors = (reverse("sign-in"), reverse("resident-sign-in"))
    return "i" if response.status_code == 302 and urlsplit(response["Location"]).path in doors else "o"


def outcomes(town: Town, method: str, address: str) -> str:
    return "".join(outcome(getattr(town.client(role), method)(address)) for role in ROLES)


def names(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
        elif pattern.name:
            yield f"{prefix}{pattern.name}"


def test_the_table_holds_every_address_of_the_site():
    site = {name for name in names(get_resolver()) if not name.startswith("admin:")}

    assert site - {name for _method, name, _args, _who in TABLE} == set()


@pytest.mark.parametrize(
    ("method", "name", "args", "who"), [pytest.param(*row, id=f"{row[0]} {row[1]}") for row in TABLE]
)
def test_an_address_opens_for_whom_it_is_meant(town, method, name, args, who):
    assert dict(zip(ROLES, outcomes(town, method, reverse(name, args=args(town))), strict=True)) == dict(
        zip(ROLES, who, strict=True)
    )


def test_what_changes_something_is_never_done_by_looking(town):
    """An address of which the table has only a POST refuses a GET, or asks to sign in first."""
    shown = {name for method, name, _args, _who in TABLE if method == "get"}
    doing = {name: reverse(name, args=args(town)) for _method, name, args, _who in TABLE if name not in shown}
    seen = {name: town.client("signed out").get(address) for name, address in doing.items()}

    assert {name for name, said in seen.items() if said.status_code != 405 and outcome(said) != "i"} == set()


def test_the_administration_opens_for_administrators_only(town):
    models = [f"admin:{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry]
    lists = [reverse("admin:index"), *(reverse(f"{name}_changelist") for name in models)]
    clients = {role: town.client(role) for role in ROLES}

    def opened(page: str) -> list[str]:
        return [role for role in ROLES if clients[role].get(page).status_code == 200]

    assert {page: who for page in lists if (who := opened(page)) != ["administrator"]} == {}
    # What verbs write can't be added by hand: such a page opens for nobody.
    added = {page: opened(page) for page in (reverse(f"{name}_add") for name in models)}
    assert {page: who for page, who in added.items() if who not in ([], ["administrator"])} == {}
