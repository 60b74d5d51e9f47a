from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MarketsConfig(AppConfig):
    name = "marche.markets"
    verbose_name = _("Markets")

    def ready(self) -> None:
        from marche.markets.models import Market
        from marche.outbox import registry

        registry.answer_to(lambda: Market.objects.only_contact())
