"""The leak crawl (E11, B42): a canary word in a restricted record is looked for, as an outsider,
in every page, search, picker, history, file, job and export."""

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import openpyxl
import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from crm.accounts.models import User
from crm.contacts.actions import save_employment
from crm.contacts.likeness import find_likenesses
from crm.contacts.merging.merge import Wish, merge_contacts
from crm.contacts.models import Contact, Employment, Likeness
from crm.documents.actions import add_document
from crm.exchange.models import Import
from crm.records import actions
from crm.records.lists import record_lists
from crm.records.lookups import lookup_names
from crm.records.models import Job, Pointer, Record, Tag, record_kinds
from crm.records.tasks import run_job
from tests.factories import BUILDERS, make_company, make_person
from tests.house.routes import addresses

pytestmark = pytest.mark.django_db
CANARY = "Zyxcanary"
WORDS = (CANARY, CANARY.lower(), CANARY.upper())


@pytest.fixture
def hidden(alice: User, admin: User) -> list[Record]:
    """Restricted records of every kind with all that can hang on one, each full of the canary."""
    made: list[Record] = []
    for kind in record_kinds():
        record = BUILDERS[kind](f"{CANARY} {kind}", owner=alice, is_restricted=True, actor=alice)
        actions.tag_record(record, actor=alice, add=[Tag.objects.create(name=f"{CANARY} {kind}")])
        actions.add_entry(record, actor=alice, entry="note", text=f"{CANARY} said no")
        actions.assign_record(record, admin, actor=alice)
        actions.assign_record(record, alice, actor=admin)
        add_document(
            record,
            SimpleUploadedFile(f"{CANARY}.txt", f"{CANARY} inside".encode()),
            actor=alice,
        )
        made.append(record)
    made.append(_trashed(alice))
    _merged(alice)
    return made


def _merged(alice: User) -> None:
    """And two that look like them, one of which became part of the other."""
    place = {"owner": alice, "is_restricted": True, "actor": alice}
    keys = [make_company(f"{CANARY} contact {form}", **place).pk for form in ("srl", "spa")]
    merge_contacts(Wish(tuple(keys), keys[0]), actor=alice)
    find_likenesses()
    assert Likeness.objects.exists()


def _trashed(alice: User) -> Record:
    record = make_company(f"{CANARY} trashed", owner=alice, is_restricted=True, actor=alice)
    return actions.trash_record(record, actor=alice)


@pytest.fixture
def neighbour(hidden: list[Record], carol: User, alice: User) -> Contact:
    """A record that Carol does see and that is tied to the hidden ones."""
    company = make_company("Plain neighbour", owner=carol, actor=carol)
    person = make_person(f"{CANARY}son", owner=alice, is_restricted=True, actor=alice)
    save_employment(Employment(company=company, person=person, role=f"{CANARY} role"), actor=alice)
    return company


def crawl(client: Client, **also: list[Any]) -> Iterator[tuple[str, Any]]:
    """Every address with every row of ours in its places, by GET."""
    keys = {pk for model in apps.get_models() for pk in _some_keys(model)}
    values: dict[str, list[Any]] = {
        "pk": sorted(keys),
        "kind": list(record_kinds()),
        "name": [*lookup_names(), "assign", "tag", "trash"],
        "token": ["x"],
        "type_": ["customers"],
        "form": ["csv"],
    }
    for url in addresses(values | also):
        if not url.endswith("/logout/"):
            yield url, client.get(url)
        if not any(character.isdigit() for character in url):
            yield f"{url}?q={CANARY}", client.get(url, {"q": CANARY})


def _some_keys(model: Any) -> list[int]:
    interesting = issubclass(model, (Record, Pointer)) or model in (Employment, Import, Job)
    related = any(
        field.related_model and issubclass(field.related_model, (Record, Pointer))
        for field in model._meta.get_fields()
        if field.is_relation and isinstance(field.related_model, type)
    )
    if not (interesting or related) or model._meta.pk.attname != "id":
        return []
    most = 20 if issubclass(model, Record) else 4
    return list(model.objects.order_by("-pk").values_list("pk", flat=True)[:most])


