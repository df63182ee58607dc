"""A file is exactly as visible as its record, on every address and at every moment (B43)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.accounts.models import User
from crm.accounts.rights import set_right
from crm.contacts.models import Contact
from crm.documents import thumbnails
from crm.documents.actions import add_document, replace_document, trash_document
from crm.documents.models import Document, DocumentVersion
from crm.documents.tasks import make_thumbnail
from crm.records.actions import trash_record
from tests.documents import samples

As = Callable[[str], Client]
CANARY = "canary-7431"
TOKENS = re.compile(r'(csrf-token" content|csrfmiddlewaretoken" value)="[^"]*"')
READS = [
    "document_panel",
    "document_preview",
    "document_download",
    "document_thumbnail",
    "document_version_preview",
    "document_version_download",
    "document_version_inline",
    "document_version_download (old)",
    "document_version_preview (old)",
    "document_version_inline (old)",
]
CHANGES = [
    "document_upload",
    "document_rename",
    "document_replace",
    "document_trash",
    "document_restore",
]
FORMS = ["document_rename", "document_replace"]


@pytest.fixture
def document(company: Contact, alice: User, monkeypatch: pytest.MonkeyPatch) -> Document:
    """Two versions: a picture, and a newer PDF. Both have thumbnails."""
    monkeypatch.setattr(thumbnails, "draw", lambda _data: b"small")
    first = SimpleUploadedFile(f"{CANARY}.png", samples.picture())
    document = add_document(company, first, actor=alice)
    second = SimpleUploadedFile(f"{CANARY}.pdf", samples.pdf(CANARY))
    replace_document(document, second, actor=alice)
    for version in document.versions.all():
        make_thumbnail(version.pk)
    document.refresh_from_db()
    return document


def address(name: str, document: Document) -> str:
    plain = name.removesuffix(" (old)")
    if plain in {"document_panel", "document_upload"}:
        return reverse(plain, args=["contact", document.object_id])
    if plain.startswith("document_version"):
        newest, oldest = document.versions.all()
        return reverse(plain, args=[(oldest if name.endswith("(old)") else newest).pk])
    return reverse(plain, args=[document.pk])


def send(client: Client, name: str, document: Document) -> Any:
    if name == "document_restore":
        Document.objects.filter(pk=document.pk).update(trashed_at=document.created_at)
    data: dict[str, Any] = {
        "document_upload": {"files": SimpleUploadedFile("new.txt", b"new")},
        "document_rename": {"name": "New"},
        "document_replace": {"file": SimpleUploadedFile("new.txt", b"new")},
    }.get(name, {})
    return client.post(address(name, document), data)


def get(client: Client, url: str, **options: Any) -> Any:
    """The answer, read to its end (which closes it); `body` is its text."""
    response: Any = client.get(url, **options)
    data = b"".join(response.streaming_content) if response.streaming else response.content
    response.body = TOKENS.sub("", data.decode("utf-8", "replace"))
    return response


@pytest.mark.parametrize("name", READS)
@pytest.mark.parametrize(("who", "status"), [("alice", 200), ("bob", 200), ("carol", 404)])
def test_who_sees_the_record_sees_its_files(
    document: Document, as_: As, request: Any, name: str, who: str, status: int
) -> None:
    request.getfixturevalue(who)
    response = get(as_(who), address(name, document))
    assert response.status_code == status
    if status == 404:
        assert CANARY not in response.body
        assert CANARY not in str(response.headers)


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize(("who", "status"), [("alice", (201, 302)), ("bob", 403), ("carol", 404)])
def test_who_may_change_the_record_changes_its_files(
    document: Document, as_: As, name: str, who: str, status: Any
) -> None:
    before = list(DocumentVersion.objects.values_list("pk", "document__name"))
    response = send(as_(who), name, document)
    assert response.status_code in (status if isinstance(status, tuple) else (status,))
    if who != "alice":
        assert list(DocumentVersion.objects.values_list("pk", "document__name")) == before
        assert CANARY not in response.content.decode()


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize(("who", "status"), [("alice", 200), ("bob", 403), ("carol", 404)])
def test_who_may_not_change_is_not_shown_the_form(
    document: Document, as_: As, name: str, who: str, status: int
) -> None:
    assert get(as_(who), address(name, document)).status_code == status


@pytest.mark.parametrize("name", READS + CHANGES)
def test_nobody_comes_in_without_signing_in(document: Document, name: str) -> None:
    client = Client()
    for response in (client.get(address(name, document)), client.post(address(name, document))):
        assert response.status_code in {302, 405}
        assert CANARY not in response.content.decode()
        if response.status_code == 302:
            assert "/login/" in response["Location"]


@pytest.mark.parametrize("name", READS)
def test_what_only_reads_takes_no_post(document: Document, as_: As, name: str) -> None:
    assert as_("alice").post(address(name, document)).status_code == 405


@pytest.mark.parametrize("name", sorted(set(CHANGES) - set(FORMS)))
def test_verbs_are_post_only(document: Document, as_: As, name: str) -> None:
    assert get(as_("alice"), address(name, document)).status_code == 405


@pytest.mark.parametrize("name", READS + FORMS)
def test_the_unseen_is_told_like_the_missing(
    document: Document, as_: As, name: str, settings: Any
) -> None:
    """Same status, same words, same number of statements."""
    there = address(name, document)
    client = as_("carol")
    pk = there.strip("/").split("/")[2 if "version" in there else 1]
    nowhere = there.replace(f"/{pk}/", "/987654321/") if "/on/" not in there else None
    if nowhere is None:
        nowhere = reverse("document_panel", args=["contact", 987654321])
    unseen, missing = get(client, there), get(client, nowhere)
    assert (unseen.status_code, missing.status_code) == (404, 404)
    assert unseen.body == missing.body


def test_unseen_and_missing_cost_the_same(document: Document, as_: As) -> None:
    client = as_("carol")
    get(client, "/documents/1/")
    costs = []
    for pk in (document.pk, 987654321):
        with CaptureQueriesContext(connection) as captured:
            get(client, reverse("document_download", args=[pk]))
        costs.append(len(captured))
    assert costs[0] == costs[1]


@pytest.mark.parametrize("name", READS)
def test_a_restricted_record_hides_its_files_at_once(
    document: Document, company: Contact, as_: As, name: str
) -> None:
    client = as_("bob")
    assert get(client, address(name, document)).status_code == 200
    company.is_restricted = True
    company.save()
    response = get(client, address(name, document))
    assert response.status_code == 404
    assert CANARY not in response.body


def test_whoever_is_listed_on_a_restricted_record_reads_and_does_not_write(
    document: Document, company: Contact, carol: User, as_: As
) -> None:
    company.is_restricted = True
    company.save()
    company.viewers.add(carol)
    assert get(as_("carol"), address("document_download", document)).status_code == 200
    assert send(as_("carol"), "document_trash", document).status_code == 403


def test_a_revoked_right_counts_from_the_next_request(
    document: Document, bob: User, as_: As
) -> None:
    client = as_("bob")
    assert get(client, address("document_download", document)).status_code == 200
    set_right(bob.role, "contact", view="none")
    assert get(client, address("document_download", document)).status_code == 404


@pytest.mark.parametrize("name", READS)
def test_a_record_in_the_trash_hides_its_files(
    document: Document, company: Contact, alice: User, as_: As, name: str
) -> None:
    trash_record(company, actor=alice)
    assert get(as_("alice"), address(name, document)).status_code == 404


@pytest.mark.parametrize("name", sorted({*READS, *FORMS} - {"document_panel"}))
def test_a_document_in_the_trash_is_not_served(
    document: Document, alice: User, as_: As, name: str
) -> None:
    trash_document(document, actor=alice)
    assert get(as_("alice"), address(name, document)).status_code == 404


def test_only_those_who_may_restore_see_what_is_in_the_trash(
    document: Document, alice: User, as_: As
) -> None:
    trash_document(document, actor=alice)
    assert CANARY in get(as_("alice"), address("document_panel", document)).body
    assert CANARY not in get(as_("bob"), address("document_panel", document)).body


def test_an_etag_of_earlier_days_opens_no_door(document: Document, as_: As) -> None:
    url = address("document_download", document)
    etag = get(as_("alice"), url)["ETag"]
    assert get(as_("alice"), url, headers={"If-None-Match": etag}).status_code == 304
    assert get(as_("carol"), url, headers={"If-None-Match": etag}).status_code == 404


def test_lists_and_searches_start_at_the_same_place(
    document: Document, alice: User, bob: User, carol: User, admin: User
) -> None:
    for user, count in ((alice, 1), (bob, 1), (admin, 1), (carol, 0)):
        assert Document.objects.visible_to(user).count() == count
        assert DocumentVersion.objects.visible_to(user).count() == 2 * count


def test_an_unknown_kind_or_a_pointer_to_nothing_is_404(document: Document, as_: As) -> None:
    client = as_("alice")
    assert get(client, reverse("document_panel", args=["spaceship", 1])).status_code == 404
    Document.objects.filter(pk=document.pk).update(object_id=987654321)
    for name in ("document_preview", "document_download", "document_version_download"):
        assert get(client, address(name, document)).status_code == 404


def test_no_address_of_the_storage_itself_is_served(document: Document, as_: As) -> None:
    for prefix in ("/", "/media/", "/files/", "/static/"):
        response = get(as_("admin"), prefix + document.current.file.name)
        assert response.status_code == 404


def test_the_administration_shows_documents_and_changes_none(document: Document, as_: As) -> None:
    client = as_("admin")
    assert CANARY in get(client, reverse("admin:documents_document_changelist")).body
    page = get(client, reverse("admin:documents_document_change", args=[document.pk]))
    assert page.status_code == 200
    assert document.current.file.name not in page.body
    for verb in ("add", "delete"):
        args = [document.pk] if verb == "delete" else []
        url = reverse(f"admin:documents_document_{verb}", args=args)
        assert client.post(url, {"post": "yes"}).status_code == 403
