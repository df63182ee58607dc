"""The words of companies and of people in indexes of their own: what finds a thousand people is not
sought among a million companies."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations
from django.db.models import Q

PARTS = {"company": "companies", "person": "people"}


class Migration(migrations.Migration):
    dependencies = [("contacts", "0007_search_by_near_misses")]

    operations = [
        *(
            migrations.RemoveIndex(model_name="contact", name=f"contact_{column}")
            for column in ("search", "near")
        ),
        *(
            migrations.AddIndex(
                model_name="contact",
                index=GinIndex(
                    fields=[column], condition=Q(type=type_), name=f"contact_{column}_{part}"
                ),
            )
            for column in ("search", "near")
            for type_, part in PARTS.items()
        ),
    ]
