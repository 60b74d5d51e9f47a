"""When and where: a Market and its habits, its days, their slots, and the stalls on its plan."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marche.markets.querysets import MarketDayQuerySet, MarketQuerySet, StallQuerySet
from marche.markets.territories import Territory, check_territory
from marche.markets.zones import check_zone

NEARLY_FULL = 0.9  # of the cap: a manager's bar turns red from here on


class Weekday(models.IntegerChoices):
    """As `datetime.date.weekday()` counts."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


STALLS_OPEN = dt.timedelta(hours=6)  # before the market starts: crates are handed over while the stalls are set up
STALLS_CLOSE = dt.timedelta(days=7)  # after it ends: what was noted on paper is copied in the evening, or next day


class Market(models.Model):
    """A place and its weekly habit. The habit makes days; changing it touches only days not made yet."""

    class Collection(models.TextChoices):
        STALLS = "stalls", _("at each stall")
        SINGLE_POINT = "single_point", _("at one counter")

    class FeePayer(models.TextChoices):
        TOWN = "town", _("the town")
        PRODUCERS = "producers", _("the producers, each for its part")

    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("address on the site"), unique=True)
    place = models.CharField(_("place"), max_length=150, help_text=_("As people say it: “place des Halles”."))
    street = models.CharField(_("street"), max_length=150, blank=True)
    postcode = models.CharField(_("postcode"), max_length=5)
    town = models.CharField(_("town"), max_length=100)
    insee_code = models.CharField(_("INSEE code of the town"), max_length=5)
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=40, default="Europe/Paris", validators=[check_zone])
    desk_phone = models.CharField(_("telephone of the desk"), max_length=20, blank=True)
    contact_email = models.EmailField(_("contact e-mail"), blank=True)

    weekday = models.PositiveSmallIntegerField(_("day of the week"), choices=Weekday.choices)
    starts = models.TimeField(_("starts at"))
    ends = models.TimeField(_("ends at"))
    opens_weekday = models.PositiveSmallIntegerField(_("orders open on"), choices=Weekday.choices)
    opens_time = models.TimeField(_("orders open at"))
    closes_weekday = models.PositiveSmallIntegerField(_("orders close on"), choices=Weekday.choices)
    closes_time = models.TimeField(_("orders close at"))
    slot_minutes = models.PositiveSmallIntegerField(
        _("minutes per slot"), default=30, validators=[MinValueValidator(5)]
    )
    slot_capacity = models.PositiveIntegerField(_("places per slot"), default=15, validators=[MinValueValidator(1)])
    order_cap = models.PositiveIntegerField(_("orders per day"), default=350, validators=[MinValueValidator(1)])
    weeks_ahead = models.PositiveSmallIntegerField(
        _("weeks made ahead"), default=4, validators=[MinValueValidator(1), MaxValueValidator(26)]
    )
    collection = models.CharField(
        _("goods are collected"), max_length=12, choices=Collection, default=Collection.STALLS
    )
    sells_alcohol = models.BooleanField(
        _("alcohol may be sold"), default=False, help_text=_("Only to adults; their age is checked at the stall.")
    )
    vat_territory = models.CharField(
        _("VAT territory"),
        max_length=12,
        choices=Territory,
        default=Territory.METROPOLITAN,
        help_text=_("What is ordered from now on; what was ordered keeps its VAT."),
    )
    till = models.CharField(
        _("till for cards"),
        max_length=40,
        blank=True,
        help_text=_("Under which name the town’s Stripe keys stand in the settings; empty: all is paid at the stalls."),
    )
    fee_payer = models.CharField(_("Stripe’s fee is paid by"), max_length=9, choices=FeePayer, default=FeePayer.TOWN)
    active = models.BooleanField(_("active"), default=True)
    managers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="managed_markets", blank=True, verbose_name=_("managers")
    )

    objects = MarketQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("market")
        verbose_name_plural = _("markets")
        constraints = [
            models.CheckConstraint(condition=Q(starts__lt=F("ends")), name="market_starts_before_it_ends"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("market", args=[self.slug])

    def clean(self) -> None:
        check_territory(self.postcode, self.vat_territory)

    @property
    def zone(self) -> ZoneInfo:
        """Raises ZoneInfoNotFoundError (a KeyError) or ValueError for a name that is none."""
        return ZoneInfo(self.time_zone)

    @property
    def clock(self) -> ZoneInfo:
        """The zone in which its times are shown: the site’s when its own is none, so that its page is shown at all."""
        try:
            return self.zone
        except (KeyError, ValueError):
            return ZoneInfo(settings.TIME_ZONE)

    def at(self, date: dt.date, time: dt.time) -> dt.datetime:
        """The aware datetime of a wall-clock time at this market, right across both clock changes."""
        return dt.datetime.combine(date, time, tzinfo=self.zone)


class Phase(StrEnum):
    """Where a market day is in its life. Computed each time it is asked for, never stored."""

    PENDING = "pending"  # a public holiday on which nobody has decided yet whether the market is held
    SUSPENDED = "suspended"  # before the cutoff, of a market that an administrator has switched off
    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSED = "closed"
    ON = "on"
    OVER = "over"
    CANCELLED = "cancelled"


class MarketDay(models.Model):
    """One date of one market. All times are aware; `closes_at` is the cutoff after which no order enters."""

    class HolidayDecision(models.TextChoices):
        NOT_NEEDED = "", _("no holiday")
        PENDING = "pending", _("to be decided")
        KEPT = "kept", _("the market is held")

    market = models.ForeignKey(Market, models.PROTECT, related_name="days", verbose_name=_("market"))
    date = models.DateField(_("date"))
    moved_from = models.DateField(_("moved from"), null=True, blank=True, editable=False)  # the habit's date
    opens_at = models.DateTimeField(_("orders open"))
    closes_at = models.DateTimeField(_("orders close"))
    starts_at = models.DateTimeField(_("market starts"))
    ends_at = models.DateTimeField(_("market ends"))
    order_cap = models.PositiveIntegerField(_("orders at most"))
    orders_count = models.PositiveIntegerField(_("orders taken"), default=0, editable=False)
    last_number = models.PositiveIntegerField(_("last order number given"), default=0, editable=False)
    catalogue_version = models.PositiveIntegerField(default=1, editable=False)
    holiday = models.CharField(_("public holiday"), max_length=100, blank=True)
    holiday_decision = models.CharField(
        _("decision"), max_length=10, choices=HolidayDecision, default=HolidayDecision.NOT_NEEDED, blank=True
    )
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True, editable=False)
    cancel_reason = models.CharField(_("reason"), max_length=200, blank=True)
    closed_at = models.DateTimeField(_("summaries made"), null=True, blank=True, editable=False)

    objects = MarketDayQuerySet.as_manager()

    class Meta:
        ordering = ["date", "market"]
        verbose_name = _("market day")
        verbose_name_plural = _("market days")
        constraints = [
            models.UniqueConstraint(fields=["market", "date"], name="one_day_per_market_and_date"),
            models.CheckConstraint(condition=Q(orders_count__lte=F("order_cap")), name="orders_within_the_cap"),
            models.CheckConstraint(
                condition=Q(opens_at__lt=F("closes_at"), closes_at__lte=F("starts_at"), starts_at__lt=F("ends_at")),
                name="a_day_in_its_order",
            ),
        ]
        indexes = [models.Index(fields=["closes_at"], condition=Q(closed_at=None), name="days_to_close")]

    def __str__(self) -> str:
        return f"{self.market} {self.date:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("day", args=[self.market.slug, self.date])

    def phase(self, now: dt.datetime | None = None) -> Phase:
        """The phase of this day at the aware time `now` (default: now), of a day read with its market.

        Orders enter in the phase OPEN and in no other. What `MarketDayQuerySet.open` and `take_number` ask of the
        database is the same question; tests/markets/test_open.py compares the three.
        """
        now = now or timezone.now()
        if self.cancelled_at:
            return Phase.CANCELLED
        if now >= self.ends_at:
            return Phase.OVER
        if self.holiday_decision == self.HolidayDecision.PENDING:
            return Phase.PENDING
        if now >= self.starts_at:
            return Phase.ON
        if not self.is_before_cutoff(now):
            return Phase.CLOSED
        if not self.market.active:
            return Phase.SUSPENDED
        return Phase.OPEN if now >= self.opens_at else Phase.UPCOMING

    def is_before_cutoff(self, now: dt.datetime | None = None) -> bool:
        """Whether orders, offers and places can still change at the aware time `now` (default: now).

        Once the summaries are made they can't, whatever the times say: only `move_day` opens a day again.
        """
        return self.cancelled_at is None and self.closed_at is None and (now or timezone.now()) < self.closes_at

    def is_noting_time(self, now: dt.datetime | None = None) -> bool:
        """Whether stalls note what they hand over and are paid at the aware time `now` (default: now)."""
        return self.starts_at - STALLS_OPEN <= (now or timezone.now()) < self.ends_at + STALLS_CLOSE

    @property
    def is_open(self) -> bool:
        """Whether orders enter now. A day full to its cap is still open: places come back when someone cancels."""
        return self.phase() is Phase.OPEN

    @property
    def is_full(self) -> bool:
        return self.orders_count >= self.order_cap

    @property
    def is_nearly_full(self) -> bool:
        return self.orders_count >= NEARLY_FULL * self.order_cap


class Slot(models.Model):
    """A period of a market day in which a resident comes, with a hard capacity in residents."""

    day = models.ForeignKey(MarketDay, models.CASCADE, related_name="slots", verbose_name=_("market day"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    capacity = models.PositiveIntegerField(_("places"))
    reserved = models.PositiveIntegerField(_("taken"), default=0, editable=False)

    class Meta:
        ordering = ["starts_at"]
        verbose_name = _("slot")
        verbose_name_plural = _("slots")
        constraints = [
            models.UniqueConstraint(fields=["day", "starts_at"], name="one_slot_per_start"),
            models.CheckConstraint(condition=Q(reserved__lte=F("capacity")), name="slot_never_overfilled"),
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="slot_starts_before_it_ends"),
        ]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.starts_at):%H:%M}–{timezone.localtime(self.ends_at):%H:%M}"

    @property
    def remaining(self) -> int:
        return self.capacity - self.reserved


class Stall(models.Model):
    """A producer's place on a market: its number on the plan. Walking order is the order of the numbers."""

    market = models.ForeignKey(Market, models.CASCADE, related_name="stalls", verbose_name=_("market"))
    partner = models.ForeignKey("partner.Partner", models.CASCADE, related_name="stalls", verbose_name=_("producer"))
    number = models.PositiveSmallIntegerField(_("number"))

    objects = StallQuerySet.as_manager()

    class Meta:
        ordering = ["market", "number"]
        verbose_name = _("stall")
        verbose_name_plural = _("stalls")
        constraints = [
            models.UniqueConstraint(fields=["market", "number"], name="one_producer_per_stall"),
            models.UniqueConstraint(fields=["market", "partner"], name="one_stall_per_producer_and_market"),
        ]

    def __str__(self) -> str:
        return f"{self.market} {self.number}"
