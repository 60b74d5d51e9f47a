"""The Celery application. Tasks take primary keys, and are safe to run twice."""

import gc
import os

from celery import Celery
from celery.signals import worker_before_create_process

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marche.settings")

app = Celery("marche")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_before_create_process.connect
def freeze(**_kwargs: object) -> None:
    """Workers share what is loaded before they are forked: collecting garbage must not write on shared pages."""
    gc.freeze()
