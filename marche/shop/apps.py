"""Oscar's apps as this site has them: their models, and none of their pages.

Oscar's own configurations import every view of the storefront when the process starts, and with them its checkout,
shipping, payment, search and wish lists. No address leads there, so these stand in, under Oscar's labels. Those that
nothing but a view asks for are not installed (docs/oscar.md).
"""

from django.apps import AppConfig
from oscar.core.application import OscarConfig


class ShopConfig(AppConfig):
    """Oscar's words and system checks, without its addresses: neither its storefront nor its dashboard is reached."""

    name = "oscar"


class DashboardConfig(OscarConfig):
    """Only there for Oscar's template tags, which Django imports at the start: they want an app of this label."""

    name = "oscar.apps.dashboard"
    label = "dashboard"


class AddressConfig(OscarConfig):
    name = "oscar.apps.address"
    label = "address"


class AnalyticsConfig(OscarConfig):
    name = "oscar.apps.analytics"
    label = "analytics"


class BasketConfig(OscarConfig):
    name = "oscar.apps.basket"
    label = "basket"


class CatalogueConfig(OscarConfig):
    name = "oscar.apps.catalogue"
    label = "catalogue"


class ReviewsConfig(OscarConfig):
    name = "oscar.apps.catalogue.reviews"
    label = "reviews"


class CommunicationConfig(OscarConfig):
    name = "oscar.apps.communication"
    label = "communication"


class CustomerConfig(OscarConfig):
    name = "oscar.apps.customer"
    label = "customer"


class OfferConfig(OscarConfig):
    name = "oscar.apps.offer"
    label = "offer"


class PartnerConfig(OscarConfig):
    name = "oscar.apps.partner"
    label = "partner"


class VoucherConfig(OscarConfig):
    name = "oscar.apps.voucher"
    label = "voucher"
