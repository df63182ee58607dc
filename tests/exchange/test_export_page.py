"""Export by type, of everything that can come in again (F2.13); nothing hidden goes along."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.accounts.models import Team, User
from crm.accounts.rights import set_right
from crm.contacts.models import Address, Contact, Employment
from crm.exchange.models import ExportLog
from crm.exchange.reading import reading, sniff
from crm.records.models import Job, SavedView, Tag
from crm.records.tasks import run_job
from tests.factories import make_company, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]
As = Callable[[str], Client]
PAGE = "/exports/"


def start(client: Client, type_: str = "customers", **data: Any) -> Job:
    sent = {"type": f"contact:{type_}", "view": "", "content": "whole", "format": "csv"} | data
    answer = client.post(PAGE, sent)
    assert answer.status_code == 302, answer.content.decode()
    job = Job.objects.latest("pk")
    assert answer["Location"] == f"/jobs/{job.pk}/"
    return job


def finished(job: Job) -> Job:
    run_job(job.pk)
    job.refresh_from_db()
    return job


def rows_of(job: Job) -> list[dict[str, Any]]:
    """As an import would read it."""
    assert job.state == "done", job.message
    path = Path(job.file.path)
    with reading(path, sniff(path, job.file_name, language="en")) as table:
        return [dict(zip(table.headings, cells, strict=True)) for _line, cells in table]


def names(rows: list[dict[str, Any]]) -> list[Any]:
    return sorted(row.get("Company name") or row.get("Last name") or "" for row in rows)


@pytest.fixture
def everybody(alice: User) -> dict[str, Contact]:
    made = {
        "customer": make_company("Customer", owner=alice, city="Roma"),
        "lead": make_company("Lead", owner=alice, stage="lead", city="Roma"),
        "supplier": make_company("Supplier", owner=alice, stage="supplier"),
        "former": make_company("Former", owner=alice, stage="former"),
        "person": make_person("Person", owner=alice),
    }
    make_company("Trashed", owner=alice, trashed_at="2026-01-01T00:00Z")
    return made


@pytest.mark.parametrize(
    ("type_", "found"),
    [
        ("customers", ["Customer"]),
        ("leads", ["Lead"]),
        ("suppliers", ["Supplier"]),
        ("people", ["Person"]),
        ("all", ["Anna Person", "Customer", "Former", "Lead", "Supplier"]),
    ],
)
def test_a_type_has_its_records_and_no_others(
    as_: As, everybody: dict[str, Contact], type_: str, found: list[str]
) -> None:
    assert names(rows_of(finished(start(as_("alice"), type_)))) == found


def test_numbered_columns_are_as_many_as_the_records_need(as_: As, alice: User) -> None:
    one = make_company(
        "One", owner=alice, phones=["055 1", "055 2", "055 3"], emails=["a@b.example"]
    )
    Address.objects.create(contact=one, street="Via Roma 1\nscala B", city="Forlì", country="IT")
    make_company("Two", owner=alice)
    first, second = rows_of(finished(start(as_("alice"))))
    assert [first[f"Phone {n}"] for n in (1, 2, 3)] == ["055 1", "055 2", "055 3"]
    assert (first["Address 1 city"], first["Address 1 country"]) == ("Forlì", "Italy")
    assert first["Address 1 street and number"] == "Via Roma 1\nscala B"
    assert second["Phone 1"] is None
    assert "Phone 4" not in first
    assert "E-mail 2" not in first


def test_a_saved_view_says_which_of_them(
    as_: As, alice: User, everybody: dict[str, Contact]
) -> None:
    view = SavedView.objects.create(owner=alice, kind="contact", name="Roma", query="city=roma")
    leads = SavedView.objects.create(
        owner=alice, kind="contact", name="Leads", query="tab=leads&city=roma", columns=["city"]
    )
    client = as_("alice")
    assert names(rows_of(finished(start(client, "all", view=view.pk)))) == ["Customer", "Lead"]
    assert names(rows_of(finished(start(client, "leads", view=view.pk)))) == ["Lead"]
    listed = rows_of(finished(start(client, "all", view=leads.pk, content="list")))
    assert listed == [{"Name": "Lead", "City": "Roma"}]
    sent = {"type": "contact:customers", "view": leads.pk, "content": "whole", "format": "csv"}
    answer = client.post(PAGE, sent)
    assert answer.status_code == 422
    assert "There is nothing here that you may export." in answer.content.decode()


def test_only_own_and_shared_views_are_offered(
    as_: As, alice: User, carol: User, team: Team
) -> None:
    for owner, name, of in ((carol, "Hers", None), (alice, "Mine", None), (carol, "Ours", team)):
        SavedView.objects.create(owner=owner, kind="contact", name=name, team=of)
    page = as_("alice").get(PAGE)
    offered = {view.name for view in page.context["form"].fields["view"].queryset}
    assert offered == {"Mine", "Ours"}
    make_company(owner=alice)
    hers = SavedView.objects.get(name="Hers").pk
    sent = {"type": "contact:customers", "view": hers, "content": "whole", "format": "csv"}
    assert as_("alice").post(PAGE, sent).status_code == 422


def test_nothing_restricted_leaves_the_house(
    as_: As, alice: User, bob: User, team: Team, canary: Contact
) -> None:
    """Neither as a row nor as the company for which somebody works, nor as its column."""
    person = make_person("Verdi", owner=alice, team=team)
    seen = make_company("Seen", owner=alice, team=team)
    for company in (canary, seen):
        Employment.objects.create(company=company, person=person, function="Buyer")
    canary.tags.add(Tag.objects.create(name="canary-tag"))
    for who, companies in (("alice", ["Seen"]), ("bob", ["Canary S.p.A.", "Seen"])):
        for form in ("csv", "xlsx"):
            (row,) = rows_of(finished(start(as_(who), "people", format=form)))
            worked_for = [row[key] for key in row if key in ("Company 1", "Company 2")]
            assert sorted(worked_for) == companies
    whole = Path(finished(start(as_("alice"), "all")).file.path).read_text()
    assert "anary" not in whole
    assert canary.number not in whole


def test_a_company_closed_later_closes_the_file_that_names_it(
    as_: As, alice: User, bob: User, team: Team
) -> None:
    company = make_company("Was open", owner=bob, team=team)
    person = make_person("Verdi", owner=alice)
    Employment.objects.create(company=company, person=person)
    job = finished(start(as_("alice"), "people"))
    address = reverse("job_download", args=[job.pk])
    assert as_("alice").get(address).getvalue()
    Contact.objects.filter(pk=company.pk).update(is_restricted=True)
    assert as_("alice").get(address).status_code == 403


def test_what_is_seen_is_decided_when_it_runs(as_: As, alice: User, bob: User, team: Team) -> None:
    shut, _open = (make_company(name, owner=bob, team=team) for name in ("Shut", "Open"))
    job = start(as_("alice"))
    Contact.objects.filter(pk=shut.pk).update(is_restricted=True)
    assert names(rows_of(finished(job))) == ["Open"]


def test_it_is_logged_with_its_type_and_columns(as_: As, alice: User) -> None:
    company = make_company(owner=alice)
    finished(start(as_("alice")))
    log = ExportLog.objects.get()
    assert (log.user, log.query, log.record_ids) == (alice, "type=customers", [company.pk])
    assert {"name", "vat_id", "phone_1_use", "viewers"} <= set(log.columns)


def test_a_list_offers_everything_too_and_keeps_its_tab(
    as_: As, everybody: dict[str, Contact]
) -> None:
    client = as_("alice")
    asked = {"all": "1", "query": "tab=former", "columns": "name"}
    assert "imported again" in client.post("/exports/contact/", asked).content.decode()
    sure = asked | {"sure": "1", "content": "whole", "format": "csv"}
    client.post("/exports/contact/", sure)
    (row,) = rows_of(finished(Job.objects.latest("pk")))
    assert (row["Company name"], row["Stage"], row["Type"]) == ("Former", "Former", "Company")


def test_a_text_that_excel_would_cut_is_not_cut_in_silence(as_: As, alice: User) -> None:
    make_company(owner=alice, notes="x" * 33_000)
    job = finished(start(as_("alice"), format="xlsx"))
    assert (job.state, bool(job.file)) == ("failed", False)
    assert "choose CSV" in job.message
    (row,) = rows_of(finished(start(as_("alice"))))
    assert row["Notes"] == "x" * 33_000


def test_without_the_right_there_is_no_page(as_: As, alice: User, company: Contact) -> None:
    assert PAGE in as_("alice").get("/contacts/").content.decode()
    set_right(alice.role, "contact", export="none")
    assert as_("alice").get(PAGE).status_code == 403
    assert as_("alice").post(PAGE, {}).status_code == 403
    assert f'href="{PAGE}"' not in as_("alice").get("/contacts/").content.decode()


def test_what_was_typed_wrongly_stays(as_: As, company: Contact) -> None:
    sent = {"type": "contact:ships", "content": "half", "format": "pdf"}
    answer = as_("alice").post(PAGE, sent)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"type", "content", "format"}


def test_ones_own_files_are_listed_with_what_became_of_them(
    as_: As, alice: User, company: Contact
) -> None:
    job = finished(start(as_("alice")))
    page = as_("alice").get(PAGE).content.decode()
    assert f'href="/jobs/{job.pk}/"' in page
    assert job.file_name in page
    assert f'href="/jobs/{job.pk}/"' not in as_("bob").get(PAGE).content.decode()
    Job.objects.filter(pk=job.pk).update(expires_at="2026-01-01T00:00Z")
    assert "Its file is gone." in as_("alice").get(PAGE).content.decode()


def test_a_thousand_rows_more_cost_no_statement_more_each(as_: As, alice: User) -> None:
    def statements() -> int:
        job = start(as_("alice"), "all")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            finished(job)
        return len(asked)

    make_person(owner=alice, phones=["1", "2"])
    few = statements()
    for number in range(12):
        make_company(f"C {number}", owner=alice, phones=["1", "2"], emails=["a@b.example"])
        make_person(f"P {number}", owner=alice, tags=[])
    assert statements() == few
