"""Words in a `tsvector` instead of a text with trigrams: a word's beginning is one place of its
index, where three letters out of its middle were many. A later one reckons all words anew."""

import django.contrib.postgres.indexes
from django.db import migrations

import crm.contacts.models.terms


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
    ]
