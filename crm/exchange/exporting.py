"""A list as a file: the same rows, order and columns as the page, checked anew when it runs."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.accounts.models import User
from crm.accounts.rights import can
from crm.exchange.models import ExportLog, Format
from crm.exchange.writers import MOST_XLSX_ROWS, writing
from crm.records.errors import ActionRefused
from crm.records.jobs import Run
from crm.records.lists.columns import Column
from crm.records.lists.definition import RecordList, record_lists
from crm.records.lists.selection import Selection
from crm.records.models import Job, RecordQuerySet, record_kinds
from crm.ui.paging import capped_counts

CHUNK = 1000


def exportable(record_list: type[RecordList], selection: Selection, user: User) -> RecordQuerySet:
    return selection.rows(record_list, user).permitted(user, "export")


def capped_count(record_list: type[RecordList], selection: Selection, user: User) -> int:
    rows = exportable(record_list, selection, user)
    return capped_counts({"all": rows.select_related(None)})["all"]


def export_rows(run: Run) -> str:
    """Begun again after a worker died, it makes the whole file again and replaces what is there."""
    kind, form = run.params["kind"], run.params["format"]
    if not can(run.user, "export", kind):
        raise ActionRefused(_("You may not export these records."))
    record_list = record_lists()[kind]
    selection = Selection.kept(run.params["selection"])
    rows = exportable(record_list, selection, run.user)
    total = rows.count()
    if form == Format.XLSX and total > MOST_XLSX_ROWS:
        raise ActionRefused(_("Excel holds no more than 1,048,576 rows: choose CSV."))
    run.progress(0, total)
    columns = selection.state(record_list).columns
    title = str(record_list.title)
    ids: list[int] = []
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"export.{form}"
        with writing(form, path, [str(column.label) for column in columns], title) as writer:
            for records in _complete(record_list, columns, rows):
                for record in records:
                    writer.write([column.plain(record) for column in columns])
                ids.extend(record.pk for record in records)
                run.progress(len(ids))
        name = f"{title} {timezone.localdate().isoformat()}.{form}"
        _log(run, selection, columns, ids)
        with path.open("rb") as content:
            run.attach(File(content), name)
    return ngettext("%(count)s row is ready.", "%(count)s rows are ready.", len(ids)) % {
        "count": len(ids)
    }


def _complete(
    record_list: type[RecordList], columns: Sequence[Column], rows: RecordQuerySet
) -> Iterator[list[Any]]:
    """Rows by the thousand, with all that the columns show."""
    found = rows.iterator(chunk_size=CHUNK)
    while chunk := list(islice(found, CHUNK)):
        record_list.complete(chunk, columns)
        yield chunk


def _log(run: Run, selection: Selection, columns: list[Any], ids: list[int]) -> None:
    """Before the file can be had: what leaves the house is always written down."""
    with transaction.atomic():
        ExportLog.objects.update_or_create(
            job=run.job,
            defaults={
                "user": run.user,
                "kind": run.params["kind"],
                "query": selection.query if selection.is_all else "",
                "columns": [column.key for column in columns],
                "format": run.params["format"],
                "rows": len(ids),
                "at": timezone.now(),
                "record_ids": ids,
            },
        )


def may_fetch_export(job: Job) -> bool:
    """Has its user today the right to export, and to see, every record that is in the file (E11)?

    A record that was deleted since takes nothing away; one that was closed to them does.
    """
    log = ExportLog.objects.filter(job=job).first()
    if log is None or not can(job.user, "export", log.kind):
        return False
    rows = record_kinds()[log.kind]._default_manager.filter(pk__in=log.record_ids)
    allowed = rows.permitted(job.user, "view").permitted(job.user, "export")
    return bool(allowed.count() == rows.count())
