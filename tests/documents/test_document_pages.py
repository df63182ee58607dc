from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.documents.actions import replace_document, trash_document
from crm.documents.models import Document
from crm.documents.panel import PAGE_SIZE, VERSIONS_IN_LIST
from tests.documents import samples
from tests.documents.conftest import Keep

As = Callable[[str], Client]


def upload(client: Client, company: Contact, *files: SimpleUploadedFile, **headers: str) -> Any:
    url = reverse("document_upload", args=["contact", company.pk])
    return client.post(url, {"files": list(files)}, headers=headers)


def good(name: str = "good.txt", data: bytes = b"good") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


MOST_OF_THE_PANEL = 4  # statements
BAD = SimpleUploadedFile("setup.exe", samples.exe())


def test_several_files_come_in_one_request(as_: As, company: Contact) -> None:
    response = upload(as_("alice"), company, good("a.txt", b"a"), good("b.txt", b"b"))
    assert response.status_code == 302
    assert response["Location"] == company.get_absolute_url()
    assert set(Document.objects.values_list("name", flat=True)) == {"a.txt", "b.txt"}


def test_a_bad_file_is_told_and_does_not_take_the_good_one_along(as_: As, company: Contact) -> None:
    response = upload(as_("alice"), company, good(), BAD)
    assert response.status_code == 422
    page = response.content.decode()
    assert "“setup.exe” is a program or a script" in page
    assert "“good.txt” was added." in page
    assert list(Document.objects.values_list("name", flat=True)) == ["good.txt"]


def test_a_script_gets_json_with_a_sentence_per_file(as_: As, company: Contact) -> None:
    BAD.seek(0)
    answer = upload(as_("alice"), company, good(), BAD, Accept="application/json")
    assert answer.status_code == 422
    data = answer.json()
    assert [bool(result["id"]) for result in data["results"]] == [True, False]
    assert len(data["errors"]) == 1
    again = upload(as_("alice"), company, good("again.txt"), Accept="application/json")
    assert again.status_code == 201
    assert again.json()["notes"] == [
        "“again.txt” is kept; the same file is already here as “good.txt”."
    ]


def test_no_file_at_all_is_told(as_: As, company: Contact) -> None:
    response = upload(as_("alice"), company)
    assert response.status_code == 422
    assert "Choose at least one file." in response.content.decode()


def test_a_file_over_the_limit_is_told_and_not_written_to_disk(
    as_: As, company: Contact, settings: Any, stored: Any
) -> None:
    settings.MAX_UPLOAD_MB = 1
    big = good("big.bin", b"\0" * (3 * 1024 * 1024))
    response = upload(as_("alice"), company, big, Accept="application/json")
    assert response.json()["errors"] == ["“big.bin” is larger than 1 MB."]
    assert not stored()


def test_the_panel_is_a_page_and_a_partial(as_: As, company: Contact, keep: Keep) -> None:
    keep()
    url = reverse("document_panel", args=["contact", company.pk])
    page = as_("bob").get(url).content.decode()
    assert "<html" in page
    assert "canary.txt" in page
    assert "dropzone" not in page  # bob may look only
    partial = as_("alice").get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in partial
    assert "dropzone" in partial
    headers = {"HX-Request": "true", "HX-Target": "documents-list"}
    assert "dropzone" not in as_("alice").get(url, headers=headers).content.decode()


@pytest.mark.parametrize("number", [0, 1, PAGE_SIZE + 2])
def test_the_panel_takes_few_statements_however_many_files_there_are(
    as_: As,
    company: Contact,
    alice: User,
    keep: Keep,
    number: int,
    django_assert_max_num_queries: Any,
) -> None:
    for place in range(number):
        document = keep(b"%d" % place, f"{place}.txt")
        replace_document(document, good(data=b"new %d" % place), actor=alice)
        trash_document(keep(b"old %d" % place, f"old {place}.txt"), actor=alice)
    url = reverse("document_panel", args=["contact", company.pk])
    for who, has_trash in (("alice", number > 0), ("bob", False)):
        client = as_(who)
        client.get(url)
        with django_assert_max_num_queries(MOST_OF_THE_PANEL):
            page = client.get(url, headers={"HX-Request": "true"}).content.decode()
        assert page.count("2 versions") == min(number, PAGE_SIZE)
        counted = f'<span class="count">{number}</span>'
        assert page.count(counted) == bool(number) + has_trash


def test_many_documents_come_a_page_at_a_time(as_: As, company: Contact, keep: Keep) -> None:
    for number in range(PAGE_SIZE + 3):
        keep(b"%d" % number, f"paper {number:02}.txt")
    url = reverse("document_panel", args=["contact", company.pk])
    client = as_("alice")
    first = client.get(url, headers={"HX-Request": "true"})
    assert len(first.context["documents"]) == PAGE_SIZE
    assert f'<span class="count">{PAGE_SIZE + 3}</span>' in first.content.decode()
    more = f"{url}?at={first.context['page'].older}"
    rows = client.get(more, headers={"HX-Request": "true"}).content.decode()
    assert "paper 00.txt" in rows
    assert 'id="documents-list"' not in rows
    page = client.get(more)
    assert len(page.context["documents"]) == 3
    assert 'rel="prev"' in page.content.decode()


