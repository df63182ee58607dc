"""A file, from its upload to its last row, without pages in between."""

import csv
import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from crm.accounts.models import User
from crm.exchange import actions
from crm.exchange.importing.rules import Rules
from crm.exchange.models import Import
from crm.records.tasks import run_job

Line = list[str]


def as_csv(lines: list[Line], delimiter: str = ",") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(lines)
    return text.getvalue().encode()


def upload(content: bytes | str, name: str = "contacts.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())


def receive(
    user: User, content: bytes | str, type_: str = "customers", name: str = "contacts.csv"
) -> Import:
    return actions.receive_file(upload(content, name), kind="contact", type_=type_, actor=user)


def check(batch: Import, user: User, *, mapping: Any = None, **rules: Any) -> Import:
    chosen = Rules.kept(batch.rules | rules)
    batch = actions.start_check(
        batch, mapping=batch.mapping if mapping is None else mapping, rules=chosen, actor=user
    )
    return worked(batch)


def run(batch: Import, user: User) -> Import:
    return worked(actions.start_import(batch, actor=user))


def undo(batch: Import, user: User) -> Import:
    return worked(actions.start_undo(batch, actor=user))


def worked(batch: Import) -> Import:
    assert batch.job is not None
    run_job(batch.job.pk)
    fresh = Import.objects.select_related("job").get(pk=batch.pk)
    assert fresh.job is not None
    assert fresh.job.state == "done", (fresh.job.state, fresh.job.message, fresh.job.error)
    return fresh


def bring_in(
    user: User, content: bytes | str, type_: str = "customers", name: str = "c.csv", **rules: Any
) -> Import:
    return run(check(receive(user, content, type_, name), user, **rules), user)


def counts(batch: Import) -> dict[str, int]:
    """Of the run, in words."""
    words = {"c": "created", "u": "updated", "n": "unchanged", "s": "skipped", "r": "rejected"}
    return {words[key]: n for key, n in batch.counts.items() if key in words}


def reasons(batch: Import) -> dict[int, str]:
    return {row.line: row.reason for row in batch.rows.order_by("line") if row.reason}
