"""A basket for one market day, and whom it is for."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marche.common.fields import NameField, PhoneField
from marche.markets.models import MarketDay, Slot
from orders.querysets import DayBasketQuerySet
from producers.units import SaleUnit


def new_token() -> str:
    return secrets.token_urlsafe(24)


class Shortage(models.TextChoices):
    """What a resident wants done when something is missing on the day."""

    REPLACE = "replace", _("Replace it with something alike")
    LEAVE_OUT = "leave-out", _("Leave it out")
    CALL = "call", _("Call me")


class Contact(models.Model):
    """Who comes, and how to reach them: an e-mail address or a telephone number, never a postal address."""

    name = NameField(_("name"), max_length=80)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = PhoneField(_("telephone"), blank=True)
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
    line_count: int  # set by orders.locks.close_basket, as owner_id is
    owner_id: int | None

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


class SeenLine(SaleUnit):
    """What Oscar's basket line does not know: the product as its resident last agreed to it, until it is ordered.

    When the offer changes meanwhile, the basket tells the difference with before and after (orders/presenters/seen.py).
    """

    line = models.OneToOneField("basket.Line", models.CASCADE, primary_key=True, related_name="seen")
    title = models.CharField(_("product"), max_length=255)
    price_cents = models.PositiveIntegerField(_("price (cents)"))

    class Meta:
        verbose_name = _("line as it was seen")
        verbose_name_plural = _("lines as they were seen")

    def __str__(self) -> str:
        return self.title
