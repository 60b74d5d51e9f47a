"""What a placed order is: who comes when with which ticket, each producer’s part, and its lines."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Upper
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marche.common.names import first_name
from marche.common.text import random_code
from marche.markets.models import MarketDay, Slot
from orders import owed
from orders.models.baskets import Contact, DayBasket
from orders.querysets import PickupQuerySet, ProducerOrderQuerySet
from producers.kinds import PaymentMeans
from producers.models import Listing, Producer
from producers.units import SaleUnit

if TYPE_CHECKING:
    from marche.markets.models import Market

CODE_LENGTH = 12
TICKET_LIFE = dt.timedelta(days=90)  # after the market day; then the link says that it has expired


class StrikeReason(models.TextChoices):
    """Why a line is taken off an order."""

    SHORTAGE = "shortage", _("there was not enough")
    QUALITY = "quality", _("it was not good enough")
    MISTAKE = "mistake", _("a mistake in the offer")
    COMPLAINT = "complaint", _("the resident complained")
    OTHER = "other", _("another reason")


def new_ticket_code() -> str:
    """A random code of 57 bits, like "K7MP4XQ2R6TN": it is the whole secret of a ticket's link."""
    return random_code(CODE_LENGTH)


class Pickup(Contact):
    """What an Oscar order is at this market: a resident who comes in a slot with a ticket."""

    class Channel(models.TextChoices):
        WEB = "web", _("web")
        DESK = "desk", _("desk")

    order = models.OneToOneField("order.Order", models.PROTECT, primary_key=True, related_name="pickup")
    day = models.ForeignKey(MarketDay, models.PROTECT, related_name="pickups", verbose_name=_("market day"))
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="pickups", verbose_name=_("slot"))
    number = models.PositiveIntegerField(_("number"))
    code = models.CharField(_("ticket code"), max_length=CODE_LENGTH, unique=True, default=new_ticket_code)
    channel = models.CharField(_("where it was ordered"), max_length=5, choices=Channel, default=Channel.WEB)
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    basket = models.OneToOneField(
        DayBasket, models.SET_NULL, null=True, related_name="pickup", help_text=_("One basket, one order.")
    )
    terms_version = models.CharField(_("terms accepted"), max_length=20)
    # Of the parts that are not cancelled, or were not before the whole order was.
    total_cents = models.PositiveIntegerField(_("total (cents, estimate)"))
    max_cents = models.PositiveIntegerField(_("most that can be due (cents)"))
    placed_at = models.DateTimeField(_("placed"))
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    to_be_paid_by = models.DateTimeField(_("waits for its payment until"), null=True, blank=True)

    due_cents: int  # these two of rows read `with_owed`
    most_cents: int

    objects = PickupQuerySet.as_manager()

    class Meta:
        ordering = ["day", "number"]
        verbose_name = _("pickup")
        verbose_name_plural = _("pickups")
        constraints = [
            models.UniqueConstraint(fields=["day", "number"], name="one_number_a_day"),
        ]
        indexes = [
            models.Index(Upper("email"), name="pickups_of_an_address"),
            models.Index(
                fields=["to_be_paid_by"],
                condition=Q(to_be_paid_by__isnull=False, cancelled_at=None),
                name="pickups_that_wait",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} n° {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("ticket", args=[self.display_code])

    @property
    def url(self) -> str:
        """The absolute link of the ticket, for mails and the QR code."""
        return f"{settings.SITE_URL}{self.get_absolute_url()}"

    @property
    def display_code(self) -> str:
        """The code in groups of four, as it is printed and read aloud: "K7MP-4XQ2-R6TN"."""
        return "-".join(self.code[i : i + 4] for i in range(0, CODE_LENGTH, 4))

    @property
    def short_code(self) -> str:
        """What is read at the stall beside the number: the first four characters of the code."""
        return self.code[:4]

    @property
    def market(self) -> Market:
        return self.day.market

    @property
    def first_name(self) -> str:
        """As packing lists show it: no more than is needed."""
        return first_name(self.name)

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def is_pending(self) -> bool:
        """Whether the order waits for its payment by card: everything is reserved, and nothing is confirmed."""
        return self.to_be_paid_by is not None and not self.is_cancelled

    def is_time_to_pay(self) -> bool:
        """Whether it waits for its payment, and the time for it is not over."""
        return self.is_pending and self.to_be_paid_by is not None and self.to_be_paid_by > timezone.now()

    def has_expired(self, now: dt.datetime | None = None) -> bool:
        return (now or timezone.now()) > self.day.ends_at + TICKET_LIFE


class ProducerOrder(models.Model):
    """The part of an order that one producer prepares and hands over: a contract of its own with its seller.

    Handing over and paying are noted apart: one may come without the other. `paid_cents` is what was really taken at
    the stall, with tax: less than the estimate when something was missing or weighed less.
    """

    pickup = models.ForeignKey(Pickup, models.CASCADE, related_name="parts")
    producer = models.ForeignKey(Producer, models.PROTECT, related_name="orders", verbose_name=_("producer"))
    day = models.ForeignKey(MarketDay, models.PROTECT, related_name="producer_orders")
    total_cents = models.PositiveIntegerField(_("total (cents, estimate)"))
    max_cents = models.PositiveIntegerField(_("most that can be due (cents)"))
    vat_cents = models.PositiveIntegerField(_("VAT included (cents)"))
    vat_franchise = models.BooleanField(_("no VAT (franchise en base) when it was ordered"), default=False)
    online = models.BooleanField(_("paid by card on the site"), default=False)
    prepared_at = models.DateTimeField(_("prepared"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    handed_over_at = models.DateTimeField(_("handed over"), null=True, blank=True)
    paid_at = models.DateTimeField(_("paid"), null=True, blank=True)
    paid_means = models.CharField(_("paid by"), max_length=6, choices=PaymentMeans, blank=True)
    paid_cents = models.PositiveIntegerField(_("paid (cents)"), null=True, blank=True)
    card_state: str | None  # set by ProducerOrderQuerySet.with_card_state

    due_cents: int  # these two of rows read `with_owed`
    most_cents: int

    objects = ProducerOrderQuerySet.as_manager()

    class Meta:
        ordering = ["pickup", "producer"]
        verbose_name = _("producer's part")
        verbose_name_plural = _("producers’ parts")
        constraints = [
            models.UniqueConstraint(fields=["pickup", "producer"], name="one_part_per_producer"),
            models.CheckConstraint(
                condition=Q(paid_at=None, paid_cents=None, paid_means="")
                | Q(paid_at__isnull=False, paid_cents__gt=0, paid_means__in=PaymentMeans.values),
                name="a_payment_is_noted_whole",
            ),
            models.CheckConstraint(condition=Q(paid_cents__lte=F("max_cents")), name="paid_at_most_the_maximum"),
            models.CheckConstraint(condition=Q(online=False) | Q(paid_at=None), name="paid_online_or_at_the_stall"),
            models.CheckConstraint(
                condition=Q(cancelled_at=None) | Q(handed_over_at=None, paid_at=None),
                name="nothing_collected_of_what_is_cancelled",
            ),
        ]
        indexes = [models.Index(fields=["day", "producer"], name="parts_of_a_stall")]

    def __str__(self) -> str:
        return f"{self.pickup} {self.producer}"


class LineDetail(SaleUnit):
    """What Oscar's order line does not know: the listing it was taken from, its unit and VAT, kept for good.

    Of `quantity` units there may be fewer: `prepared_quantity` of them when they were set aside, what these weigh and
    cost being `final_grams` and `final_cents`; `given_quantity` of those at the stall, with `given_grams` and
    `given_cents`. None means all of them. What there is nothing of is `struck` or `missing`.
    """

    line = models.OneToOneField("order.Line", models.CASCADE, primary_key=True, related_name="detail")
    part = models.ForeignKey(ProducerOrder, models.CASCADE, related_name="details")
    listing = models.ForeignKey(Listing, models.PROTECT, related_name="details")
    title = models.CharField(_("product"), max_length=255)
    quantity = models.PositiveIntegerField(_("quantity"))
    price_cents = models.PositiveIntegerField(_("price (cents)"))
    amount_cents = models.PositiveIntegerField(_("amount (cents, estimate)"))
    max_cents = models.PositiveIntegerField(_("most that can be due (cents)"))
    vat_bp = models.PositiveSmallIntegerField(_("VAT (hundredths of a per cent)"))
    vat_cents = models.PositiveIntegerField(_("VAT included (cents)"))
    missing = models.BooleanField(_("missing at the stall"), default=False)
    final_grams = models.PositiveIntegerField(_("weighed (g)"), null=True, blank=True)
    final_cents = models.PositiveIntegerField(_("amount as weighed (cents)"), null=True, blank=True)
    prepared_quantity = models.PositiveIntegerField(_("quantity prepared, if less"), null=True, blank=True)
    given_quantity = models.PositiveIntegerField(_("quantity given at the stall, if less"), null=True, blank=True)
    given_grams = models.PositiveIntegerField(_("weighed at the stall (g)"), null=True, blank=True)
    given_cents = models.PositiveIntegerField(_("amount given at the stall (cents)"), null=True, blank=True)
    struck = models.CharField(_("taken off, because"), max_length=12, choices=StrikeReason, blank=True)

    class Meta:
        ordering = ["line"]
        verbose_name = _("line detail")
        verbose_name_plural = _("line details")
        constraints = [
            models.CheckConstraint(condition=Q(final_cents__lte=F("max_cents")), name="final_at_most_the_maximum"),
            models.CheckConstraint(condition=Q(given_cents__lte=F("max_cents")), name="given_at_most_the_maximum"),
            # None of it has words of its own: taken off, or missing.
            models.CheckConstraint(
                condition=Q(prepared_quantity=None)
                | Q(prepared_quantity__gt=0, prepared_quantity__lt=F("quantity"), final_cents__isnull=False),
                name="prepared_some_of_what_was_ordered",
            ),
            models.CheckConstraint(
                condition=Q(given_quantity=None, given_grams=None, given_cents=None)
                | Q(given_quantity__isnull=False, given_quantity__gt=0, given_cents__isnull=False)
                & Q(given_quantity__lt=Coalesce("prepared_quantity", "quantity")),
                name="given_some_of_what_was_prepared",
            ),
        ]
        indexes = [models.Index(fields=["listing"], name="details_of_a_listing")]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.title}"

    @property
    def is_off(self) -> bool:
        """Whether nothing is owed for it: it was taken off, or missing at the stall."""
        return owed.is_off(self)

    @property
    def set_aside(self) -> int:
        """How many units are ready for the stall, where nothing says that none is."""
        return self.quantity if self.prepared_quantity is None else self.prepared_quantity

    @property
    def units(self) -> int:
        """How many of the units ordered are given, as far as one knows."""
        return owed.units(self)

    @property
    def grams(self) -> int | None:
        """What those weigh together, where they were weighed."""
        return self.final_grams if self.given_quantity is None else self.given_grams

    @property
    def is_short(self) -> bool:
        """Whether some units are given, and not all that were ordered."""
        return 0 < self.units < self.quantity

    @property
    def is_unknown(self) -> bool:
        """Whether nobody has said yet what it comes to."""
        return self.final_cents is None and self.given_cents is None

    def cents_of(self, units: int, grams: int | None = None) -> int:
        """What so many of the units ordered cost, in cents; of weighed pieces what weighs `grams`, at most the maximum.

        One rounding. Without `grams` weighed pieces are estimated.
        """
        if self.is_estimated and grams is not None:
            return min(self.weighed_cents(self.price_cents, grams), self.most_of(units))
        return self.amount_cents if units == self.quantity else self.line_cents(self.price_cents, units)

    def most_of(self, units: int) -> int:
        """The most that so many of the units ordered can cost, in cents."""
        return self.max_cents if units == self.quantity else self.line_max_cents(self.price_cents, units)

    @property
    def due_cents(self) -> int:
        """What is owed for it as far as one knows: as weighed, else the estimate; nothing when it is off."""
        return owed.due(self)

    @property
    def most_cents(self) -> int:
        """The most that can be owed for it: the maximum until it is weighed."""
        return owed.most(self)
