"""Bringing companies and people in: what is made, what is matched, what is told (E6)."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.accounts.models import Team, User
from crm.contacts.models import Area, Contact, Employment
from crm.exchange.models import Import
from crm.records.actions import save_record
from crm.records.models import CustomField, Event, Tag
from crm.records.models.custom import forget_custom_fields
from tests.exchange.importing import as_csv, bring_in, check, counts, reasons, receive, run
from tests.factories import make_company

pytestmark = pytest.mark.django_db

FIRMS = (
    "Company name,VAT id,City,Phone 1,E-mail 1\n"
    "Rossi Srl,IT01234567890,Roma,06 1234567,info@rossi.example\n"
    "Bianchi SpA,IT09876543210,Milano,02 7654321,info@bianchi.example\n"
)
HEADINGS = "Code,Company name,VAT id,E-mail 1"
WHOLE = "C-00001,F.I.A.T. S.p.A.,,info@fiat.example"
ONE, TWO = "IT111111", "IT222222"
OVER = {"on_match": "overwrite"}


def test_a_file_becomes_records_and_again_creates_nothing(alice: User) -> None:
    batch = bring_in(alice, FIRMS)
    assert counts(batch) == {"created": 2}
    rossi = Contact.objects.get(name="Rossi Srl")
    assert (rossi.number, rossi.city, rossi.phone) == ("C-00001", "Roma", "06 1234567")
    assert Event.objects.get(object_id=rossi.pk).verb == "imported"
    again = bring_in(alice, FIRMS)
    assert counts(again) == {"unchanged": 2}
    assert Contact.objects.count() == 2


RULES: list[tuple[str, dict[str, Any], str, str, str, str]] = [
    # what it shows, rules, VAT id before, line of the file, what becomes of it, VAT id after
    ("by its code", {}, "", "C-00001,Anything,IT999,", "updated", "IT999"),
    ("by VAT id", {}, ONE, ",Other name,111111,", "unchanged", ONE),
    ("by e-mail", {}, "", ",Other name,IT999,info@fiat.example", "updated", "IT999"),
    ("by its name without legal form", {}, "", ",FIAT srl,IT999,", "updated", "IT999"),
    ("another VAT id is another company", {}, ONE, ",FIAT,IT222222,", "created", ONE),
    ("what is there stays", {}, ONE, "C-00001,FIAT,,", "unchanged", ONE),
    ("skip", {"on_match": "skip"}, "", ",FIAT,IT999,", "skipped", ""),
    ("overwrite", OVER, ONE, "C-00001,FIAT,IT222222,", "updated", TWO),
    ("create another", {"on_match": "create"}, "", ",FIAT,IT999,", "created", ""),
    ("an empty cell deletes nothing", OVER, ONE, WHOLE, "unchanged", ONE),
    ("an empty cell deletes if told", OVER | {"empties": True}, ONE, WHOLE, "updated", ""),
    ("a code nobody has is left out", {}, "", "X-7,New one,,", "created", ""),
    ("or rejected", {"keeps_unknown_codes": False}, "", "X-7,New one,,", "rejected", ""),
    ("a name that does not count", {"keys": ["number"]}, "", ",FIAT,IT999,", "created", ""),
]


@pytest.mark.parametrize(("shows", "rules", "before", "line", "becomes", "after"), RULES)
def test_the_rules(
    alice: User, shows: str, rules: Any, before: str, line: str, becomes: str, after: str
) -> None:
    there = make_company(
        "F.I.A.T. S.p.A.", owner=alice, vat_id=before, emails=["info@fiat.example"]
    )
    batch = bring_in(alice, f"{HEADINGS}\n{line}\n", **rules)
    assert counts(batch) == {becomes: 1}, reasons(batch)
    there.refresh_from_db()
    assert (there.number, there.vat_id) == ("C-00001", after)
    made = Contact.objects.exclude(pk=there.pk)
    assert made.count() == (becomes == "created")
    assert all(one.number == "C-00002" for one in made)  # no code is ever adopted


def test_what_is_not_clear_is_told_and_not_guessed(alice: User) -> None:
    make_company("Alfa", owner=alice, vat_id="IT11111111111")
    make_company("Beta", owner=alice, vat_id="IT22222222222")
    make_company("Beta srl", owner=alice)
    batch = bring_in(
        alice,
        "Code,Company name,VAT id\n"
        "C-00001,Alfa,IT22222222222\n"  # a code of one, a VAT id of another
        ",Beta,\n"  # two of the same name
        "K-1,Gamma,IT33333333333\n"
        "K-1,Delta,\n"  # the same code twice
        ",Gamma spa,IT33333333333\n"  # the same company twice
        ",,IT44444444444\n",  # no name
    )
    assert counts(batch) == {"created": 1, "rejected": 5}
    told = reasons(batch)
    assert "C-00001, C-00002" in told[2]
    assert "C-00002, C-00003" in told[3]
    assert "Line 4" in told[5]
    assert "Line 4" in told[6]
    assert "Company name" in told[7]


def test_the_same_digits_in_another_country_are_another_vat_id(alice: User) -> None:
    make_company("Fântâna SRL", owner=alice, vat_id="RO123456789")
    file = "Company name,VAT id,City\nTab Ltd,GB123456789,London\nFontana,123456789,Roma\n"
    assert counts(bring_in(alice, file)) == {"created": 1, "rejected": 1}
    assert reasons(Import.objects.get())[3] == "It may be any of these: C-00001, line 2."
    file = "Company name,VAT id,City\nFântâna,RO 123456789,Roma\n"
    assert counts(bring_in(alice, file)) == {"updated": 1}


def test_a_record_stays_in_a_team_to_which_one_could_not_give_it(alice: User, team: Team) -> None:
    other = Team.objects.create(name="Night shift")
    make_company("Fiat", owner=alice, team=other)
    make_company("Rossi", owner=alice, team=team)
    batch = bring_in(
        alice,
        "Company name,Team,City\n"
        "Fiat,Night shift,Torino\n"  # is there already
        "Rossi,Night shift,Milano\n"
        "Verdi,Night shift,Roma\n"
        "Bianchi,Nobody's,Pisa\n",
        on_match="overwrite",
    )
    assert counts(batch) == {"updated": 1, "rejected": 3}
    assert Contact.objects.get(name="Fiat").city == "Torino"
    told = reasons(batch)
    assert told[3] == told[4] == "There is no team “Night shift” that you are in."
    assert told[5].endswith("There is no team “Nobody's” that you are in.")


def test_a_check_stores_nothing_and_foretells_the_run(alice: User) -> None:
    make_company("Rossi", owner=alice, vat_id="IT55555555555")
    make_company("Bianchi", owner=alice)
    batch = check(receive(alice, FIRMS + ",IT1,,,\n"), alice)
    assert Contact.objects.count() == 2
    assert batch.report["counts"] == {"c": 1, "u": 1, "r": 1}
    first, second, third = batch.report["samples"]
    assert [one["outcome"] for one in (first, second, third)] == ["r", "u", "c"]
    assert third["alike"][0]["pk"] == Contact.objects.get(name="Rossi").pk
    assert counts(run(batch, alice)) == {"created": 1, "updated": 1, "rejected": 1}


def test_what_one_may_not_see_or_change_is_neither_revealed_nor_touched(
    alice: User, bob: User, carol: User, team: Team
) -> None:
    hidden = make_company("Secret", owner=carol, vat_id="IT11111111111")
    closed = make_company(
        "Closed", owner=bob, team=team, vat_id="IT22222222222", is_restricted=True
    )
    seen = make_company("Seen", owner=bob, team=team, vat_id="IT33333333333")  # not to be changed
    before = list(Contact.objects.order_by("pk").values("pk", "name", "version", "notes"))
    content = (
        "Code,Company name,VAT id,Notes\n"
        f"{hidden.number},Secret,IT11111111111,mine\n"
        f"{closed.number},Closed,IT22222222222,mine\n"
        f"{seen.number},Seen,IT33333333333,mine\n"
    )
    batch = check(receive(alice, content), alice, on_match="overwrite")
    told = str(batch.report)
    assert batch.report["counts"] == {"c": 3}
    assert str(hidden.pk) not in [str(x["pk"]) for s in batch.report["samples"] for x in s["alike"]]
    assert [len(one["alike"]) for one in batch.report["samples"]] == [0, 0, 1], told
    assert counts(run(batch, alice)) == {"created": 3}
    kept = Contact.objects.filter(pk__in=[hidden.pk, closed.pk, seen.pk]).order_by("pk")
    assert list(kept.values("pk", "name", "version", "notes")) == before


def test_people_come_with_their_company_once(alice: User) -> None:
    acme = make_company("Acme S.p.A.", owner=alice)
    content = (
        "First name,Last name,Company 1,Company 1 function,E-mail 1\n"
        "Anna,Bianchi,ACME,Buyer,anna@acme.example\n"
        "Marco,Verdi,Nuova srl,Owner,marco@nuova.example\n"
        "Luca,Neri,Nuova,,\n"
        "Luca,Neri,Acme,,\n"  # another of the same name
    )
    batch = bring_in(alice, content, "people")
    assert counts(batch) == {"created": 4}, reasons(batch)
    assert batch.counts["others"] == 1
    nuova = Contact.objects.get(name="Nuova srl")
    assert sorted(str(tie.person) for tie in nuova.staff.all()) == ["Luca Neri", "Marco Verdi"]
    assert acme.staff.get(person__name="Anna Bianchi").function == "Buyer"
    told = Event.objects.filter(object_id=acme.pk).latest("pk")
    assert [change["field"] for change in told.changes] == ["staff"]
    acme.refresh_from_db()
    assert acme.version == 2
    again = bring_in(alice, content, "people")
    assert counts(again) == {"unchanged": 4}, reasons(again)
    assert Employment.objects.count() == 4
    none = bring_in(alice, "Last name,Company 1\nRossi,Nowhere\n", "people", adds_others=False)
    assert counts(none) == {"rejected": 1}


def test_what_an_import_makes_is_what_the_form_would_have_made(alice: User, team: Team) -> None:
    tag = Tag.objects.create(name="fair")
    area = Area.objects.create(name_en="North")
    CustomField.objects.create(kind="contact", key="units", type="number", name_en="Units")
    forget_custom_fields("contact")

    def write(contact: Contact) -> None:
        contact.phones.create(number="06 1234567", use="mobile")
        contact.emails.create(address="info@rossi.example")
        contact.addresses.create(street="Via Roma 1", city="Roma", country="IT")
        contact.areas.set([area])
        contact.tags.set([tag])

    by_hand = Contact(
        name="Rossi Srl", aliases=["RSI"], vat_id="IT01234567890", notes="two\nlines\\", owner=alice
    )
    by_hand.custom = {"units": 2.5}
    save_record(by_hand, actor=alice, write=write)
    cells = {
        "Company name": "Rossi Srl",
        "Also known as": "RSI",
        "VAT id": "IT01234567890",
        "Notes": "two\nlines\\",
        "Units": "2.5",
        "Phone 1": "06 1234567",
        "Phone 1 use": "Mobile",
        "E-mail 1": "info@rossi.example",
        "Address 1 street and number": "Via Roma 1",
        "Address 1 city": "Roma",
        "Address 1 country": "Italy",
        "Geographic areas": "North",
        "Tags": "fair",
    }
    lines = [list(cells), list(cells.values())]
    batch = bring_in(alice, as_csv(lines), on_match="create")
    assert counts(batch) == {"created": 1}, reasons(batch)
    imported = Contact.objects.exclude(pk=by_hand.pk).get()
    by_hand = Contact.objects.get(pk=by_hand.pk)
    own = {"id", "number", "created_at", "updated_at", "search"}
    for field in Contact._meta.concrete_fields:
        if field.name not in own:
            both = [getattr(one, field.attname) for one in (imported, by_hand)]
            assert both[0] == both[1], field.name
    assert imported.search.replace("00002", "00001") == by_hand.search
    for relation in ("phones", "emails", "addresses", "areas", "tags"):
        rows = [list(map(str, getattr(one, relation).all())) for one in (imported, by_hand)]
        assert rows[0] == rows[1], relation
    events = [Event.objects.get(object_id=one.pk) for one in (imported, by_hand)]
    for name in ("actor", "changes", "entry", "content_type"):
        assert getattr(events[0], name) == getattr(events[1], name)
    assert (events[0].verb, events[0].text) == ("imported", "c.csv")


def test_owners_are_told_once_in_all(admin: User, alice: User) -> None:
    lines = "".join(f"Firm {n},IT{n:09}\n" for n in range(1, 6))
    bring_in(admin, f"Company name,VAT id\n{lines}", owner=alice.pk)
    assert Contact.objects.filter(owner=alice).count() == 5
    assert alice.notifications.count() == 1
    assert not admin.notifications.exists()


def test_what_json_writes_with_a_backslash_is_kept_as_it_was_typed(alice: User) -> None:
    CustomField.objects.create(kind="contact", key="share", type="text", name_en="Share")
    forget_custom_fields("contact")
    odd = r"C:\u0000\\u0000 \\"
    batch = bring_in(alice, as_csv([["Company name", "Share"], ["Rossi", odd]]))
    assert counts(batch) == {"created": 1}, reasons(batch)
    assert Contact.objects.get().custom == {"share": odd}
    make_company("Verdi", owner=alice)
    batch = bring_in(alice, as_csv([["Company name", "Notes"], ["Verdi", odd]]))
    assert counts(batch) == {"updated": 1}, reasons(batch)
    assert Event.objects.latest("pk").changes[0]["new"] == odd


def test_words_that_are_no_tag_together_are_looked_for_once(alice: User) -> None:
    Tag.objects.create(name="fair")
    Tag.objects.create(name="north")
    lines = [["Company name", "Tags"], *([f"Firm {n}", "fair; north"] for n in range(5))]
    batch = receive(alice, as_csv(lines))
    with CaptureQueriesContext(connection) as queries:
        check(batch, alice)
    asked = [query["sql"] for query in queries if 'FROM "records_tag"' in query["sql"]]
    assert len([sql for sql in asked if '"key" =' in sql]) == 3
    assert counts(run(batch, alice)) == {"created": 5}
    assert Contact.objects.filter(tags__name="north").count() == 5


def test_the_longest_name_is_found_again(alice: User) -> None:
    content = as_csv([["Company name"], ["x" * 200]])
    bring_in(alice, content)
    assert counts(bring_in(alice, content)) == {"unchanged": 1}
