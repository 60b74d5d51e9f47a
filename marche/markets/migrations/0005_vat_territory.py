"""Where a market is, for its VAT: metropolitan France, unless its postcode says otherwise (markets/territories.py)."""

from django.db import migrations, models

OVERSEAS = ("971", "972", "974")
WITHOUT = ("973", "976", "97133", "97150", "975", "986", "987", "988")


def write(apps, schema_editor):
    markets = apps.get_model("markets", "Market").objects.all()
    for territory, beginnings in (("overseas", OVERSEAS), ("none", WITHOUT)):
        for beginning in beginnings:
            markets.filter(postcode__startswith=beginning).update(vat_territory=territory)


class Migration(migrations.Migration):
    dependencies = [("markets", "0004_zone_is_checked")]
    operations = [
        migrations.AddField(
            model_name="market",
            name="vat_territory",
            field=models.CharField(
                choices=[
                    ("metropolitan", "metropolitan France"),
                    ("overseas", "Guadeloupe, Martinique, La Réunion"),
                    ("none", "Guyane, Mayotte and other places without VAT"),
                ],
                default="metropolitan",
                help_text="What is ordered from now on; what was ordered keeps its VAT.",
                max_length=12,
                verbose_name="VAT territory",
            ),
        ),
        migrations.RunPython(write, migrations.RunPython.noop),
    ]
