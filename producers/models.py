"""Who sells, what, and on which day: Producer, ProductSheet, VatRate and Listing."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError as InvalidNumber
from stdnum.fr import siret as siret_number

from marche.common.fields import PhoneField
from marche.common.language import in_town_language
from marche.common.text import fold
from marche.common.wording import percent
from marche.markets.models import MarketDay
from marche.markets.territories import Territory
from producers import legal
from producers.kinds import Allergen, Drawing, GoodsKind, Label, MilkTreatment, PaymentMeans, Species
from producers.querysets import ListingQuerySet, ProducerQuerySet, ProductSheetQuerySet, VatRateQuerySet
from producers.units import SaleUnit

if TYPE_CHECKING:
    from typing import Any

ALL_MONTHS = list(range(1, 13))


def validate_siret(value: str) -> None:
    """Raise ValidationError unless `value` is a SIRET with a right check digit (14 digits, no spaces)."""
    try:
        siret_number.validate(value)
    except InvalidNumber as error:
        raise ValidationError(_("This is not a valid SIRET: 14 digits are expected.")) from error


class Producer(models.Model):
    """Who sells. One-to-one with Oscar's Partner, whose `users` are the people who act for the producer."""

    partner = models.OneToOneField("partner.Partner", models.PROTECT, related_name="producer")
    slug = models.SlugField(_("address on the site"), max_length=128, unique=True)
    siret = models.CharField("SIRET", max_length=14, validators=[validate_siret])
    street = models.CharField(_("street"), max_length=150, blank=True)
    postcode = models.CharField(_("postcode"), max_length=5)
    town = models.CharField(_("town"), max_length=100)
    email = models.EmailField(_("e-mail for summaries"))
    phone = PhoneField(_("telephone"), blank=True)
    tagline = models.CharField(_("in one line"), max_length=120, blank=True)
    description = models.TextField(_("description"), blank=True)
    since_year = models.PositiveSmallIntegerField(_("at the market since"), null=True, blank=True)
    distance_km = models.PositiveSmallIntegerField(_("distance from the market (km)"), null=True, blank=True)
    labels = ArrayField(models.CharField(max_length=12, choices=Label), default=list, blank=True)
    drawing = models.CharField(_("drawing"), max_length=12, choices=Drawing, default=Drawing.VEGETABLES)
    takes_cash = models.BooleanField(_("takes cash"), default=True)
    takes_cheque = models.BooleanField(_("takes cheques"), default=True)
    takes_card = models.BooleanField(_("takes cards"), default=False)
    vat_franchise = models.BooleanField(
        _("no VAT (franchise en base)"), default=False, help_text=_("“TVA non applicable, art. 293 B du CGI”")
    )
    sort_key = models.CharField(max_length=128, editable=False)

    objects = ProducerQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key"]
        verbose_name = _("producer")
        verbose_name_plural = _("producers")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_key = fold(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("producer", args=[self.slug])

    @property
    def name(self) -> str:
        return str(self.partner.name)

    @property
    def address(self) -> str:
        """On one line, as the law wants it beside what is sold."""
        return ", ".join(part for part in (self.street, f"{self.postcode} {self.town}") if part)

    @property
    def takes(self) -> list[PaymentMeans]:
        """The means of payment taken at the stall."""
        return [means for means in PaymentMeans if getattr(self, f"takes_{means.value}")]

    @property
    def payment_means(self) -> list[str]:
        """The same, in words."""
        return [str(means.label) for means in self.takes]


class ProductSheet(SaleUnit):
    """What is said of a product: how it is sold, and what the law wants known before it is bought.

    One-to-one with Oscar's Product, which holds the title and the product class (the kind).
    """

    product = models.OneToOneField("catalogue.Product", models.CASCADE, primary_key=True, related_name="sheet")
    producer = models.ForeignKey(Producer, models.PROTECT, related_name="sheets", verbose_name=_("producer"))
    description = models.TextField(_("description"), blank=True)
    drawing = models.CharField(_("drawing"), max_length=12, choices=Drawing, default=Drawing.VEGETABLES)
    months = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("months"), default=list, blank=True)
    labels = ArrayField(models.CharField(max_length=12, choices=Label), default=list, blank=True)
    archived = models.BooleanField(_("no longer sold"), default=False)

    origin = models.CharField(_("origin"), max_length=80, blank=True)
    species = models.CharField(_("species"), max_length=12, choices=Species, blank=True)
    variety = models.CharField(_("variety"), max_length=60, blank=True)
    category = models.CharField(
        _("category"), max_length=5, blank=True, choices=[("extra", "Extra"), ("I", "I"), ("II", "II")]
    )
    calibre = models.CharField(_("calibre"), max_length=30, blank=True)
    prepacked = models.BooleanField(_("prepacked"), default=False)
    ingredients = models.TextField(_("ingredients"), blank=True)
    allergens = ArrayField(
        models.CharField(max_length=12, choices=Allergen), verbose_name=_("allergens"), default=list, blank=True
    )
    no_allergens = models.BooleanField(_("none of the 14 allergens"), default=False)
    storage = models.CharField(_("storage"), max_length=150, blank=True)
    alcohol_percent = models.DecimalField(_("alcohol (% vol.)"), max_digits=4, decimal_places=1, null=True, blank=True)
    egg_code = models.CharField(_("code on the eggs"), max_length=12, blank=True)
    honey_countries = models.CharField(_("countries of harvest"), max_length=80, blank=True)
    born_in = models.CharField(_("born in"), max_length=60, blank=True)
    raised_in = models.CharField(_("raised in"), max_length=60, blank=True)
    slaughtered_in = models.CharField(_("slaughtered in"), max_length=60, blank=True)
    milk_treatment = models.CharField(_("milk"), max_length=12, choices=MilkTreatment, blank=True)
    fishing_method = models.CharField(_("fishing or farming method"), max_length=60, blank=True)
    fishing_area = models.CharField(_("fishing area"), max_length=60, blank=True)

    sort_key = models.CharField(max_length=255, editable=False)
    search_text = models.TextField(editable=False, default="")
    search_vector = SearchVectorField(null=True, editable=False)  # filled by a trigger, see the migrations

    objects = ProductSheetQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key"]
        verbose_name = _("product sheet")
        verbose_name_plural = _("product sheets")
        indexes = [
            GinIndex(fields=["search_vector"], name="sheet_search"),
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="sheet_trigrams"),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_key = fold(self.title)
        with in_town_language():
            kind = str(self.kind.label) if self.kind else ""
            words = [self.title, self.variety, kind, self.producer.name]
            self.search_text = fold(" ".join(words))
        super().save(*args, **kwargs)

    def clean(self) -> None:
        self.clean_unit()
        if self.allergens and self.no_allergens:
            raise ValidationError({"no_allergens": _("Choose either allergens or “none”, not both.")})

    @property
    def title(self) -> str:
        return str(self.product.title)

    @property
    def kind(self) -> GoodsKind | None:
        """What kind of goods it is; None when its product class is none that we know, and then it can't be sold."""
        slug = self.product.product_class.slug if self.product.product_class else ""
        return GoodsKind(slug) if slug in GoodsKind.values else None

    @property
    def has_net_quantity(self) -> bool:
        return bool(self.net_grams or self.net_millilitres or self.pieces or self.is_priced_by_weight)

    @property
    def missing(self) -> list[str]:
        """The names of the fields whose absence forbids the sale; empty when the product may be listed."""
        return legal.missing_fields(self)

    @property
    def missing_labels(self) -> list[str]:
        """The same, as a person reads them."""
        labels = {field.name: field.verbose_name for field in self._meta.fields} | {"product": _("kind of goods")}
        return [str(labels[name]) for name in self.missing]

    @property
    def allergen_labels(self) -> list[str]:
        return [str(Allergen(a).label) for a in self.allergens]

    @property
    def label_labels(self) -> list[str]:
        return [str(Label(label).label) for label in self.labels]

    def in_season(self, date: dt.date) -> bool:
        return not self.months or date.month in self.months


