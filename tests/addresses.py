"""Every address of the site, and for whom it opens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from marche.markets.models import MarketDay
from marche.outbox.models import Message
from marche.payments.models import Account, PaymentAttempt
from orders.models import DayBasket, Pickup, Summary
from producers.models import Listing
from tests.payments import rows
from tests.stripe import TILL

ROLES = (
    "signed out",
    "visitor with the basket",
    "resident",
    "producer",
    "other producer",
    "manager",
    "other market's manager",
    "administrator",
)
# One letter a role, in this order: (o)pens, asked to sign (i)n, (-) does not exist, (x) is refused.
EVERYBODY = "oooooooo"
WHO_HAS_THE_BASKET = "-o------"
WHO_IS_SIGNED_IN = "iioooooo"
WHO_ASKED_FOR_A_CODE = "iiiiiiii"  # nobody here has
WHO_HAS_A_FACTOR = "ii------"  # nobody here has set one up
PRODUCERS = "iixooxxx"
THE_PRODUCER = "ii-o----"
MANAGERS = "iixxxooo"  # an administrator manages every market
THE_MANAGER = "ii---o-o"
NOBODY = "--------"


@dataclass(frozen=True)
class Town:
    """Beauvais, its farm and its beekeeper, an order, a basket, a summary and a message that failed."""

    day: MarketDay
    listing: Listing
    pickup: Pickup
    basket: DayBasket
    summary: Summary
    people: dict[str, User]

    def client(self, role: str) -> Client:
        client = Client()
        if user := self.people.get(role):
            client.force_login(user)
        if role == "visitor with the basket":
            client.cookies[settings.BASKET_COOKIE_NAME] = self.basket.visitor
        return client


Address = Callable[[Town], list[Any]]


def nothing(_town: Town) -> list[Any]:
    return []


def in_market(town: Town) -> list[Any]:
    return [town.day.market.slug]


def in_day(town: Town) -> list[Any]:
    return [town.day.market.slug, town.day.date]


def in_order(town: Town) -> list[Any]:
    return [*in_day(town), town.pickup.number]


def in_farm(town: Town) -> list[Any]:
    return [town.listing.producer.slug]


def in_sheet(town: Town) -> list[Any]:
    return [*in_farm(town), town.listing.sheet_id]


def at_stall(town: Town) -> list[Any]:
    return [*in_farm(town), *in_day(town)]


def order_at_stall(town: Town) -> list[Any]:
    return [*at_stall(town), town.pickup.number]


def with_basket(town: Town) -> list[Any]:
    return [town.basket.pk]


def with_ticket(town: Town) -> list[Any]:
    return [town.pickup.display_code]


def with_summary(town: Town) -> list[Any]:
    return [town.summary.token]


def of_till(town: Town) -> list[Any]:
    return [*in_farm(town), TILL]


def with_account(town: Town) -> list[Any]:
    return [*in_market(town), Account.objects.get().pk]


def of_table(town: Town) -> list[Any]:
    return [*in_day(town), "producteurs"]


def of_mail(town: Town) -> list[Any]:
    return [*in_day(town), Message.objects.get(kind="order-confirmation", subject_id=town.pickup.pk).pk]


def of_payment(town: Town) -> list[Any]:
    """Paid by card, as far as one knows."""
    attempt = PaymentAttempt.objects.first() or rows.payment(town.pickup)
    return [*in_market(town), attempt.pk]


def of_request(town: Town) -> list[Any]:
    """Refused by Stripe."""
    attempt = PaymentAttempt.objects.first() or rows.payment(town.pickup)
    return [*in_market(town), rows.moved({attempt.shares.get(): 1}, "transfer", state="refused").pk]


Row = tuple[str, str, Address, str]
TABLE: list[Row] = [
    ("get", "home", nothing, EVERYBODY),
    ("get", "market", in_market, EVERYBODY),
    ("get", "day", in_day, EVERYBODY),
    ("get", "product", lambda town: [*in_day(town), town.listing.pk], EVERYBODY),
    ("get", "producer", in_farm, EVERYBODY),
    ("get", "page", lambda _town: ["conditions"], EVERYBODY),
    ("get", "health", nothing, EVERYBODY),
    ("post", "set_language", nothing, EVERYBODY),
    # Stripe’s, who signs: without a key in the settings there is no till. See tests/payments/test_webhook.py.
    ("post", "stripe-webhook", lambda _town: [TILL], NOBODY),
    ("post", "stripe-connect-webhook", lambda _town: [TILL], NOBODY),
    # The basket and the way to the ticket: whoever has its cookie.
    ("get", "basket", nothing, EVERYBODY),
    ("get", "basket-lines", nothing, EVERYBODY),
    ("post", "basket-line", lambda town: [town.listing.pk], EVERYBODY),
    ("get", "checkout", nothing, EVERYBODY),
    ("post", "basket-fit", with_basket, WHO_HAS_THE_BASKET),
    ("post", "basket-move", with_basket, WHO_HAS_THE_BASKET),
    ("post", "basket-empty", with_basket, WHO_HAS_THE_BASKET),
    ("get", "contact", with_basket, WHO_HAS_THE_BASKET),
    ("post", "contact", with_basket, WHO_HAS_THE_BASKET),
    ("get", "verify", with_basket, WHO_HAS_THE_BASKET),
    ("post", "place", with_basket, WHO_HAS_THE_BASKET),
    # The ticket and the summary: whoever has the link.
    ("get", "ticket", with_ticket, EVERYBODY),
    ("get", "ticket-pdf", with_ticket, EVERYBODY),
    ("get", "ticket-calendar", with_ticket, EVERYBODY),
    ("post", "ticket-repeat", with_ticket, EVERYBODY),
    ("post", "ticket-cancel", with_ticket, EVERYBODY),
    ("post", "ticket-contact", with_ticket, EVERYBODY),
    ("get", "payment", with_ticket, EVERYBODY),
    ("post", "payment-pay", with_ticket, EVERYBODY),
    ("post", "payment-at-stall", with_ticket, EVERYBODY),
    ("get", "summary", with_summary, EVERYBODY),
    ("get", "summary-pdf", with_summary, EVERYBODY),
    ("get", "summary-csv", with_summary, EVERYBODY),
    ("get", "summary-xlsx", with_summary, EVERYBODY),
    ("post", "summary-acknowledge", with_summary, EVERYBODY),
    # A resident's account.
    ("get", "account", nothing, WHO_IS_SIGNED_IN),
    ("get", "my-data", nothing, WHO_IS_SIGNED_IN),
    ("get", "my-data-json", nothing, WHO_IS_SIGNED_IN),
    ("get", "my-data-csv", nothing, WHO_IS_SIGNED_IN),
    ("get", "my-data-xlsx", nothing, WHO_IS_SIGNED_IN),
    ("post", "my-data-erase", nothing, WHO_IS_SIGNED_IN),
    # The doors.
    ("get", "resident-sign-in", nothing, EVERYBODY),
    ("post", "resident-sign-in", nothing, EVERYBODY),
    ("get", "resident-sign-in-code", nothing, WHO_ASKED_FOR_A_CODE),
    ("post", "resident-sign-in-code", nothing, WHO_ASKED_FOR_A_CODE),
    ("get", "sign-in", nothing, EVERYBODY),
    ("post", "sign-in", nothing, EVERYBODY),
    ("post", "sign-out", nothing, EVERYBODY),
    ("get", "staff-home", nothing, WHO_IS_SIGNED_IN),
    ("get", "account_login", nothing, EVERYBODY),
    ("get", "account_inactive", nothing, EVERYBODY),
    ("get", "account_reauthenticate", nothing, WHO_IS_SIGNED_IN),
    ("get", "mfa_authenticate", nothing, WHO_IS_SIGNED_IN),
    ("get", "mfa_reauthenticate", nothing, WHO_IS_SIGNED_IN),
    ("get", "mfa_reauthenticate_webauthn", nothing, WHO_IS_SIGNED_IN),
    ("get", "mfa_index", nothing, WHO_IS_SIGNED_IN),
    ("get", "mfa_activate_totp", nothing, WHO_IS_SIGNED_IN),
    ("get", "mfa_deactivate_totp", nothing, WHO_HAS_A_FACTOR),
    ("get", "mfa_add_webauthn", nothing, WHO_IS_SIGNED_IN),
    ("post", "mfa_remove_webauthn", lambda _town: [1], WHO_IS_SIGNED_IN),
    ("get", "mfa_view_recovery_codes", nothing, WHO_HAS_A_FACTOR),
    ("get", "mfa_generate_recovery_codes", nothing, WHO_IS_SIGNED_IN),
    ("get", "mfa_download_recovery_codes", nothing, WHO_HAS_A_FACTOR),
    # A producer's pages.
    ("get", "producer-home", nothing, PRODUCERS),
    ("get", "sheets", in_farm, THE_PRODUCER),
    ("get", "sheet-new", in_farm, THE_PRODUCER),
    ("post", "sheet-new", in_farm, THE_PRODUCER),
    ("get", "sheet", in_sheet, THE_PRODUCER),
    ("post", "sheet", in_sheet, THE_PRODUCER),
    ("get", "sheet-kind", in_sheet, THE_PRODUCER),
    ("post", "sheet-archive", in_sheet, THE_PRODUCER),
    ("post", "sheet-restore", in_sheet, THE_PRODUCER),
    ("get", "offer", at_stall, THE_PRODUCER),
    ("post", "offer", at_stall, THE_PRODUCER),
    ("get", "offer-live", at_stall, THE_PRODUCER),
    ("post", "offer-repeat", at_stall, THE_PRODUCER),
    ("get", "preparation", at_stall, THE_PRODUCER),
    ("post", "prepare-rest", at_stall, THE_PRODUCER),
    ("get", "prepare", order_at_stall, THE_PRODUCER),
    ("post", "prepare", order_at_stall, THE_PRODUCER),
    ("get", "stall", at_stall, THE_PRODUCER),
    ("get", "stall-order", order_at_stall, THE_PRODUCER),
    ("post", "stall-hand-over", order_at_stall, THE_PRODUCER),
    ("post", "stall-pay", order_at_stall, THE_PRODUCER),
    ("post", "stall-take-back", order_at_stall, THE_PRODUCER),
    ("get", "statement", at_stall, THE_PRODUCER),
    ("get", "statement-pdf", at_stall, THE_PRODUCER),
    ("get", "statement-csv", at_stall, THE_PRODUCER),
    ("get", "statement-xlsx", at_stall, THE_PRODUCER),
    ("get", "producer-payments", in_farm, THE_PRODUCER),
    ("post", "producer-account", of_till, THE_PRODUCER),
    ("get", "producer-account-again", of_till, THE_PRODUCER),
    # A manager's pages.
    ("get", "manage", nothing, MANAGERS),
    ("get", "manage-market", in_market, THE_MANAGER),
    ("post", "manage-market", in_market, THE_MANAGER),
    ("get", "manage-day", in_day, THE_MANAGER),
    ("post", "manage-holiday-hold", in_day, THE_MANAGER),
    ("post", "manage-holiday-cancel", in_day, THE_MANAGER),
    ("post", "manage-cap", in_day, THE_MANAGER),
    ("get", "manage-calls", in_day, THE_MANAGER),
    ("post", "manage-called", in_day, THE_MANAGER),
    ("post", "manage-not-called", in_day, THE_MANAGER),
    ("get", "manage-day-move", in_day, THE_MANAGER),
    ("post", "manage-day-move", in_day, THE_MANAGER),
    ("post", "manage-day-cancel", in_day, THE_MANAGER),
    ("post", "manage-capacity", lambda town: [*in_day(town), town.pickup.slot_id], THE_MANAGER),
    (
        "post",
        "manage-send-again",
        of_mail,
        THE_MANAGER,
    ),
    ("get", "manage-report", in_day, THE_MANAGER),
    ("get", "manage-report-workbook", in_day, THE_MANAGER),
    ("get", "manage-report-csv", of_table, THE_MANAGER),
    ("get", "manage-report-xlsx", of_table, THE_MANAGER),
    ("get", "manage-order", in_order, THE_MANAGER),
    ("post", "manage-order-cancel", in_order, THE_MANAGER),
    ("post", "manage-order-contact", in_order, THE_MANAGER),
    ("post", "manage-part-cancel", lambda town: [*in_order(town), town.pickup.parts.get().pk], THE_MANAGER),
    ("get", "manage-payments", in_market, THE_MANAGER),
    ("post", "manage-payments-compare", in_market, THE_MANAGER),
    ("post", "manage-payment-check", of_payment, THE_MANAGER),
    ("post", "manage-payment-retry", of_request, THE_MANAGER),
    ("post", "manage-account-refresh", with_account, THE_MANAGER),
    ("post", "manage-order-strike", lambda town: [*in_order(town), town.pickup.parts.get().pk], THE_MANAGER),
]
