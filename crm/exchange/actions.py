"""From a file to records and back: what a person does with an import."""

import hashlib
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.documents.storage import claim, disown, incoming
from crm.exchange.fields import exchange_of, guess, heading_key
from crm.exchange.importing.checking import short
from crm.exchange.importing.importer import importers
from crm.exchange.importing.rules import Rules
from crm.exchange.importing.work import local_file, opened
from crm.exchange.models import Import, MappingProfile
from crm.exchange.reading import Dialect, UnreadableFile, sniff
from crm.records.errors import ActionRefused
from crm.records.jobs import start_job
from crm.records.models import Job

Step = Import.Step
FIRST_LINES, MOST_COLUMNS = 8, 2000


def receive_file(upload: File, *, kind: str, type_: str, actor: User) -> Import:
    """Keep a file to import and look how it is written. Raises ActionRefused with a sentence."""
    with incoming(upload) as file:
        batch = Import(user=actor, kind=kind, type=type_, file=file.name)
        batch.file_name = file.original_name
        batch.rules = Rules(keys=tuple(importers()[kind].keys), owner=actor.pk).to_dict()
        try:
            with local_file(file.name) as path:
                dialect = sniff(path, file.original_name, language=actor.language)
            with transaction.atomic():
                _read(batch, dialect)
                claim(file.name)
        except UnreadableFile as problem:
            raise ActionRefused(str(problem)) from problem
    return batch


@transaction.atomic
def read_again(batch: Import, dialect: Dialect) -> None:
    """As somebody says that the file is written; raises UnreadableFile when it cannot be."""
    _locked(batch, Step.DRAFT, Step.CHECK)
    batch.refresh_from_db()
    _read(batch, dialect)


def _read(batch: Import, dialect: Dialect) -> None:
    before = batch.head.get("headings")
    batch.dialect = dialect.to_dict()
    batch.head = head_of(batch)
    if batch.head["headings"] != before:
        batch.mapping = proposed_mapping(batch)
    batch.step, batch.report = Step.DRAFT, {}
    batch.save()


def head_of(batch: Import) -> dict[str, Any]:
    """The headings and the first lines."""
    with opened(batch) as table:
        lines = [[line, short(cells, MOST_COLUMNS)] for line, cells in islice(table, FIRST_LINES)]
        return {
            "sheets": table.sheets,
            "sheet": table.sheet,
            "headings": short(table.headings, MOST_COLUMNS),
            "lines": lines,
        }


def proposed_mapping(batch: Import) -> dict[str, str]:
    """What its person chose for these headings before, else what the headings say."""
    headings = batch.head["headings"]
    known = MappingProfile.objects.filter(**_profile(batch)).first()
    exchange = exchange_of(batch.kind)
    fields = exchange.fields_for(exchange.type_named(batch.type), headings)
    keys = {one.key for one in fields}
    if known:
        return {column: key for column, key in known.mapping.items() if not key or key in keys}
    return {str(column): key for column, key in guess(headings, fields).items()}


def _profile(batch: Import) -> dict[str, Any]:
    folded = "\n".join(map(heading_key, batch.head["headings"]))
    return {
        "user": batch.user,
        "kind": batch.kind,
        "type": batch.type,
        "headings": hashlib.sha256(folded.encode()).hexdigest(),
    }


@transaction.atomic
def start_check(batch: Import, *, mapping: Mapping[str, str], rules: Rules, actor: User) -> Import:
    """Remember what was chosen, and look in the background at what it would do."""
    batch = _locked(batch, Step.DRAFT, Step.CHECK)
    batch.mapping, batch.rules = dict(mapping), rules.to_dict()
    batch.report = {}
    MappingProfile.objects.update_or_create(**_profile(batch), defaults={"mapping": batch.mapping})
    return _start(batch, Step.CHECK, "check import", _("Check: %(file)s"), actor)


@transaction.atomic
def start_import(batch: Import, *, actor: User) -> Import:
    batch = _locked(batch, Step.CHECK)
    if not batch.report:
        raise ActionRefused(_("The file has not been checked to its end yet."))
    batch.run_at = timezone.now()
    return _start(batch, Step.RUN, "import", _("Import: %(file)s"), actor)


@transaction.atomic
def start_undo(batch: Import, *, actor: User) -> Import:
    batch = _locked(batch, Step.RUN, Step.UNDO)
    if batch.undo_until < timezone.now():
        raise ActionRefused(_("It is too late: an import can be undone for a month."))
    return _start(batch, Step.UNDO, "undo import", _("Undo import: %(file)s"), actor)


@transaction.atomic
def delete_draft(batch: Import) -> None:
    """What was never imported leaves nothing behind."""
    batch = _locked(batch, Step.DRAFT, Step.CHECK)
    forget_files([batch])
    batch.delete()


def forget_files(batches: Iterable[Import]) -> None:
    """Files go once the transaction has committed."""
    disown([str(file.name) for batch in batches for file in (batch.file, batch.errors) if file])


@transaction.atomic
def forget_old_imports() -> int:
    """What cannot be undone any more: the files, the lines of the ledger, drafts altogether.
    How many files went."""
    old = list(Import.objects.kept_too_long().select_for_update(skip_locked=True)[:100])
    forget_files(old)
    for batch in old:
        batch.rows.all().delete()
    keys = [batch.pk for batch in old]
    Import.objects.filter(pk__in=keys).update(file="", errors="", head={}, report={})
    Import.objects.filter(pk__in=keys, step__in=(Step.DRAFT, Step.CHECK)).delete()
    return len(old)


def _locked(batch: Import, *steps: str) -> Import:
    stored = Import.objects.select_for_update(of=("self",)).select_related("job").get(pk=batch.pk)
    if stored.is_busy:
        raise ActionRefused(_("It is being worked on. Wait until that is over, or stop it."))
    if stored.step not in steps:
        raise _gone_further()
    return stored


def _gone_further() -> ActionRefused:
    return ActionRefused(_("This import has gone further meanwhile. Look at it again."))


def follow_retry(failed: Job, again: Job) -> None:
    """Nothing else is begun with an import while its job is tried again. One that has another job
    by now, or is gone, is left alone."""
    if not Import.objects.filter(job=failed).update(job=again):
        raise _gone_further()


def _start(batch: Import, step: str, task: str, title: str, actor: User) -> Import:
    batch.step = step
    batch.job = start_job(
        task,
        title=title % {"file": batch.file_name},
        actor=actor,
        params={"import": batch.pk, "back": batch.get_absolute_url()},
    )
    batch.save()
    return batch
