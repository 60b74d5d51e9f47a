from oscar.core.application import OscarConfig


class OrderConfig(OscarConfig):
    """Oscar's orders, written in few statements and numbered at random (utils.py)."""

    name = "marche.shop.order"
    label = "order"
