"""The Celery application. Tasks take primary keys, and are safe to run twice."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marche.settings")

app = Celery("marche")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
