from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("activities", "0003_words_of_a_link")]

    operations = [
        migrations.AddField("activity", "late_at", models.DateTimeField(editable=False, null=True)),
    ]
