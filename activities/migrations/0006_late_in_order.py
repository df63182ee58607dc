from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("activities", "0005_what_is_late")]

    operations = [
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
