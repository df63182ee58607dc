from django.db import migrations
from django.db.models import F, Q


def fill(apps, schema_editor):
    """What a series of tasks has missed, the hourly round of the alarm clock finds out."""
    rows = apps.get_model("activities", "Activity").objects.filter(Q(is_task=False) | Q(rule=""))
    rows.update(late_at=F("ends_at"))


class Migration(migrations.Migration):
    dependencies = [("activities", "0004_late")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
