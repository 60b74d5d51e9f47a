"""An index that holds only the orders that wait for their payment: each visitor with a basket asks for its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0008_contact_corrected")]

    operations = [
        migrations.AddIndex(
            model_name="pickup",
            index=models.Index(
                fields=["to_be_paid_by"],
                condition=models.Q(to_be_paid_by__isnull=False, cancelled_at=None),
                name="pickups_that_wait",
            ),
        ),
    ]