def body(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode(errors="replace") + str(answer.headers)


def without_question(text: str) -> str:
    """The page may repeat the word that was asked for: in its own search box and links."""
    for repeated in (
        f"q={CANARY}",
        f"name={CANARY}",
        f"q%3D{CANARY}",
        f'value="{CANARY}"',
        f"“{CANARY}”",
        f"\\u201c{CANARY}\\u201d",
    ):
        text = text.replace(repeated, "")
    return text


def leaks(answers: Iterator[tuple[str, Any]]) -> Iterator[str]:
    for url, answer in answers:
        assert answer.status_code < 500, url
        text = without_question(body(answer))
        if any(word in text for word in WORDS):
            yield f"{answer.status_code} {url}"


def test_an_outsider_meets_the_canary_nowhere(
    as_: Callable[[str], Client], neighbour: Contact, hidden: list[Record]
) -> None:
    assert list(leaks(crawl(as_("carol")))) == []


def test_a_teammate_meets_it_nowhere_either(
    as_: Callable[[str], Client], neighbour: Contact, hidden: list[Record], bob: User
) -> None:
    Contact.objects.filter(pk__in=[record.pk for record in hidden]).update(team=bob.teams.get())
    assert list(leaks(crawl(as_("bob")))) == []


def test_the_crawl_itself_finds_it_for_its_owner(
    as_: Callable[[str], Client], hidden: list[Record]
) -> None:
    """A crawl that finds nothing for anybody would prove nothing."""
    places = {"/contacts/", "/search/", "/lookup/company/", "/history/", "/documents/"}
    for line in leaks(crawl(as_("alice"))):
        page = line.split(" ", 1)[1].split("?")[0]
        places = {place for place in places if not page.startswith(place)}
        if not places:
            break
    assert places == set()


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_an_export_of_an_outsider_has_no_canary(
    as_: Callable[[str], Client], hidden: list[Record], neighbour: Contact, format_: str
) -> None:
    for who, expected in (("carol", False), ("alice", True)):
        params = {"all": "1", "query": "tab=customers", "format": format_, "sure": "1"}
        as_(who).post(reverse("export_start", args=["contact"]), params)
        job = Job.objects.latest("pk")
        run_job(job.pk)
        job.refresh_from_db()
        assert job.state == Job.State.DONE, job.message
        assert (CANARY in _export_text(job)) == expected


def _export_text(job: Job) -> str:
    if job.file_name.endswith(".csv"):
        with job.file.open() as stored:
            return str(stored.read().decode("utf-8-sig"))
    with job.file.open() as stored:
        sheet = openpyxl.load_workbook(io.BytesIO(stored.read())).active
    return str([list(row) for row in sheet.iter_rows(values_only=True)])


def test_a_tag_is_shared_as_soon_as_one_sees_a_record_that_carries_it(
    as_: Callable[[str], Client], hidden: list[Record], carol: User
) -> None:
    tag = Tag.objects.create(name="shared")
    actions.tag_record(hidden[0], actor=None, add=[tag])
    address, lookup = f"/contacts/?tags={tag.pk}", reverse("lookup", args=["tag"])
    page = as_("carol").get(address)
    assert page.status_code == 422
    assert "shared" not in page.content.decode() + as_("carol").get(lookup).content.decode()

    own = make_company("Plain", owner=carol, actor=carol)
    actions.tag_record(own, actor=carol, add=[tag])
    page = as_("carol").get(address).content.decode()
    assert "shared" in page
    assert "shared" in as_("carol").get(lookup).content.decode()
    assert CANARY not in page


def test_unseen_and_missing_answer_alike(
    as_: Callable[[str], Client], hidden: list[Record]
) -> None:
    client = as_("carol")
    unseen = client.get(hidden[0].get_absolute_url())
    missing = client.get(hidden[0].get_absolute_url().replace(str(hidden[0].pk), "999999999"))
    assert unseen.status_code == missing.status_code == 404
    texts = [
        re.sub(r'content="[A-Za-z0-9]{64}"|value="[A-Za-z0-9]{64}"', "", body(answer))
        for answer in (unseen, missing)
    ]
    assert texts[0] == texts[1]


def test_lists_of_every_kind_start_at_visible_to() -> None:
    for record_list in record_lists().values():
        assert "visible_to" in record_list.rows_for.__func__.__code__.co_names
