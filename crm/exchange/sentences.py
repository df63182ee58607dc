"""What imports did to a record, in words, with the way to the import for those who may see it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.exchange.models import Import, ImportedRow
from crm.records.history import place_of
from crm.records.models import Event
from crm.records.sentences import Sentence, register_verbs

LEDGER = ("batch__kind", "record_id", "batch__file_name", "batch__run_at", "batch")
IMPORTED, CHANGED, UNDONE = "imported", "import_changed", "import_undone"


def addresses_of_imports(events: Sequence[Event], reader: User) -> dict[int, str]:
    """{key of the event: address of the import that it tells of}, for who may see that."""
    lines = ImportedRow.objects.filter(
        record_id__in={event.object_id for event in events},
        batch__in=Import.objects.visible_to(reader).filter(
            file_name__in={event.text for event in events}
        ),
    ).order_by("batch__run_at")
    begun: dict[tuple[str, int, str], list[tuple[datetime, int]]] = defaultdict(list)
    for kind, pk, name, run_at, batch in lines.values_list(*LEDGER):
        begun[kind, pk, name].append((run_at, batch))
    found = {}
    for event in events:
        kind, pk = place_of(event)
        before = [batch for run_at, batch in begun[kind, pk, event.text] if run_at <= event.at]
        if before:
            found[event.pk] = reverse("import_detail", args=before[-1:])
    return found


def register() -> None:
    verbs = {
        IMPORTED: Sentence(
            _("{actor} imported {record} and perhaps others for you"),
            _("{actor} imported this"),
            addresses_of_imports,
        ),
        CHANGED: Sentence(
            _("{actor} changed {record} by an import"),
            _("{actor} changed this by an import"),
            addresses_of_imports,
        ),
        UNDONE: Sentence(
            _("{actor} undid an import that had changed {record}"),
            _("{actor} undid an import"),
            addresses_of_imports,
        ),
    }
    register_verbs(verbs)
