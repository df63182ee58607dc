"""Typing errors of names stand among the words: all words are reckoned anew.

With today's spelling, whatever it is: what a later one needs is reckoned by a later migration, and
this one is emptied then, as 0005 was. `./dev manage rebuild_search` does the same at any time.
"""

from django.apps.registry import Apps
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import BtreeGinExtension
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from crm.contacts.rebuilding import rebuild_search


def reckon(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    for _progress in rebuild_search(apps.get_model("contacts", "Contact")):
        pass


class Migration(migrations.Migration):
    dependencies = [("contacts", "0007_duplicates_and_merging")]

    operations = [
        BtreeGinExtension(),
        migrations.RemoveIndex(model_name="contact", name="contact_search"),
        migrations.RunPython(reckon, migrations.RunPython.noop, elidable=True),
        # Built at once, after the words have changed; with the columns by which lists are cut.
        migrations.AddIndex(
            model_name="contact",
            index=GinIndex(fields=["search", "type", "stage"], name="contact_search"),
        ),
    ]
