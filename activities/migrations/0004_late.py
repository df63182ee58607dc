from django.db import migrations, models
from django.db.models import F


def fill(apps, schema_editor):
    """Of the last date of a series that passed, the hourly round of the alarm clock finds out."""
    apps.get_model("activities", "Activity").objects.update(late_at=F("ends_at"))


class Migration(migrations.Migration):
    dependencies = [("activities", "0003_words_of_a_link")]

    operations = [
        migrations.AddField("activity", "late_at", models.DateTimeField(editable=False, null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField("activity", "late_at", models.DateTimeField(editable=False)),
        migrations.AddIndex(
            "activity",
            models.Index(
                fields=["late_at", "id"],
                condition=models.Q(
                    category__in=("planned", "active", "waiting"), trashed_at__isnull=True
                ),
                name="activity_open_late",
            ),
        ),
    ]
