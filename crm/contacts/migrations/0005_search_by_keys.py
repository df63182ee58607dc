"""Tax ids and phones as they are compared stand among the words: all words are reckoned anew."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from crm.contacts.names import search_terms, search_vector

CHUNK = 1000


def reckon(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    model: Any = apps.get_model("contacts", "Contact")
    rows = model.objects.prefetch_related("emails", "phones").order_by("pk")
    chunk = []
    for row in rows.iterator(chunk_size=CHUNK):
        row.search = search_vector(
            search_terms(
                (row.name, *row.aliases),
                codes=(row.number or "",),
                tax_ids=(row.vat_id, row.tax_code),
                mails=[mail.address for mail in row.emails.all()],
                phones=[phone.number for phone in row.phones.all()],
            )
        )
        chunk.append(row)
        if len(chunk) == CHUNK:
            model.objects.bulk_update(chunk, ["search"])
            chunk = []
    model.objects.bulk_update(chunk, ["search"])


class Migration(migrations.Migration):
    dependencies = [("contacts", "0004_search_by_words")]

    operations = [migrations.RunPython(reckon, migrations.RunPython.noop, elidable=True)]