class VatRate(models.Model):
    """The VAT of a product class in a territory between two dates, in basis points (550 is 5.5 %)."""

    product_class = models.ForeignKey(
        "catalogue.ProductClass", models.PROTECT, related_name="vat_rates", verbose_name=_("kind of goods")
    )
    territory = models.CharField(_("territory"), max_length=12, choices=Territory, default=Territory.METROPOLITAN)
    rate_bp = models.PositiveSmallIntegerField(_("rate (hundredths of a per cent)"))
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until, this day included"), null=True, blank=True)

    objects = VatRateQuerySet.as_manager()

    class Meta:
        ordering = ["product_class", "territory", "valid_from"]
        verbose_name = _("VAT rate")
        verbose_name_plural = _("VAT rates")
        constraints = [
            models.UniqueConstraint(fields=["product_class", "territory", "valid_from"], name="one_vat_rate_per_place"),
        ]

    def __str__(self) -> str:
        return f"{self.product_class} {percent(self.rate_bp)}"

    def clean(self) -> None:
        begin: dt.date | None = self.valid_from  # not typed yet, or not understood
        if begin and self.valid_until and self.valid_until < begin:
            raise ValidationError({"valid_until": _("The last day can’t be before the first.")})

    @property
    def last_day_offered(self) -> dt.date | None:
        """The last day within its dates on which something of its kind was offered in its territory."""
        there = Listing.objects.filter(day__market__vat_territory=self.territory, day__date__gte=self.valid_from)
        days = there.filter(sheet__product__product_class=self.product_class_id).order_by("-day__date")
        if self.valid_until:
            days = days.filter(day__date__lte=self.valid_until)
        return days.values_list("day__date", flat=True).first()

    def is_history(self) -> bool:
        """Whether it has begun, or something was offered under it: then it stays what it was."""
        return self.valid_from <= timezone.localdate() or self.last_day_offered is not None


