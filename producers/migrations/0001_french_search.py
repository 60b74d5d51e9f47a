"""The extensions and the text search configuration that French searches need."""

from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations

# "oeufs" finds "Œufs" and "peches" finds "Pêches": accents go first, then the French stemmer.
CREATE = """
CREATE TEXT SEARCH CONFIGURATION french_unaccent (COPY = french);
ALTER TEXT SEARCH CONFIGURATION french_unaccent
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, french_stem;
"""


class Migration(migrations.Migration):
    dependencies = []
    operations = [
        UnaccentExtension(),
        TrigramExtension(),
        migrations.RunSQL(CREATE, "DROP TEXT SEARCH CONFIGURATION french_unaccent"),
    ]
