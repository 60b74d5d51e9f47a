"""The VAT of each kind of goods outside metropolitan France, as far as it is France.

Guadeloupe, Martinique, La Réunion: 2.1 % for what articles 278-0 bis to 279-0 bis A name (5.5 and 10 % elsewhere), 8.5 %
for the rest (CGI, article 296; BOI-TVA-GEO-20-10). Guyane and Mayotte: none (CGI, article 294).
"""

import datetime as dt

from django.db import migrations, models

RATES_IN_FORCE = dt.date(2014, 1, 1)
REDUCED, FULL = 210, 850
AT_THE_FULL_RATE = ("alcohol", "non-food")  # the others are at 5.5 or 10 % in metropolitan France
TERRITORIES = [
    ("metropolitan", "metropolitan France"),
    ("overseas", "Guadeloupe, Martinique, La Réunion"),
    ("none", "Guyane, Mayotte and other places without VAT"),
]


def write(apps, schema_editor):
    rates = apps.get_model("producers", "VatRate")
    first = rates.objects.filter(territory="metropolitan", valid_from=RATES_IN_FORCE)
    for known in first.select_related("product_class"):
        overseas = FULL if known.product_class.slug in AT_THE_FULL_RATE else REDUCED
        for territory, rate_bp in (("overseas", overseas), ("none", 0)):
            rates.objects.get_or_create(
                product_class=known.product_class,
                territory=territory,
                valid_from=RATES_IN_FORCE,
                defaults={"rate_bp": rate_bp},
            )


class Migration(migrations.Migration):
    dependencies = [("producers", "0005_vat_rates_stay")]
    operations = [
        migrations.AlterModelOptions(
            name="vatrate",
            options={
                "ordering": ["product_class", "territory", "valid_from"],
                "verbose_name": "VAT rate",
                "verbose_name_plural": "VAT rates",
            },
        ),
        migrations.AddField(
            model_name="vatrate",
            name="territory",
            field=models.CharField(
                choices=TERRITORIES, default="metropolitan", max_length=12, verbose_name="territory"
            ),
        ),
        migrations.RemoveConstraint(model_name="vatrate", name="one_vat_rate_per_start"),
        migrations.AddConstraint(
            model_name="vatrate",
            constraint=models.UniqueConstraint(
                fields=("product_class", "territory", "valid_from"), name="one_vat_rate_per_place"
            ),
        ),
        migrations.RunPython(write, migrations.RunPython.noop),
    ]
