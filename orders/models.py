"""The purchase: a basket for one day, the pickup it becomes, each producer's part, and what is told to producers."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from marche.markets.models import MarketDay, Slot
from orders.querysets import DayBasketQuerySet, PickupQuerySet, ProducerOrderQuerySet, SummaryQuerySet
from producers.models import Listing, Producer
from producers.units import SaleUnit

if TYPE_CHECKING:
    from marche.markets.models import Market

# No vowels, so that no word is spelt; no 0 1 I O, which are read for one another.
CODE_ALPHABET = "23456789BCDFGHJKLMNPQRSTVWXZ"
CODE_LENGTH = 12
TICKET_LIFE = dt.timedelta(days=90)  # after the market day; then the link says that it has expired


def new_ticket_code() -> str:
    """A random code of 57 bits, like "K7MP4XQ2R6TN": it is the whole secret of a ticket's link."""
    return "".join(secrets.choice(CODE_ALPHABET) for _i in range(CODE_LENGTH))


def new_token() -> str:
    return secrets.token_urlsafe(24)


class Shortage(models.TextChoices):
    """What a resident wants done when something is missing on the day."""

    REPLACE = "replace", _("Replace it with something alike")
    LEAVE_OUT = "leave-out", _("Leave it out")
    CALL = "call", _("Call me")


class Contact(models.Model):
    """Who comes, and how to reach them: an e-mail address or a telephone number, never a postal address."""

    name = models.CharField(_("name"), max_length=80)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = PhoneNumberField(_("telephone"), blank=True)
    shortage = models.CharField(_("if something is missing"), max_length=10, choices=Shortage, default=Shortage.REPLACE)
    note = models.CharField(_("a word for the producers"), max_length=300, blank=True)
    language = models.CharField(max_length=5, default="fr", editable=False)

    CONTACT_FIELDS = ("name", "email", "phone", "shortage", "note", "language")

    class Meta:
        abstract = True

    def contact_values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.CONTACT_FIELDS}


class DayBasket(Contact):
    """An Oscar basket bound to one market day, with what its resident has typed so far.

    The cookie holds `visitor`; a visitor has at most one basket per day that is still open.
    """

    basket = models.OneToOneField("basket.Basket", models.CASCADE, primary_key=True, related_name="of_day")
    day = models.ForeignKey(MarketDay, models.CASCADE, related_name="baskets")
    visitor = models.CharField(max_length=40, default=new_token)
    slot = models.ForeignKey(Slot, models.SET_NULL, null=True, blank=True, related_name="+")
    touched_at = models.DateTimeField(auto_now=True)
    open = models.BooleanField(default=True)
    line_count: int  # set by orders.locks.close_basket

    objects = DayBasketQuerySet.as_manager()

    class Meta:
        verbose_name = _("basket of a day")
        verbose_name_plural = _("baskets of a day")
        constraints = [
            models.UniqueConstraint(fields=["visitor", "day"], condition=Q(open=True), name="one_open_basket_a_day"),
        ]
        indexes = [models.Index(fields=["touched_at"], name="baskets_to_forget")]

    def __str__(self) -> str:
        return f"basket {self.pk}"


