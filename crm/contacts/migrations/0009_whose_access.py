"""Whom a restricted record lists is asked on every page, by person: answered by the index alone."""

from django.db import migrations

BY_PERSON = "CREATE INDEX contact_viewer ON contacts_contact_viewers (user_id) INCLUDE (contact_id)"
PLAIN = (
    "CREATE INDEX contacts_contact_viewers_user_id_7aef69a9 ON contacts_contact_viewers (user_id)"
)


class Migration(migrations.Migration):
    dependencies = [("contacts", "0008_search_by_parts")]

    operations = [
        migrations.RunSQL(
            [BY_PERSON, "DROP INDEX IF EXISTS contacts_contact_viewers_user_id_7aef69a9"],
            ["DROP INDEX contact_viewer", PLAIN],
        ),
    ]
