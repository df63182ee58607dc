"""Exports: what the list shows and no more, checked when it runs and when it is fetched."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from crm.accounts.models import Team, User
from crm.accounts.rights import set_right
from crm.contacts.models import Contact
from crm.exchange.models import ExportLog
from crm.records.models import CustomField, Event, Job
from crm.records.models.custom import forget_custom_fields
from crm.records.tasks import run_job
from tests.exchange.sheets import sheet
from tests.factories import make_company

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]
As = Callable[[str], Client]
START = "/exports/contact/"


def start(client: Client, form: str = "csv", **data: Any) -> Job:
    data = {"all": "1", "query": "tab=customers", "columns": "name,number"} | data
    answer = client.post(START, data | {"format": form, "sure": "1"})
    assert answer.status_code == 302, answer.content.decode()
    return Job.objects.latest("pk")


def fetch(client: Client, job: Job) -> bytes:
    answer = client.get(reverse("job_download", args=[job.pk]))
    assert answer.status_code == 200
    return bytes(answer.getvalue())


def export(client: Client, form: str = "csv", **data: Any) -> bytes:
    job = start(client, form, **data)
    run_job(job.pk)
    return fetch(client, job)


def table(content: bytes, delimiter: str = ",") -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=delimiter))


def test_rows_filters_order_and_columns_are_those_of_the_list(as_: As, alice: User) -> None:
    for name, city in (("Alfa", "Roma"), ("Beta", "Milano"), ("Gamma", "Roma")):
        make_company(name, owner=alice, city=city)
    query, columns = "tab=customers&city=Roma&sort=-name", "city,name,updated_at"
    client = as_("alice")
    client.post(reverse("columns_choose", args=["contact"]), {"column": columns.split(",")})
    page = client.get(f"/contacts/?{query}")
    rows = table(export(client, query=query, columns=page.context["state"].column_keys))
    assert rows[0] == [str(heading["label"]) for heading in page.context["headings"]]
    assert [row[:2] for row in rows[1:]] == [["Roma", "Gamma"], ["Roma", "Alfa"]]


@pytest.mark.parametrize(
    ("who", "finds"),
    [("alice", {"Mine"}), ("bob", {"Mine", "Canary S.p.A."}), ("carol", {"Carols"})],
)
def test_an_outsider_never_gets_a_restricted_record(
    as_: As, alice: User, carol: User, team: Team, canary: Contact, who: str, finds: set[str]
) -> None:
    make_company("Mine", owner=alice, team=team)
    make_company("Carols", owner=carol)
    for form in ("csv", "xlsx"):
        content = export(as_(who), form, selected=[canary.pk])
        names = {row[0] for row in table(content)[1:]} if form == "csv" else None
        assert names in (finds, None)
        if form == "xlsx":
            assert {row[0][1] for row in sheet(content)[0][1:]} == finds


def test_a_ticked_row_that_is_not_visible_is_not_exported(
    as_: As, company: Contact, canary: Contact
) -> None:
    content = export(as_("alice"), all="", selected=[company.pk, canary.pk, 999999])
    assert [row[0] for row in table(content)[1:]] == [company.name]


def test_only_the_canary_ticked_gives_nothing(as_: As, alice: User, canary: Contact) -> None:
    data = {"selected": [canary.pk], "format": "csv", "sure": "1"}
    assert as_("alice").post(START, data)["Location"] == "/contacts/"
    assert not Job.objects.exists()


def test_what_is_seen_is_decided_when_it_runs(as_: As, alice: User, bob: User, team: Team) -> None:
    shut, open_ = (make_company(name, owner=bob, team=team) for name in ("Shut", "Open"))
    job = start(as_("alice"))
    Contact.objects.filter(pk=shut.pk).update(is_restricted=True)
    run_job(job.pk)
    assert [row[0] for row in table(fetch(as_("alice"), job))[1:]] == [open_.name]


def test_the_right_to_export_is_asked_when_it_runs(as_: As, alice: User, company: Contact) -> None:
    job = start(as_("alice"))
    set_right(alice.role, "contact", export="none")
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, bool(job.file)) == ("failed", False)
    assert not ExportLog.objects.exists()


def test_without_the_right_nothing_starts(as_: As, alice: User, company: Contact) -> None:
    set_right(alice.role, "contact", export="none")
    assert as_("alice").post(START, {"all": "1"}).status_code == 403
    assert START not in as_("alice").get("/contacts/").content.decode()


def test_a_right_revoked_later_closes_the_file(as_: As, alice: User, company: Contact) -> None:
    job = start(as_("alice"))
    run_job(job.pk)
    set_right(alice.role, "contact", export="none")
    address = reverse("job_download", args=[job.pk])
    assert as_("alice").get(address).status_code == 403
    set_right(alice.role, "contact", export="own")
    assert fetch(as_("alice"), job)


def test_a_record_restricted_later_closes_the_file(
    as_: As, alice: User, bob: User, team: Team
) -> None:
    record = make_company("Was open", owner=bob, team=team)
    job = start(as_("alice"))
    run_job(job.pk)
    page, address = (reverse(name, args=[job.pk]) for name in ("job_detail", "job_download"))
    told = "What you may see has changed since this file was made."
    offered = as_("alice").get(page).content.decode()
    assert address in offered
    assert told not in offered
    Contact.objects.filter(pk=record.pk).update(is_restricted=True)
    refused = as_("alice").get(address)
    assert refused.status_code == 403
    assert told in refused.content.decode()
    page_now = as_("alice").get(page).content.decode()
    assert address not in page_now
    assert told in page_now


def test_the_file_is_its_owners_alone(as_: As, alice: User, bob: User, company: Contact) -> None:
    job = start(as_("alice"))
    run_job(job.pk)
    assert as_("bob").get(reverse("job_download", args=[job.pk])).status_code == 404


def test_an_export_is_logged_and_leaves_no_trace_on_the_records(
    as_: As, alice: User, company: Contact
) -> None:
    events = Event.objects.count()
    export(as_("alice"), query="tab=customers&q=fiat")
    log = ExportLog.objects.get()
    assert (log.user, log.kind, log.query) == (alice, "contact", "tab=customers&q=fiat")
    assert (log.format, log.rows, log.record_ids) == ("csv", 1, [company.pk])
    assert Event.objects.count() == events


def test_the_log_is_only_read_in_the_administration(as_: As, admin: User, alice: User) -> None:
    log = ExportLog.objects.create(user=alice, kind="contact", format="csv", rows=7)
    client, place = as_("admin"), "admin:exchange_exportlog"
    assert "contact" in client.get(reverse(f"{place}_changelist")).content.decode()
    assert client.get(reverse(f"{place}_change", args=[log.pk])).status_code == 200
    assert client.post(reverse(f"{place}_delete", args=[log.pk])).status_code == 403
    assert client.get(reverse(f"{place}_add")).status_code == 403


def test_begun_again_it_leaves_one_file_and_one_line(
    as_: As, alice: User, company: Contact, files: Path
) -> None:
    job = start(as_("alice"))
    run_job(job.pk)
    Job.objects.filter(pk=job.pk).update(state="waiting")
    run_job(job.pk)
    assert ExportLog.objects.count() == 1
    assert len([path for path in files.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize(
    ("language", "delimiter"), [("en", ","), ("it", ";"), ("ro", ";"), ("he", ",")]
)
def test_the_delimiter_follows_the_language(
    as_: As, alice: User, company: Contact, language: str, delimiter: str
) -> None:
    User.objects.filter(pk=alice.pk).update(language=language)
    assert len(table(export(as_("alice")), delimiter)[1]) == 2


def test_formulas_are_guarded_and_phones_are_not(as_: As, alice: User) -> None:
    evil = '=HYPERLINK("http://evil.example","x")'
    make_company(evil, owner=alice, phones=["+390212345678"])
    columns = "name,phone"
    ((name, phone),) = table(export(as_("alice"), columns=columns))[1:]
    assert (name, phone) == ("'" + evil, "+390212345678")
    rows, _xml = sheet(export(as_("alice"), "xlsx", columns=columns))
    assert rows[1][0] == ("inlineStr", evil)


def test_custom_fields_keep_their_types(as_: As, alice: User) -> None:
    for key, kind in (("size", "number"), ("since", "date"), ("note", "text")):
        CustomField.objects.create(kind="contact", key=key, type=kind, name_en=key.capitalize())
    forget_custom_fields("contact")
    record = make_company("Alfa", owner=alice)
    Contact.objects.filter(pk=record.pk).update(
        custom={"size": 12.5, "since": "2026-03-01", "note": "00123"}
    )
    columns = "name,custom_size,custom_since,custom_note"
    rows, xml = sheet(export(as_("alice"), "xlsx", columns=columns))
    assert rows[0][1:] == [("inlineStr", "Size"), ("inlineStr", "Since"), ("inlineStr", "Note")]
    assert rows[1][1:] == [("n", "12.5"), ("n", "46082"), ("inlineStr", "00123")]
    assert "<autoFilter" in xml
    assert 'state="frozen"' in xml
    User.objects.filter(pk=alice.pk).update(language="it")
    assert table(export(as_("alice"), columns=columns), ";")[1][1:] == [
        "12,5", "2026-03-01", "00123"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [
        {"format": "exe"},
        {"format": ""},
        {"format": "csv\0"},
    ],
)
def test_a_format_that_is_not_there_is_told(
    as_: As, alice: User, company: Contact, data: dict[str, str]
) -> None:
    answer = as_("alice").post(START, {"all": "1", "sure": "1"} | data)
    assert answer.status_code == 422
    assert answer.context["form"].errors["format"]


@pytest.mark.parametrize("query", ["%00", "tags=99999999999999999999", "sort=%FF", "a" * 9000])
def test_hostile_queries_do_no_harm(as_: As, alice: User, company: Contact, query: str) -> None:
    answer = as_("alice").post(START, {"all": "1", "query": query, "columns": query})
    assert answer.status_code in (200, 302)


def test_many_rows_stay_small_in_memory(as_: As, alice: User) -> None:
    import tracemalloc

    Contact.objects.bulk_create(
        Contact(name=f"C{n}", sort_name=f"c{n:06}", number=f"N{n:06}", owner=alice, notes="x" * 500)
        for n in range(5000)
    )
    job = start(as_("alice"), "xlsx")
    tracemalloc.start()
    run_job(job.pk)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    job.refresh_from_db()
    assert job.done == 5000
    assert peak < 15_000_000
