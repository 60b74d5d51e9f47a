"""Oscar's own models: this fork owns no table."""

from oscar.apps.order.models import *