class Listing(SaleUnit):
    """One product offered by its producer on one market day. The only stock there is.

    `price_cents`: with tax, for one unit, or for a kilogram when sold by weight. `quantity` and `reserved` count units.
    """

    day = models.ForeignKey(MarketDay, models.PROTECT, related_name="listings", verbose_name=_("market day"))
    producer = models.ForeignKey(Producer, models.PROTECT, related_name="listings", verbose_name=_("producer"))
    sheet = models.ForeignKey(ProductSheet, models.PROTECT, related_name="listings", verbose_name=_("product"))
    price_cents = models.PositiveIntegerField(_("price (cents)"))
    quantity = models.PositiveIntegerField(_("quantity"))
    reserved = models.PositiveIntegerField(_("reserved"), default=0, editable=False)
    on = models.BooleanField(_("on sale"), default=True)
    updated_at = models.DateTimeField(auto_now=True)

    # Set by the querysets that say so.
    stall_number: int | None
    vat_bp: int | None
    asked: int
    stockrecord_id: int

    objects = ListingQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("listing")
        verbose_name_plural = _("listings")
        constraints = [
            models.UniqueConstraint(fields=["day", "sheet"], name="a_product_is_listed_once_a_day"),
            models.CheckConstraint(condition=Q(reserved__lte=F("quantity")), name="listing_never_oversold"),
            models.CheckConstraint(condition=Q(price_cents__gt=0), name="listing_has_a_price"),
        ]
        indexes = [models.Index(fields=["day", "producer"], name="listings_of_a_stall")]

    def __str__(self) -> str:
        return f"{self.sheet} {self.day}"

    def get_absolute_url(self) -> str:
        return reverse("product", args=[self.day.market.slug, self.day.date, self.pk])

    @property
    def remaining(self) -> int:
        """Units that can still be ordered; none when the producer has taken the product off."""
        return self.quantity - self.reserved if self.on else 0
