from oscar.apps.order.apps import OrderConfig as OscarOrderConfig


class OrderConfig(OscarOrderConfig):
    """Oscar's orders, written in few statements and numbered at random (utils.py)."""

    name = "marche.shop.order"
