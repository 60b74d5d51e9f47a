"""The project itself as an app: it owns the management commands, the template tags and nothing else."""

from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig as DjangoStaticFilesConfig
from oscar.core.application import OscarConfig


class MarcheConfig(AppConfig):
    name = "marche"
    verbose_name = "Marché"


class ShopConfig(AppConfig):
    """Oscar's words and system checks, without its addresses: neither its storefront nor its dashboard is reached."""

    name = "oscar"


class DashboardConfig(OscarConfig):
    """Only there for Oscar's template tags, which Django imports at the start: they want an app of this label."""

    name = "oscar.apps.dashboard"
    label = "dashboard"


class StaticFilesConfig(DjangoStaticFilesConfig):
    """Django's static files, without Oscar's: no page of ours uses them, and compressing them takes half a minute."""

    ignore_patterns = [*DjangoStaticFilesConfig.ignore_patterns, "oscar"]
