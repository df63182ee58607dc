"""The pages of an import: from the file to the last row, for who may and who may not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from crm.accounts.models import User
from crm.accounts.rights import set_right
from crm.contacts.models import Contact
from crm.documents.models import UnclaimedFile
from crm.documents.tasks import delete_unclaimed_file
from crm.exchange.actions import forget_old_imports
from crm.exchange.models import Import
from crm.records.models import Event
from tests.exchange.importing import bring_in, check, receive, run, undo, upload, worked
from tests.factories import make_company, make_team
from tests.forms import as_sent

pytestmark = pytest.mark.django_db
As = Callable[[str], Client]
CONTENT = "Company name;P. IVA;Colour\nRossi Srl;IT01234567890;red\n;IT999999;blue\n"


def send(client: Client, content: bytes | str, name: str = "firms.csv") -> Any:
    data = {"file": upload(content, name), "type": "contact:customers"}
    return client.post(reverse("import_create"), data)


def test_from_the_file_to_the_list_of_what_came_in(as_: As, alice: User) -> None:
    client = as_("alice")
    page = client.get(reverse("import_create")).content.decode()
    assert "Customers" in page
    assert "25 MB" in page
    setup = send(client, CONTENT)
    assert setup.status_code == 302
    page = client.get(setup.url).content.decode()
    assert "Rossi Srl" in page
    sent = as_sent(page)
    assert (sent["column-0"], sent["column-1"], sent["column-2"]) == (["name"], ["vat_id"], [""])
    assert client.post(setup.url, sent).status_code == 302
    batch = worked(Import.objects.select_related("job").get())
    page = client.get(batch.get_absolute_url()).content.decode()
    assert "Nothing has been imported yet" in page
    assert not Contact.objects.exists()
    client.post(reverse("import_run", args=[batch.pk]))
    batch = worked(Import.objects.select_related("job").get())
    page = client.get(batch.get_absolute_url()).content.decode()
    link = f"/contacts/?imported={batch.pk}&amp;tab=customers"
    assert link in page
    make_company("Another", owner=alice)
    listed = client.get(link.replace("&amp;", "&")).content.decode()
    assert "Rossi Srl" in listed
    assert "Another" not in listed
    rossi = Contact.objects.get(name="Rossi Srl")
    history = client.get(reverse("timeline_panel", args=["contact", rossi.pk])).content.decode()
    assert f'href="{batch.get_absolute_url()}"' in history


@pytest.mark.parametrize(
    ("type_", "offered"), [("customers", False), ("leads", True), ("people", True), ("all", True)]
)
def test_companies_besides_are_offered_where_people_may_be(
    as_: As, alice: User, type_: str, offered: bool
) -> None:
    batch = receive(alice, "Name,Code\nRossi,1\n", type_)
    page = as_("alice").get(reverse("import_setup", args=[batch.pk])).content.decode()
    assert ('name="adds_others"' in page) == offered


def test_the_rejected_rows_put_right_come_in(as_: As, alice: User) -> None:
    batch = bring_in(alice, CONTENT, name="firms.csv")
    client = as_("alice")
    answer = client.get(reverse("import_errors", args=[batch.pk]))
    content = answer.getvalue().decode("utf-8-sig")
    first, second = content.splitlines()
    assert first == "Company name;P. IVA;Colour;Why it was rejected"
    assert second.startswith(";IT999999;blue;")
    again = bring_in(alice, content.replace(";IT999999", "Verdi;IT999999"))
    assert again.counts["c"] == 1
    assert Contact.objects.filter(name="Verdi", vat_id="IT999999").exists()


@pytest.mark.parametrize("was_kept", [True, False])
def test_the_rejected_rows_are_written_when_the_run_ends_and_not_when_asked_for(
    as_: As, alice: User, was_kept: bool
) -> None:
    batch = bring_in(alice, CONTENT, name="firms.csv")
    place = reverse("import_errors", args=[batch.pk])
    if was_kept:
        batch.file.storage.delete(batch.file.name)
    else:  # it came in before they were, or its worker died
        Import.objects.update(errors="")
    answer = as_("alice").get(place)
    assert answer.getvalue().decode("utf-8-sig").splitlines()[1].startswith(";IT999999;blue;")
    assert "firms, rejected.csv" in unquote(answer["Content-Disposition"])
    assert as_("bob").get(place).status_code == 404


def test_only_an_import_that_rejected_rows_keeps_a_file_of_them(alice: User) -> None:
    assert not bring_in(alice, "Company name\nVerdi\n").errors


def test_the_rejected_rows_go_with_the_file_that_they_came_from(alice: User) -> None:
    batch = bring_in(alice, CONTENT)
    Import.objects.update(run_at=timezone.now() - timedelta(days=settings.UNDO_DAYS, minutes=1))
    forget_old_imports()
    assert not Import.objects.get().errors
    for pk in UnclaimedFile.objects.values_list("pk", flat=True):
        delete_unclaimed_file(pk)
    assert not batch.errors.storage.exists(batch.errors.name)


def test_a_rejected_row_keeps_the_cells_that_are_too_many(as_: As, alice: User) -> None:
    batch = bring_in(alice, "Company name,City\nVerdi,Roma,x,y\nBianchi,Pisa\n")
    answer = as_("alice").get(reverse("import_errors", args=[batch.pk]))
    content = answer.getvalue().decode("utf-8-sig")
    assert content.splitlines()[1].startswith("Verdi,Roma,There are more cells")
    assert content.splitlines()[1].endswith(",x,y")


def test_what_came_in_is_offered_only_as_long_as_it_is_there(as_: As, alice: User) -> None:
    batch = bring_in(alice, "Company name\nVerdi\n")
    client, offer = as_("alice"), "See what came in"
    assert offer in client.get(batch.get_absolute_url()).content.decode()
    undo(batch, alice)
    assert offer not in client.get(batch.get_absolute_url()).content.decode()


def test_a_column_claimed_twice_is_told_and_nothing_is_lost(as_: As, alice: User) -> None:
    client = as_("alice")
    setup = send(client, CONTENT)
    sent = as_sent(client.get(setup.url).content.decode())
    sent |= {"column-2": ["name"], "on_match": ["overwrite"]}
    answer = client.post(setup.url, sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "is that already" in page
    assert as_sent(page)["on_match"] == ["overwrite"]


def test_reading_it_otherwise_shows_other_columns(as_: As, alice: User) -> None:
    client = as_("alice")
    setup = send(client, CONTENT)
    sent = as_sent(client.get(setup.url).content.decode())
    answer = client.post(
        setup.url, sent | {"delimiter": ["|"], "again": "1"}, HTTP_HX_REQUEST="true"
    )
    assert answer.status_code == 200
    assert "column-1" not in answer.content.decode()
    answer = client.post(setup.url, sent | {"encoding": ["utf-16"], "again": "1"})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.csv"),
        (b"\0\1\2\3" * 50, "rubbish.csv"),
        (b'a;b\n"half', "half.csv"),
        (b"PK\x03\x04broken", "broken.xlsx"),
        (b"MZ\x90\x00\x03" + b"\0" * 100, "program.exe"),
    ],
)
def test_what_cannot_be_read_gets_a_sentence(
    as_: As, alice: User, content: bytes, name: str
) -> None:
    answer = send(as_("alice"), content, name)
    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()
    assert not Import.objects.exists()


def test_who_may_not_change_contacts_cannot_import(as_: As, alice: User) -> None:
    set_right(alice.role, "contact", change="none")
    client = as_("alice")
    assert client.get(reverse("import_create")).status_code == 403
    assert send(client, CONTENT).status_code == 403
    assert client.get("/imports/facsimile/contact/customers.csv").status_code == 403
    assert reverse("import_create") not in client.get("/contacts/").content.decode()


def test_an_import_is_its_persons_and_administrators_look(
    as_: As, alice: User, bob: User, admin: User
) -> None:
    batch = check(receive(alice, CONTENT), alice)
    for name, status in (("alice", 200), ("bob", 404), ("administrator", 200)):
        who = {"alice": "alice", "bob": "bob", "administrator": "admin"}[name]
        assert as_(who).get(batch.get_absolute_url()).status_code == status
    run = reverse("import_run", args=[batch.pk])
    assert as_("bob").post(run).status_code == 404
    assert as_("admin").post(run).status_code == 403
    assert as_("alice").get(run).status_code == 405


def test_what_an_administrator_reads_of_restricted_records_in_an_import_is_noted(
    as_: As, alice: User, admin: User
) -> None:
    """Once an hour, as when they open them; nobody else's reading is."""
    secret = make_company("Secret", owner=alice, vat_id="IT1234567", is_restricted=True)
    free = make_company("Free", owner=alice, vat_id="IT7654321")
    make_team("South")  # none of Alice's: her rows are rejected
    content = "Company name,VAT id,Team\nSecret,IT1234567,South\nFree,IT7654321,South\n"
    batch = check(receive(alice, content), alice, on_match="overwrite")

    def readers(record: Contact) -> list[User | None]:
        found = Event.objects.filter(object_id=record.pk, verb="opened")
        return [event.actor for event in found.select_related("actor")]

    place = reverse("import_errors", args=[batch.pk])
    for _time in range(2):
        for who in ("alice", "admin"):
            assert "Secret" in as_(who).get(batch.get_absolute_url()).content.decode()
    assert (readers(secret), readers(free)) == ([admin], [])
    Event.objects.filter(verb="opened").delete()
    batch = run(batch, alice)
    for who in ("alice", "admin", "bob"):
        answer = as_(who).get(place)
        assert (who == "bob") == (b"Secret" not in answer.getvalue())
    assert (readers(secret), readers(free)) == ([admin], [])


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("type_", ["customers", "leads", "suppliers", "people", "all"])
def test_the_facsimile_comes_in_as_it_is(as_: As, alice: User, type_: str, form: str) -> None:
    answer = as_("alice").get(f"/imports/facsimile/contact/{type_}.{form}")
    assert answer.status_code == 200
    batch = bring_in(alice, answer.getvalue(), type_, f"facsimile.{form}")
    assert batch.counts.get("c") == 1, list(batch.rows.values_list("reason"))


