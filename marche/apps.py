"""The project itself as an app: it owns the management commands, the template tags and nothing else."""

from django.apps import AppConfig


class MarcheConfig(AppConfig):
    name = "marche"
    verbose_name = "Marché"
