from oscar.apps.partner.apps import PartnerConfig as OscarPartnerConfig


class PartnerConfig(OscarPartnerConfig):
    """Oscar's partners, with prices and availability from the market day's listings (strategy.py)."""

    name = "marche.shop.partner"