def test_many_imports_of_one_record_cost_its_history_one_statement(as_: As, alice: User) -> None:
    client = as_("alice")
    bring_in(alice, "Company name,Notes\nRossi,first\n", name="a.csv")
    rossi = Contact.objects.get()
    place = reverse("timeline_panel", args=["contact", rossi.pk])
    client.get(place)
    with CaptureQueriesContext(connection) as few:
        client.get(place)
    again = [
        bring_in(alice, f"Company name,Notes\nRossi,{n}\n", name="b.csv", on_match="overwrite")
        for n in range(3)
    ]
    with CaptureQueriesContext(connection) as many:
        history = client.get(place).content.decode()
    assert len(many) == len(few)
    assert [f'href="{batch.get_absolute_url()}"' in history for batch in again] == [True] * 3


def test_what_is_forgotten_is_no_filter_any_more(as_: As, alice: User) -> None:
    batch = bring_in(alice, CONTENT)
    client = as_("alice")
    listed = f"/contacts/?imported={batch.pk}"
    assert client.get(listed).status_code == 200
    Import.objects.update(run_at=timezone.now() - timedelta(days=settings.UNDO_DAYS, minutes=1))
    forget_old_imports()
    assert client.get(listed).status_code == 422
    assert "imported=" not in client.get(batch.get_absolute_url()).content.decode()
