"""A product of a day as residents see it in a list: everything in words, ready for the template."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marche.common.wording import euros, weight
from producers.kinds import GoodsKind
from producers.legal import BY_KIND
from producers.units import SaleUnit, Unit
from producers.wording import net_words, reference_price, unit_words

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from marche.markets.models import MarketDay
    from producers.models import Listing, Producer, ProductSheet

FEW = 5  # units: from here down a page says how many are left, so an order that gets here changes the page
MOST_UNITS = 99  # units of one product in one basket: beyond it, a finger slipped or somebody hoards

_NOT_ON_CARDS = (
    *("sheet__" + name for name in ("description", "ingredients", "storage", "months", "search_text", "search_vector")),
    *("sheet__" + name for name in ("allergens", *SaleUnit.UNIT_FIELDS)),
    *("sheet__product__" + name for name in ("description", "meta_title", "meta_description", "slug", "rating")),
)


@dataclass(frozen=True, slots=True)
class Price:
    """The price of one unit ("1,10 €", "per 500 g"), that of a kilogram, litre or piece when it differs, a maximum."""

    amount: str
    unit: str
    per: str = ""
    maximum: str = ""


@dataclass(frozen=True, slots=True)
class ProductCard:
    """One product in a list. `left` is empty unless few are left; `limit` is the most that the field takes.

    `pk` and `limit` are text: a template would format a number for its language, seven times a card.
    """

    pk: str
    title: str
    url: str
    action: str
    drawing: str
    about: str
    labels: list[str]
    price: Price
    origin: str
    left: str
    limit: str
    sold_out: bool
    kind: GoodsKind | None
    producer: Producer
    stall_number: int | None


@dataclass(frozen=True, slots=True)
class StallCards:
    """The goods of one stall, in alphabetical order, what is sold out at the end."""

    number: int | None
    producer: Producer
    cards: list[ProductCard]


def for_cards(listings: QuerySet[Listing]) -> QuerySet[Listing]:
    """With what a card shows, in five queries: producers and kinds are few, and are made once, not for each row."""
    whole = listings.select_related("sheet__product")
    return whole.prefetch_related("producer__partner", "sheet__product__product_class").defer(*_NOT_ON_CARDS)


def cards_of(day: MarketDay, listings: Iterable[Listing]) -> list[ProductCard]:
    """The cards of listings read `for_cards` or `whole`, with their stall number, in the same order."""
    day_url = reverse("day", args=[day.market.slug, day.date])
    basket_url = reverse("basket-line", args=[0]).removesuffix("0/")
    return [_card(listing, f"{day_url}{listing.pk}/", f"{basket_url}{listing.pk}/") for listing in listings]


def by_stall(cards: Iterable[ProductCard]) -> list[StallCards]:
    """Cards grouped by stall, in walking order; a producer without a place on the plan comes last."""
    groups: dict[int, list[ProductCard]] = {}
    for card in cards:
        groups.setdefault(card.producer.pk, []).append(card)
    stalls = [
        StallCards(group[0].stall_number, group[0].producer, sorted(group, key=lambda card: card.sold_out))
        for group in groups.values()
    ]
    return sorted(stalls, key=lambda stall: (stall.number is None, stall.number, stall.producer.sort_key))


def _card(listing: Listing, url: str, action: str) -> ProductCard:
    sheet, remaining = listing.sheet, listing.remaining
    few = 0 < remaining <= FEW
    return ProductCard(
        pk=str(listing.pk),
        title=sheet.title,
        url=url,
        action=action,
        drawing=sheet.drawing,
        about=about_words(listing),
        labels=sheet.label_labels,
        price=price_of(listing),
        origin=origin_words(sheet),
        left=left_words(remaining) if few else "",
        limit=str(remaining if few else MOST_UNITS),
        sold_out=remaining <= 0,
        kind=sheet.kind,
        producer=listing.producer,
        stall_number=getattr(listing, "stall_number", None),
    )


def left_words(remaining: int) -> str:
    """ "Only 3 left": said when it is true, and only then."""
    return ngettext("Only %(count)s left", "Only %(count)s left", remaining) % {"count": remaining}


def price_of(listing: Listing) -> Price:
    """The price of what one adds to the basket, with the price per unit of measure beside it."""
    cents = listing.price_cents
    one, per, net = euros(listing.line_cents(cents, 1)), reference_price(listing, cents), net_words(listing)
    if listing.unit == Unit.WEIGHED:
        most = {"price": euros(listing.line_max_cents(cents, 1)), "weight": weight(listing.max_grams or 0)}
        maximum = _("At most %(price)s (%(weight)s). You pay the exact weight.") % most
        return Price(one, _("approximately"), per, maximum)
    if listing.unit == Unit.WEIGHT:
        if listing.step_grams == 1000:
            return Price(one, _("per kg"))
        return Price(one, _("per %(weight)s") % {"weight": weight(listing.step_grams or 0)}, per)
    if listing.unit == Unit.BUNCH:
        return Price(one, _("a bunch"), per if net else "")
    return Price(one, _("for %(quantity)s") % {"quantity": net}, per) if net else Price(one, _("each"))


def about_words(listing: Listing) -> str:
    """What tells this product from another, on one line: variety, category, calibre, expected weight."""
    sheet = listing.sheet
    parts = [sheet.variety, sheet.category and category_words(sheet), sheet.calibre]
    if listing.unit == Unit.WEIGHED:
        parts.append(unit_words(listing))
    if sheet.egg_code:
        parts.append(_("code %(code)s") % {"code": sheet.egg_code})
    if sheet.milk_treatment:
        parts.append(sheet.get_milk_treatment_display())
    return ", ".join(part for part in parts if part)


def category_words(sheet: ProductSheet) -> str:
    return _("category %(category)s") % {"category": sheet.get_category_display()}


def origin_words(sheet: ProductSheet) -> str:
    """Where it comes from, as a whole phrase: for meat the countries of its life, for honey those of its harvest."""
    if sheet.kind and "slaughtered_in" in BY_KIND[sheet.kind]:
        return _meat_origin(sheet)
    place = sheet.origin or sheet.honey_countries or sheet.fishing_area
    return _("Origin: %(place)s") % {"place": place} if place else ""


def _meat_origin(sheet: ProductSheet) -> str:
    places = {"born": sheet.born_in, "raised": sheet.raised_in, "slaughtered": sheet.slaughtered_in}
    if sheet.born_in == sheet.raised_in == sheet.slaughtered_in:
        return _("Born, raised and slaughtered: %(raised)s") % places
    if not sheet.born_in and sheet.raised_in == sheet.slaughtered_in:
        return _("Raised and slaughtered: %(raised)s") % places
    if sheet.born_in:
        return _("Born: %(born)s, raised: %(raised)s, slaughtered: %(slaughtered)s") % places
    return _("Raised: %(raised)s, slaughtered: %(slaughtered)s") % places
