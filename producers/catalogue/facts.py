"""What is said of a product before it is bought, as a list of names and words: its legal sheet (see legal.py)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from marche.common.wording import NBSP, percent
from producers.kinds import Species
from producers.legal import NOT_FOOD
from producers.units import Unit
from producers.wording import net_words, price_with_unit, unit_words

if TYPE_CHECKING:
    from producers.models import Listing, ProductSheet

SIRET_GROUPS = (3, 3, 3, 5)


class ProductFact(NamedTuple):
    """A line of the sheet; `strong` for what must not be missed (INCO, article 21: allergens stand out)."""

    name: str
    words: str
    strong: bool = False


def facts_of(listing: Listing) -> list[ProductFact]:
    """Every fact that is known, in the order of a food label. Needs a listing read `whole` and `with_vat`."""
    sheet = listing.sheet
    facts = [
        ProductFact(_("Name"), sheet.title),
        *_kind_of_plant(sheet),
        *_origins(sheet),
        ProductFact(_("Ingredients"), sheet.ingredients),
        ProductFact(_("Allergens"), allergen_words(sheet), strong=True),
        ProductFact(_("Sold by"), unit_words(listing) if listing.unit in (Unit.WEIGHT, Unit.WEIGHED) else ""),
        ProductFact(_("Net quantity"), net_words(listing)),
        ProductFact(_("Alcohol"), _alcohol(sheet)),
        ProductFact(_("Storage"), sheet.storage),
        ProductFact(_("Labels"), ", ".join(sheet.label_labels)),
        ProductFact(_("Price"), price_words(listing)),
    ]
    return [fact for fact in facts if fact.words]


def _kind_of_plant(sheet: ProductSheet) -> list[ProductFact]:
    species = sheet.get_species_display() if sheet.species and sheet.species != Species.OTHER else ""
    return [
        ProductFact(_("Species"), species),
        ProductFact(_("Variety"), sheet.variety),
        ProductFact(_("Category"), sheet.get_category_display()),
        ProductFact(_("Calibre"), sheet.calibre),
    ]


def _origins(sheet: ProductSheet) -> list[ProductFact]:
    return [
        ProductFact(_("Origin"), sheet.origin),
        ProductFact(_("Born in"), sheet.born_in),
        ProductFact(_("Raised in"), sheet.raised_in),
        ProductFact(_("Slaughtered in"), sheet.slaughtered_in),
        ProductFact(_("Caught or farmed"), sheet.fishing_method),
        ProductFact(_("Fishing area"), sheet.fishing_area),
        ProductFact(_("Code on the eggs"), egg_code_words(sheet.egg_code)),
        ProductFact(_("Country of harvest"), sheet.honey_countries),
        ProductFact(_("Milk"), sheet.get_milk_treatment_display()),
    ]


def allergen_words(sheet: ProductSheet) -> str:
    """ "Contains: eggs, nuts", or that it contains none of the fourteen; nothing for what is no food."""
    if sheet.kind in NOT_FOOD:
        return ""
    if sheet.allergens:
        return _("Contains: %(allergens)s") % {"allergens": ", ".join(sheet.allergen_labels)}
    return _("None of the 14 allergens") if sheet.no_allergens else ""


def egg_code_words(code: str) -> str:
    """The code stamped on eggs and what its first digit means (commission regulation (EU) 2023/2466)."""
    ways = {
        "0": _("organic farming"),
        "1": _("free range hens"),
        "2": _("barn hens"),
        "3": _("caged hens"),
    }
    way = ways.get(code[:1])
    return f"{code} ({way})" if way else code


def price_words(listing: Listing) -> str:
    """The price with its unit and the VAT inside it, or why there is none (CGI, articles 293 B and 294)."""
    price = price_with_unit(listing, listing.price_cents)
    if listing.producer.vat_franchise:
        return _("%(price)s; VAT not applicable, art. 293 B of the CGI") % {"price": price}
    if listing.vat_bp is None:
        return price
    if not listing.vat_bp:
        return _("%(price)s; VAT not applicable, art. 294 of the CGI") % {"price": price}
    rate = percent(listing.vat_bp)
    return _("%(price)s, VAT of %(rate)s included") % {"price": price, "rate": rate}


def siret_words(siret: str) -> str:
    """A SIRET in its usual groups, not broken over lines: "732 829 320 00074"."""
    ends = [sum(SIRET_GROUPS[: index + 1]) for index in range(len(SIRET_GROUPS))]
    return NBSP.join(siret[end - size : end] for end, size in zip(ends, SIRET_GROUPS, strict=True))


def _alcohol(sheet: ProductSheet) -> str:
    if sheet.alcohol_percent is None:
        return ""
    return _("%(percent)s%% vol.") % {"percent": number_format(sheet.alcohol_percent.normalize())}
