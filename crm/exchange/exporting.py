"""A file of records: the same rows and order as the page, checked anew when it runs."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.accounts.models import User
from crm.accounts.rights import can
from crm.exchange.models import ExportLog, Format
from crm.exchange.plans import Plan, Wish
from crm.exchange.writers import MOST_XLSX_ROWS, writing
from crm.records.errors import ActionRefused
from crm.records.jobs import Run, start_job
from crm.records.models import Job, record_kinds

NAMED = "named"  # in the params: keys of other records of the kind that the file names


def start_export(wish: Wish, *, format_: str, actor: User, back: str = "") -> Job:
    title = _("Export: %(title)s") % {"title": wish.title}
    params = wish.params | {"format": format_, "back": back}
    return start_job("export", title=title, actor=actor, params=params)


def export_rows(run: Run) -> str:
    """Begun again after a worker died, it makes the whole file again and replaces what is there."""
    kind, form = run.params["kind"], run.params["format"]
    if not can(run.user, "export", kind):
        raise ActionRefused(_("You may not export these records."))
    wish = Wish.kept(run.params)
    plan = wish.plan(run.user)
    total = plan.rows.count()
    if form == Format.XLSX and total > MOST_XLSX_ROWS:
        raise ActionRefused(_("Excel holds no more than 1,048,576 rows: choose CSV."))
    run.progress(0, total)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"export.{form}"
        ids = _write(run, plan, path)
        _log(run, wish, plan, ids)
        with path.open("rb") as content:
            run.attach(File(content), f"{plan.title} {timezone.localdate().isoformat()}.{form}")
    return ngettext("%(count)s row is ready.", "%(count)s rows are ready.", len(ids)) % {
        "count": len(ids)
    }


def _write(run: Run, plan: Plan, path: Path) -> list[int]:
    """The keys of the rows that are in the file at `path` then."""
    ids: list[int] = []
    named: set[int] = set()
    cells = [column.plain for column in plan.columns if column.plain]
    labels = [str(column.label) for column in plan.columns]
    with writing(run.params["format"], path, labels, plan.title) as writer:
        for records, others in plan.chunks():
            for record in records:
                writer.write([plain(record) for plain in cells])
            ids.extend(record.pk for record in records)
            named |= others
            run.progress(len(ids))
    if plan.is_whole and writer.has_cut:
        raise ActionRefused(
            _("A text is longer than the 32,767 characters that Excel holds: choose CSV.")
        )
    run.progress(len(ids), facts={NAMED: sorted(named)})
    return ids


def _log(run: Run, wish: Wish, plan: Plan, ids: list[int]) -> None:
    """Before the file can be had: what leaves the house is always written down."""
    query = wish.selection.query if wish.selection.is_all else ""
    if wish.by_type:
        query = f"type={wish.record_type}&{query}".rstrip("&")
    with transaction.atomic():
        ExportLog.objects.update_or_create(
            job=run.job,
            defaults={
                "user": run.user,
                "kind": wish.kind,
                "query": query,
                "columns": [column.key for column in plan.columns],
                "format": run.params["format"],
                "rows": len(ids),
                "at": timezone.now(),
                "record_ids": ids,
            },
        )


def may_fetch_export(job: Job) -> bool:
    """Has its user today the right to export, and to see, every record that is in the file, and to
    see every other that is named in it (E11)?

    A record that was deleted since takes nothing away; one that was closed to them does.
    """
    log = ExportLog.objects.filter(job=job).first()
    if log is None or not can(job.user, "export", log.kind):
        return False
    every = record_kinds()[log.kind]._default_manager
    rows, named = (
        every.filter(pk__in=keys) for keys in (log.record_ids, job.params.get(NAMED, ()))
    )
    allowed = rows.permitted(job.user, "view").permitted(job.user, "export")
    seen = named.permitted(job.user, "view")
    return bool(allowed.count() == rows.count() and seen.count() == named.count())
