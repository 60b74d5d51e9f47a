from typing import Any

from django.db import migrations, models


def write(apps: Any, schema_editor: Any) -> None:
    """What was ordered before this column was there is taken to be under the regime that its producer has now."""
    without_vat = apps.get_model("producers", "Producer").objects.filter(vat_franchise=True).values("pk")
    apps.get_model("orders", "ProducerOrder").objects.filter(producer__in=without_vat, vat_cents=0).update(
        vat_franchise=True
    )


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0004_calls"),
        ("producers", "0004_kinds_and_vat_rates"),
    ]

    operations = [
        migrations.AddField(
            model_name="producerorder",
            name="vat_franchise",
            field=models.BooleanField(default=False, verbose_name="no VAT (franchise en base) when it was ordered"),
        ),
        migrations.RunPython(write, migrations.RunPython.noop, elidable=True),
    ]