def test_a_full_trash_comes_a_page_at_a_time(
    as_: As, company: Contact, alice: User, keep: Keep
) -> None:
    for number in range(PAGE_SIZE + 3):
        trash_document(keep(b"%d" % number, f"paper {number:02}.txt"), actor=alice)
    url = reverse("document_panel", args=["contact", company.pk])
    client = as_("alice")
    first = client.get(url, headers={"HX-Request": "true"})
    assert len(first.context["trashed"]) == PAGE_SIZE
    more = f"{url}?trash_at={first.context['trash_page'].older}"
    rows = client.get(more, headers={"HX-Request": "true"}).content.decode()
    assert "paper 00.txt" in rows
    assert client.get(more).status_code == 200
    assert "paper 00.txt" not in as_("bob").get(more).content.decode()


def test_many_versions_are_few_in_the_list_and_paged_on_the_page(
    as_: As, company: Contact, alice: User, keep: Keep
) -> None:
    document = keep(b"first")
    for number in range(PAGE_SIZE + 1):
        replace_document(document, good(data=b"new %d" % number), actor=alice)
    client = as_("alice")
    panel = client.get(reverse("document_panel", args=["contact", company.pk])).content.decode()
    assert panel.count("Download version") == VERSIONS_IN_LIST
    assert f"{PAGE_SIZE + 2} versions" in panel
    url = reverse("document_preview", args=[document.pk])
    first = client.get(url)
    assert len(first.context["versions"]) == PAGE_SIZE
    rest = client.get(f"{url}?versions_at={first.context['versions_page'].older}")
    assert [version.number for version in rest.context["versions"]] == [2, 1]


@pytest.mark.parametrize("name", ["at", "trash_at"])
@pytest.mark.parametrize("at", ["x", "e30", "\x00", "WyJhIiwiMjAyNi0wMi0zMCIsMV0"])
def test_a_place_that_cannot_be_is_not_found(as_: As, company: Contact, name: str, at: str) -> None:
    url = reverse("document_panel", args=["contact", company.pk])
    assert as_("alice").get(url, {name: at}).status_code == 404


def test_an_empty_panel_says_what_would_be_here(as_: As, company: Contact) -> None:
    url = reverse("document_panel", args=["contact", company.pk])
    assert "No documents yet" in as_("alice").get(url).content.decode()


def test_a_text_is_shown_escaped_and_only_its_beginning(as_: As, keep: Keep) -> None:
    document = keep(samples.HTML + b"\n" + b"line\n" * 5000, "page.html")
    page = as_("alice").get(document.get_absolute_url()).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert "Only the beginning is shown" in page
    assert page.count("line\n") <= 2000


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (samples.picture(), "a.png", '<img class="viewer-image"'),
        (samples.pdf(), "a.pdf", '<iframe class="viewer"'),
        (samples.SVG, "a.svg", "&lt;svg"),
        (samples.docx(), "a.docx", "There is no preview of this file"),
        ("שלום".encode("utf-16"), "a.txt", "שלום"),
    ],
    ids=["png", "pdf", "svg", "docx", "utf-16"],
)
def test_each_type_has_its_preview(
    as_: As, keep: Keep, data: bytes, name: str, expected: str
) -> None:
    page = as_("alice").get(keep(data, name).get_absolute_url()).content.decode()
    assert expected in page


def test_a_rename_that_says_nothing_comes_back_with_the_sentence(as_: As, keep: Keep) -> None:
    document = keep()
    url = reverse("document_rename", args=[document.pk])
    response = as_("alice").post(url, {"name": " "})
    assert response.status_code == 422
    assert "field-error" in response.content.decode()
    assert as_("alice").post(url, {"name": "New name"}).status_code == 302
    document.refresh_from_db()
    assert document.name == "New name.txt"


def test_a_refused_new_version_comes_back_with_the_sentence(as_: As, keep: Keep) -> None:
    document = keep()
    url = reverse("document_replace", args=[document.pk])
    for file in (BAD, good("canary.txt", samples.TEXT), good("empty.txt", b""), None):
        if file:
            file.seek(0)
        response = as_("alice").post(url, {"file": file} if file else {})
        assert response.status_code == 422
        assert "field-error" in response.content.decode()
    assert document.versions.count() == 1
    assert as_("alice").post(url, {"file": good()}).status_code == 302
    assert document.versions.count() == 2


def test_trashing_offers_to_undo(as_: As, keep: Keep) -> None:
    document = keep()
    headers = {"HX-Request": "true", "HX-Target": "documents-list"}
    url = reverse("document_trash", args=[document.pk])
    response = as_("alice").post(url, headers=headers)
    assert response.status_code == 200
    undo = reverse("document_restore", args=[document.pk])
    assert undo in response["HX-Trigger"]
    assert as_("alice").post(undo).status_code == 302
    document.refresh_from_db()
    assert not document.is_trashed
