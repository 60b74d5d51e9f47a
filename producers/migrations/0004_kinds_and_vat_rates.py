"""The product classes (kinds) and the VAT of each: 5.5 % food (CGI art. 278-0 bis), 10 % for what is eaten right away
and for plants (art. 279), 20 % for alcohol and what is not food (art. 278)."""

import datetime as dt

from django.db import migrations

RATES_IN_FORCE = dt.date(2014, 1, 1)
REDUCED, INTERMEDIATE, FULL = 550, 1000, 2000
KINDS = {
    "fruit-vegetables": ("Fruits et légumes", REDUCED),
    "meat": ("Viande", REDUCED),
    "poultry": ("Volaille", REDUCED),
    "charcuterie": ("Charcuterie", REDUCED),
    "eggs": ("Œufs", REDUCED),
    "dairy": ("Crèmerie", REDUCED),
    "cheese": ("Fromage", REDUCED),
    "bread": ("Pain et pâtisserie", REDUCED),
    "honey": ("Miel", REDUCED),
    "fish": ("Poisson", REDUCED),
    "prepared": ("Plats et conserves", REDUCED),
    "dry-goods": ("Épicerie", REDUCED),
    "drinks": ("Boissons", REDUCED),
    "alcohol": ("Bière, cidre et vin", FULL),
    "ready-to-eat": ("À manger tout de suite", INTERMEDIATE),
    "plants": ("Plantes et fleurs", INTERMEDIATE),
    "non-food": ("Non alimentaire", FULL),
}


def write(apps, schema_editor):
    product_classes = apps.get_model("catalogue", "ProductClass")
    rates = apps.get_model("producers", "VatRate")
    for slug, (name, rate_bp) in KINDS.items():
        # track_stock off: a Listing is the only stock there is.
        product_class, _created = product_classes.objects.get_or_create(
            slug=slug, defaults={"name": name, "track_stock": False, "requires_shipping": False}
        )
        rates.objects.get_or_create(
            product_class=product_class, valid_from=RATES_IN_FORCE, defaults={"rate_bp": rate_bp}
        )


class Migration(migrations.Migration):
    dependencies = [
        ("producers", "0003_search_trigger"),
        ("catalogue", "0032_category_exclude_from_menu_category_long_description"),
    ]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
