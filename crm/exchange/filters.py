"""Lists cut down to what one file brought in."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef

from crm.exchange.models import Import, ImportedRow
from crm.exchange.models.importing import Outcome
from crm.records.models import RecordQuerySet
from crm.ui.choices import ANY


def imports_of(kind: str) -> Any:
    def imports(request: Any) -> Any:
        seen = Import.objects.visible_to(request.user) if request else Import.objects.none()
        return seen.kept().filter(kind=kind, run_at__isnull=False).defer("head", "report")

    return imports


class ImportedFilter(django_filters.ModelChoiceFilter):
    """What an import created or changed; of imports that one may see."""

    def __init__(self, kind: str, **kwargs: Any) -> None:
        super().__init__(queryset=imports_of(kind), empty_label=ANY, **kwargs)

    def filter(self, rows: RecordQuerySet, chosen: Any) -> RecordQuerySet:
        if not chosen:
            return rows
        came = ImportedRow.objects.filter(
            batch=chosen,
            record_id=OuterRef("pk"),
            outcome__in=(Outcome.CREATED, Outcome.UPDATED),
        )
        return rows.filter(Exists(came))
