"""What leaves as a file comes in again: into an emptied base as it was, into its own unchanged."""

from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from crm.accounts.models import User
from crm.contacts.models import Area, Category, Contact, Employment, ProductGroup
from crm.exchange import actions
from crm.exchange.importing import running
from crm.exchange.importing.undoing import foresee
from crm.exchange.models import Import
from crm.records.actions import save_record
from crm.records.actions.saving import snapshot
from crm.records.jobs import Run
from crm.records.models import CustomField, CustomFieldOption, Job, Tag
from crm.records.models.custom import forget_custom_fields
from crm.records.tasks import _claim, run_job
from tests.exchange.importing import bring_in, check, counts, reasons, receive, undo
from tests.factories import make_company

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]
OTHER_ROWS = ("addresses", "emails", "phones")
NOTES = "First line\n\n=1+1; \"second\", 'third'\n\t– כתובת"


@pytest.fixture
def custom(db: None) -> dict[str, Any]:
    """A value for each type of custom field."""
    values: dict[str, Any] = {
        "own_text": "007",
        "own_number": -1234.5,
        "own_money": 1250.1,
        "own_date": "2026-02-03",
        "own_yesno": False,
        "own_link": "https://example.com/?a=1&b=2",
    }
    for type_ in CustomField.Type.values:
        field = CustomField.objects.create(
            kind="contact", key=f"own_{type_}", type=type_, name_en=f"Own {type_}"
        )
        if type_ in ("choice", "choices"):
            made = [
                CustomFieldOption.objects.create(field=field, name_en=name)
                for name in ("Same", "Same", "A, b; c")
            ]
            keys = [one.pk for one in made]
            values[f"own_{type_}"] = keys[1] if type_ == "choice" else sorted(keys[:2])
    forget_custom_fields("contact")
    return values


@pytest.fixture
def lived_in(
    admin: User, alice: User, bob: User, carol: User, team: Any, custom: dict[str, Any]
) -> User:
    """A base of companies, leads and people with everything that there is; `admin` exports it."""
    lists = {
        "categories": [Category.objects.create(name_en=name) for name in ("=Top", "Key, account")],
        "areas": [Area.objects.create(name_en="North", name_it="Nord")],
        "product_groups": [ProductGroup.objects.create(name_en="Boilers", name_it="Caldaie")],
        "tags": [Tag.objects.create(name=name) for name in ("fair; 2026", "VIP")],
        "viewers": [bob, carol],
    }

    def everything(contact: Contact) -> None:
        for number, use in (("+39 055 1", "work"), ("0039055002", "mobile"), ("*7007", "service")):
            contact.phones.create(number=number, use=use, position=contact.phones.count())
        for name, use in (("info", "work"), ("billing", "billing")):
            contact.emails.create(
                address=f"{name}.{contact.pk}@example.com",
                use=use,
                position=contact.emails.count(),
            )
        contact.addresses.create(use="main", street="Via Roma 1", postal_code="00123", country="IT")
        contact.addresses.create(
            use="site", street="-5, =A1", city="חיפה", region="FI", country="IL", position=1
        )
        for name, rows in lists.items():
            getattr(contact, name).set(rows)

    def save(write: Any = None, **facts: Any) -> Contact:
        return save_record(Contact(**facts), actor=admin, write=write)

    facts: dict[str, Any] = {"owner": alice, "team": team, "notes": NOTES, "custom": custom}
    facts |= {"language": "he", "preferred_channel": "phone", "is_restricted": True}
    # A person before the company, so that the file names it before it comes.
    anna = save(everything, type="person", first_name="Anna", last_name="O'Neil", **facts)
    rich = save(
        everything,
        type="company",
        name="=Formula & Sons S.p.A.",
        aliases=["F&S", "+Plus", "לוי"],
        vat_id="00743110157",
        tax_code="00743110157",
        websites=["https://one.example", "https://two.example/a"],
        **facts,
    )
    lead = save(type="company", stage="lead", name="לוי ובניו בע״מ", owner=bob)
    supplier = save(type="company", stage="supplier", name="007", vat_id="IT00469580013")
    levi = save(type="person", stage="lead", first_name="דוד", last_name="לוי", owner=alice)
    save(type="person", last_name="Alone")
    post = Employment.objects.create
    post(company=rich, person=anna, function="Buyer", role="Decides", preferred_channel="email")
    post(company=supplier, person=anna, function="=Board")
    post(company=lead, person=levi)
    post(company=rich, person=levi, role="Advisor")
    return admin


