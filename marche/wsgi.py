"""WSGI entry point, for gunicorn."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marche.settings")

application = get_wsgi_application()
# With `--preload`, workers share what is made here. The views are loaded now, not by each for itself at its first
# request; and frozen, so that collecting garbage does not write on shared pages.
get_resolver().url_patterns  # noqa: B018
gc.freeze()
