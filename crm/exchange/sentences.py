"""What imports did to a record, in words, with the way to the import for those who may see it."""

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.exchange.models import Import, ImportedRow
from crm.records.models import Event
from crm.records.sentences import Sentence, register_verbs

IMPORTED, CHANGED, UNDONE = "imported", "import_changed", "import_undone"


def address_of_import(event: Event, reader: User) -> str:
    """The address of the import that `event` tells of; "" for who may not see it."""
    rows = ImportedRow.objects.filter(
        record_id=event.object_id, batch__in=Import.objects.visible_to(reader)
    )
    rows = rows.filter(batch__file_name=event.text, batch__run_at__lte=event.at)
    row = rows.select_related("batch").order_by("-batch__run_at").first()
    kind = getattr(event.content_type.model_class(), "kind", "")
    return row.batch.get_absolute_url() if row and row.batch.kind == kind else ""


def register() -> None:
    verbs = {
        IMPORTED: Sentence(
            _("{actor} imported {record} and perhaps others for you"),
            _("{actor} imported this"),
            address_of_import,
        ),
        CHANGED: Sentence(
            _("{actor} changed {record} by an import"),
            _("{actor} changed this by an import"),
            address_of_import,
        ),
        UNDONE: Sentence(
            _("{actor} undid an import that had changed {record}"),
            _("{actor} undid an import"),
            address_of_import,
        ),
    }
    register_verbs(verbs)