def export(admin: User, form: str) -> tuple[str, bytes]:
    """(name, content) of a file of everything."""
    client = Client()
    client.force_login(admin)
    sent = {"type": "contact:all", "view": "", "content": "whole", "format": form}
    assert client.post("/exports/", sent).status_code == 302
    job = Job.objects.filter(task="export").latest("pk")
    run_job(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.message
    return job.file_name, Path(job.file.path).read_bytes()


def everybody() -> dict[str, dict[str, Any]]:
    """{name: all that its history would follow, and all that hangs on it}. Codes and keys are
    given anew: contacts are told by their names."""
    found = {}
    for contact in Contact.objects.all():
        facts = snapshot(contact) | {"created_by": str(contact.created_by)}
        for relation in OTHER_ROWS:
            rows = getattr(contact, relation).all()
            facts[relation] = [_facts(row, {"id", "contact"}) for row in rows]
        for relation in ("employments", "staff"):
            facts[relation] = sorted(
                (str(one.company), str(one.person), one.function, one.role, one.preferred_channel)
                for one in getattr(contact, relation).all()
            )
        found[str(contact)] = facts
    return found


def _facts(row: Any, without: set[str]) -> dict[str, Any]:
    return {
        field.name: str(getattr(row, field.name))
        for field in row._meta.concrete_fields
        if field.name not in without
    }


def bring_back(admin: User, file: tuple[str, bytes], **how: Any) -> Import:
    """`owner` is that of new records of which the file says none."""
    name, content = file
    return bring_in(admin, content, "all", name, owner=None, **how)


FILES = [("csv", "en"), ("csv", "it"), ("csv", "he"), ("xlsx", "en"), ("xlsx", "it")]


@pytest.mark.parametrize(("form", "language"), FILES)
def test_a_file_fills_an_emptied_base_with_what_was_in_it(
    lived_in: User, form: str, language: str
) -> None:
    """The one exception is the code: another house's, so each gets a new one (E6)."""
    lived_in.language = language
    lived_in.save()
    before = everybody()
    assert len(before) == 6
    file = export(lived_in, form)
    again = bring_back(lived_in, file, on_match="overwrite", empties=True)
    assert counts(again) == {"unchanged": 6}, reasons(again)
    assert everybody() == before
    Contact.objects.all().delete()
    batch = bring_back(lived_in, file)
    assert counts(batch) == {"created": 6}, reasons(batch)
    assert batch.counts["others"] == 0
    after = everybody()
    for who, facts in before.items():
        for key, value in facts.items():
            assert after[who][key] == value, (who, key)
    assert after == before
    undo(batch, lived_in)
    assert not Contact.objects.exists()


def test_a_company_of_the_file_is_found_by_the_code_it_has_there(alice: User) -> None:
    """Its own code is another one, which may be that of somebody else in the file."""
    content = (
        "Type,Code,Company name,Last name,Company 1,Company 1 code\n"
        "Person,,,Verdi,Beta,C-00001\n"
        "Company,C-00002,Alfa,,,\n"
        "Company,C-00001,Beta,,,\n"
        "Person,,,Rossi,,C-00002\n"
        "Person,,,Neri,Gamma,C-00003\n"
    )
    batch = bring_in(alice, content, "all")
    assert batch.report["counts"] == {"c": 5}
    assert batch.report["others"] == batch.counts["others"] == 1  # Gamma
    assert counts(batch) == {"created": 5}, reasons(batch)
    ties = Employment.objects.values_list("person__last_name", "company__name")
    assert sorted(ties) == [("Neri", "Gamma"), ("Rossi", "Alfa"), ("Verdi", "Beta")]


def test_a_mixed_file_goes_on_where_it_broke_off(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the middle of the people, when the companies are in."""
    content = (
        "Type,Code,Company name,Last name,Company 1 code\n"
        "Person,,,Verdi,K-1\nCompany,K-1,Alfa,,\nPerson,,,Rossi,K-2\nCompany,K-2,Beta,,\n"
    )
    batch = actions.start_import(check(receive(alice, content, "all"), alice), actor=alice)
    monkeypatch.setattr("crm.exchange.importing.work.CHUNK", 1)
    store, stored = running._store, count(1)

    def break_off(*args: Any) -> None:
        if next(stored) == 4:
            raise RuntimeError
        store(*args)

    monkeypatch.setattr(running, "_store", break_off)
    job = _claim(batch.job.pk) if batch.job else None
    assert job
    with pytest.raises(RuntimeError):
        running.import_rows(Run(job))
    lines = batch.rows.order_by("pk").values_list("line", flat=True)
    assert list(lines) == [3, 5, 2]
    running.import_rows(Run(job))
    assert list(lines.all()) == [3, 5, 2, 4]
    ties = Employment.objects.values_list("person__last_name", "company__name")
    assert sorted(ties) == [("Rossi", "Beta"), ("Verdi", "Alfa")]


def test_a_code_of_another_numbering_gives_nobody_another_employer(alice: User) -> None:
    make_company("Alfa", owner=alice)
    make_company("Beta", owner=alice)
    content = "Last name,Company 1,Company 1 code\nVerdi,Beta,C-00001\nRossi,Alfa,C-00001\n"
    batch = bring_in(alice, content, "people")
    assert counts(batch) == {"created": 1, "rejected": 1}
    assert "C-00001 is not called “Beta”" in reasons(batch)[2]


def test_a_company_that_is_changed_and_gets_staff_by_the_same_file_goes_back(alice: User) -> None:
    old = make_company("Alfa", owner=alice)
    content = (
        "Type,Company name,VAT id,Last name,Company 1\n"
        "Person,,,Verdi,Alfa\nCompany,Alfa,IT1234567,,\nPerson,,,Rossi,Alfa\n"
    )
    batch = bring_in(alice, content, "all")
    assert counts(batch) == {"created": 2, "updated": 1}, reasons(batch)
    foreseen = foresee(batch)
    assert [foreseen[key] for key in ("deleted", "restored", "stay")] == [2, 1, 0]
    undo(batch, alice)
    assert Contact.objects.get() == old
    assert Contact.objects.get().vat_id == ""
