"""The project itself as an app: it owns the management commands, the template tags and nothing else."""

from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig as DjangoStaticFilesConfig


class MarcheConfig(AppConfig):
    name = "marche"
    verbose_name = "Marché"


class StaticFilesConfig(DjangoStaticFilesConfig):
    """Django's static files, without Oscar's: no page of ours uses them, and compressing them takes half a minute."""

    ignore_patterns = [*DjangoStaticFilesConfig.ignore_patterns, "oscar"]
