from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class OrdersConfig(AppConfig):
    name = "orders"
    verbose_name = _("Orders")

    def ready(self) -> None:
        from marche.payments.payable import register
        from orders import payable
        from orders.mails import card, days, payments, resident, summaries

        register(payable)
        for mails in (card, days, payments, resident, summaries):
            mails.register()
        user_logged_in.connect(_signed_in, dispatch_uid="orders.join_orders")


def _signed_in(user: User, **_others: Any) -> None:
    """Django tells of every sign-in, by whichever door."""
    from orders.actions.join_orders import join_orders

    join_orders(user.pk)
