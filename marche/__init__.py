"""Marché: a city's produce market, ordered online and collected at the stalls."""

from marche.celery import app as celery_app

__all__ = ["celery_app"]
