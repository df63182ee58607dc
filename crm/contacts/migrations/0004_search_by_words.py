"""Words in a `tsvector` instead of a text with trigrams: a word's beginning is one place of its
index, where three letters out of its middle were many. All words are reckoned anew."""

from typing import Any

import django.contrib.postgres.indexes
from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import crm.contacts.models.terms
from crm.contacts.names import search_terms, search_vector

CHUNK = 1000


def reckon(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    model: Any = apps.get_model("contacts", "Contact")
    rows = model.objects.prefetch_related("emails", "phones").order_by("pk")
    chunk = []
    for row in rows.iterator(chunk_size=CHUNK):
        row.search = search_vector(
            search_terms(
                names=(row.name, *row.aliases, row.number or ""),
                others=(row.vat_id, row.tax_code, *(mail.address for mail in row.emails.all())),
                numbers=(row.vat_id, *(phone.number for phone in row.phones.all())),
            )
        )
        chunk.append(row)
        if len(chunk) == CHUNK:
            model.objects.bulk_update(chunk, ["search"])
            chunk = []
    model.objects.bulk_update(chunk, ["search"])


class Migration(migrations.Migration):
    dependencies = [("contacts", "0003_sorted_and_counted")]

    operations = [
        migrations.RemoveIndex(model_name="contact", name="contact_search"),
        migrations.AlterField(
            model_name="contact",
            name="search",
            field=crm.contacts.models.terms.Terms(blank=True, default="", editable=False),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search"], name="contact_search"
            ),
        ),
        migrations.RunPython(reckon, migrations.RunPython.noop, elidable=True),
    ]
