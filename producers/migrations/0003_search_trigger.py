"""A trigger keeps the search vector: unaccent() is not immutable, so a generated column can't."""

from django.db import migrations

CREATE = """
CREATE FUNCTION producers_fill_search_vector() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.search_vector := to_tsvector('french_unaccent', NEW.search_text);
    RETURN NEW;
END $$;
CREATE TRIGGER producers_fill_search_vector BEFORE INSERT OR UPDATE OF search_text ON producers_productsheet
    FOR EACH ROW EXECUTE FUNCTION producers_fill_search_vector();
"""
DROP = """
DROP TRIGGER producers_fill_search_vector ON producers_productsheet;
DROP FUNCTION producers_fill_search_vector();
"""


class Migration(migrations.Migration):
    dependencies = [("producers", "0002_producers_and_listings")]
    operations = [migrations.RunSQL(CREATE, DROP)]
