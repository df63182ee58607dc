"""What typing errors leave of names is found, too: all words are reckoned anew.

With today's spelling, whatever it is: what a later one needs is reckoned by a later migration, and
this one is emptied then, as that of 0004 was. `./dev manage rebuild_search` does it at any time.
"""

from django.apps.registry import Apps
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import BtreeGinExtension
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import crm.contacts.models.terms
from crm.contacts.rebuilding import rebuild_search


def reckon(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    for _progress in rebuild_search(apps.get_model("contacts", "Contact")):
        pass


class Migration(migrations.Migration):
    dependencies = [("contacts", "0006_duplicates_and_merging")]

    operations = [
        BtreeGinExtension(),
        migrations.AddField(
            model_name="contact",
            name="near",
            field=crm.contacts.models.terms.Terms(blank=True, default="", editable=False),
        ),
        migrations.RemoveIndex(model_name="contact", name="contact_search"),
        migrations.RunPython(reckon, migrations.RunPython.noop, elidable=True),
        # Built at once, after the words have changed; with the columns by which lists are cut.
        migrations.AddIndex(
            model_name="contact",
            index=GinIndex(fields=["search", "type", "stage"], name="contact_search"),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=GinIndex(fields=["near", "type", "stage"], name="contact_near"),
        ),
        # As for `search` in 0003: else what is frequent is not told from what is rare.
        migrations.RunSQL(
            "ALTER TABLE contacts_contact ALTER COLUMN near SET STATISTICS 1000",
            "ALTER TABLE contacts_contact ALTER COLUMN near SET STATISTICS -1",
        ),
    ]
