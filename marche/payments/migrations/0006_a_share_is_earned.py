from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0005_words_of_the_administration"),
    ]

    operations = [
        migrations.RenameField("share", "released_at", "earned_at"),
    ]
