"""Oscar's own models: this fork owns no table."""

from oscar.apps.partner.models import *