class Pickup(Contact):
    """What an Oscar order is at this market: a resident who comes in a slot with a ticket."""

    class Channel(models.TextChoices):
        WEB = "web", _("web")
        DESK = "desk", _("desk")

    order = models.OneToOneField("order.Order", models.PROTECT, primary_key=True, related_name="pickup")
    day = models.ForeignKey(MarketDay, models.PROTECT, related_name="pickups")
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="pickups", verbose_name=_("slot"))
    number = models.PositiveIntegerField(_("number"))
    code = models.CharField(_("ticket code"), max_length=CODE_LENGTH, unique=True, default=new_ticket_code)
    channel = models.CharField(max_length=5, choices=Channel, default=Channel.WEB)
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    basket = models.OneToOneField(
        DayBasket, models.SET_NULL, null=True, related_name="pickup", help_text=_("One basket, one order.")
    )
    terms_version = models.CharField(_("terms accepted"), max_length=20)
    total_cents = models.PositiveIntegerField(_("total (cents, estimate)"))
    max_cents = models.PositiveIntegerField(_("most that can be due (cents)"))
    placed_at = models.DateTimeField(_("placed"))
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)

    objects = PickupQuerySet.as_manager()

    class Meta:
        ordering = ["day", "number"]
        verbose_name = _("pickup")
        verbose_name_plural = _("pickups")
        constraints = [
            models.UniqueConstraint(fields=["day", "number"], name="one_number_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day} n° {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("ticket", args=[self.display_code])

    @property
    def url(self) -> str:
        """The absolute link of the ticket, for mails and the QR code."""
        return settings.SITE_URL + self.get_absolute_url()

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
        """As packing lists show it: the first word of the name, no more than is needed."""
        return self.name.split()[0] if self.name.split() else ""

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    def can_be_cancelled_by_resident(self, now: dt.datetime | None = None) -> bool:
        """Until the cutoff, and only once."""
        return not self.is_cancelled and (now or timezone.now()) < self.day.closes_at

    def has_expired(self, now: dt.datetime | None = None) -> bool:
        return (now or timezone.now()) > self.day.ends_at + TICKET_LIFE


class ProducerOrder(models.Model):
    """The part of an order that one producer prepares and hands over: a contract of its own with its seller."""

    pickup = models.ForeignKey(Pickup, models.CASCADE, related_name="parts")
    producer = models.ForeignKey(Producer, models.PROTECT, related_name="orders")
    day = models.ForeignKey(MarketDay, models.PROTECT, related_name="producer_orders")
    total_cents = models.PositiveIntegerField(_("total (cents, estimate)"))
    max_cents = models.PositiveIntegerField(_("most that can be due (cents)"))
    vat_cents = models.PositiveIntegerField(_("VAT included (cents)"))
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)

    objects = ProducerOrderQuerySet.as_manager()

    class Meta:
        ordering = ["pickup", "producer"]
        verbose_name = _("producer's part")
        verbose_name_plural = _("producers’ parts")
        constraints = [
            models.UniqueConstraint(fields=["pickup", "producer"], name="one_part_per_producer"),
        ]
        indexes = [models.Index(fields=["day", "producer"], name="parts_of_a_stall")]

    def __str__(self) -> str:
        return f"{self.pickup} {self.producer}"


class LineDetail(SaleUnit):
    """What Oscar's order line does not know: the listing it was taken from, its unit and VAT, kept for good."""

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

    class Meta:
        ordering = ["line"]
        verbose_name = _("line detail")
        verbose_name_plural = _("line details")
        indexes = [models.Index(fields=["listing"], name="details_of_a_listing")]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.title}"


class OrderChange(models.Model):
    """Every change to an order after it is placed: who, when, why. Rows are only ever added."""

    class Kind(models.TextChoices):
        CANCELLED = "cancelled", _("cancelled")

    pickup = models.ForeignKey(Pickup, models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=12, choices=Kind)
    at = models.DateTimeField(_("at"))
    actor = models.CharField(_("who"), max_length=20)  # a role: "resident", "manager"
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("change of an order")
        verbose_name_plural = _("changes of orders")
        constraints = [
            models.CheckConstraint(condition=~Q(actor="") & ~Q(reason=""), name="a_change_has_an_actor_and_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.pickup} {self.kind}"


class Summary(models.Model):
    """What one producer must bring to one market day: a numbered revision that never changes once written.

    `data` is the whole of it as JSON (shape: see summaries.py), so that the mail, the PDF, the CSV and the page always
    agree. `changes` says what differs from the revision before.
    """

    producer = models.ForeignKey(Producer, models.PROTECT, related_name="summaries")
    day = models.ForeignKey(MarketDay, models.PROTECT, related_name="summaries")
    revision = models.PositiveSmallIntegerField(_("revision"))
    data = models.JSONField()
    changes = models.JSONField(default=list, blank=True)
    token = models.CharField(max_length=40, unique=True, default=new_token)
    made_at = models.DateTimeField(_("made"))
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)

    objects = SummaryQuerySet.as_manager()

    class Meta:
        ordering = ["day", "producer", "revision"]
        verbose_name = _("summary")
        verbose_name_plural = _("summaries")
        constraints = [
            models.UniqueConstraint(fields=["producer", "day", "revision"], name="one_summary_per_revision"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.producer} r{self.revision}"

    def get_absolute_url(self) -> str:
        return reverse("summary", args=[self.token])

    @property
    def url(self) -> str:
        """The absolute link with which a producer reads and acknowledges, without signing in."""
        return settings.SITE_URL + self.get_absolute_url()
