from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as rules
from hypothesis import strategies as st

from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.documents.actions import add_document
from crm.documents.models import Document
from crm.documents.names import clean_name
from crm.documents.tasks import make_thumbnail
from tests.documents import samples
from tests.documents.conftest import Keep

As = Callable[[str], Client]


def get(client: Client, url: str, **headers: str) -> Any:
    """The answer, read to its end (which closes it); `body` holds its bytes."""
    response: Any = client.get(url, headers=headers)
    streamed = response.streaming
    response.body = b"".join(response.streaming_content) if streamed else response.content
    return response


def download(client: Client, document: Document, **headers: str) -> Any:
    return get(client, reverse("document_download", args=[document.pk]), **headers)


def test_a_download_is_sealed_and_nobody_keeps_it(keep: Keep, as_: As) -> None:
    response = download(as_("alice"), keep(samples.pdf(), "חוזה 1.pdf"))
    assert response.body == samples.pdf()
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Length"] == str(len(samples.pdf()))
    assert response["Content-Disposition"] == (
        f"attachment; filename*=utf-8''{quote('חוזה 1.pdf')}"
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert response["Cache-Control"] == "private, no-store"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_reader_who_unpacks_gzip_still_learns_the_length(keep: Keep, as_: As) -> None:
    response = download(as_("alice"), keep(b"x" * 5000), **{"Accept-Encoding": "gzip"})
    assert response["Content-Length"] == "5000"
    assert response.body == b"x" * 5000


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (samples.HTML, "page.html"),
        (samples.SVG, "logo.svg"),
        (samples.HTML, "photo.png"),
        (b"<?xml version='1.0'?><x/>", "x.xml"),
    ],
    ids=["html", "svg", "html as png", "xml"],
)
def test_what_could_run_is_only_ever_octets_in_an_attachment(
    keep: Keep, as_: As, data: bytes, name: str
) -> None:
    document = keep(data, name)
    response = download(as_("alice"), document)
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
    inline = reverse("document_version_inline", args=[document.current.pk])
    assert get(as_("alice"), inline).status_code == 404


def test_a_picture_and_a_pdf_are_shown_in_the_page(keep: Keep, as_: As) -> None:
    for data, name, policy in (
        (samples.picture(), "a.png", "sandbox"),
        (samples.pdf(), "a.pdf", "default-src 'none'"),
    ):
        version = keep(data, name).current
        response = get(as_("alice"), reverse("document_version_inline", args=[version.pk]))
        assert response.body == data
        assert response["Content-Type"] == version.content_type
        assert response["Content-Disposition"].startswith("inline")
        assert response["Content-Security-Policy"].startswith(policy)
        assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
        assert response["X-Frame-Options"] == "SAMEORIGIN"


def test_what_has_not_changed_is_not_sent_again(keep: Keep, as_: As) -> None:
    document = keep()
    etag = download(as_("alice"), document)["ETag"]
    again = download(as_("alice"), document, **{"If-None-Match": etag})
    assert again.status_code == 304
    assert not again.body
    assert again["Cache-Control"] == "private, no-store"


def test_a_file_lost_by_the_storage_is_404_and_no_crash(keep: Keep, as_: As) -> None:
    document = keep()
    default_storage.delete(document.current.file.name)
    assert download(as_("alice"), document).status_code == 404
    assert get(as_("alice"), document.get_absolute_url()).status_code == 200


def test_no_local_path_is_assumed(settings: Any, company: Contact, alice: User, as_: As) -> None:
    """The storage in memory has no paths, as S3 has none."""
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    }
    document = add_document(company, SimpleUploadedFile("a.png", samples.picture()), actor=alice)
    make_thumbnail(document.current.pk)
    assert download(as_("alice"), document).body == samples.picture()
    small = get(as_("alice"), reverse("document_thumbnail", args=[document.pk]))
    assert small.body.startswith(b"RIFF")
    assert small["Cache-Control"] == "private, no-cache"


@rules(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(st.text(st.one_of(st.characters(), st.sampled_from('"\\;\r\n%\u202e')), max_size=60))
def test_no_name_breaks_out_of_the_header(keep: Keep, as_: As, raw: str) -> None:
    document = keep()
    Document.objects.filter(pk=document.pk).update(name=clean_name(raw))
    header = download(as_("alice"), document)["Content-Disposition"]
    assert header.startswith("attachment; filename")
    assert header.isascii()
    assert not set(header) & set("\r\n")
    document.delete()
