"""Files in a bucket instead of a folder: the settings' own storage, against the smallest S3 that
does what it needs, in this process."""

import runpy
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from crm.contacts.models import Contact
from crm.documents.actions import add_document
from crm.documents.models import UnclaimedFile
from crm.documents.tasks import delete_unclaimed_file
from crm.records.actions import purge_record, trash_record

pytestmark = pytest.mark.django_db


class Bucket(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    held: dict[str, bytes]

    def answer(self, status: int, body: bytes = b"", *, length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.send_header("ETag", '"1"')
        self.send_header("Last-Modified", "Sat, 28 Nov 2026 10:00:00 GMT")
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self) -> None:
        self.held[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(200)

    def do_HEAD(self) -> None:
        content = self.held.get(self.path)
        self.answer(404 if content is None else 200, length=len(content or b""))

    def do_GET(self) -> None:
        content = self.held.get(self.path)
        self.answer(404) if content is None else self.answer(200, content)

    def do_DELETE(self) -> None:
        self.held.pop(self.path, None)
        self.answer(204)

    def log_message(self, *_told: Any) -> None:
        pass


@pytest.fixture
def bucket(settings: Any, monkeypatch: Any) -> Iterator[dict[str, bytes]]:
    handler = type("OneBucket", (Bucket,), {"held": {}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    for name, value in {
        "STORAGE_BACKEND": "s3",
        "AWS_STORAGE_BUCKET_NAME": "papers",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_S3_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}",
        "AWS_S3_REGION_NAME": "eu-south-1",
    }.items():
        monkeypatch.setenv(name, value)
    place = Path(settings.BASE_DIR, "crm", "settings", "__init__.py")
    settings.STORAGES = runpy.run_path(str(place), run_name="crm.settings")["STORAGES"]
    yield handler.held
    server.shutdown()
    server.server_close()


def test_files_go_to_the_bucket_come_back_and_end_there(
    as_: Any, company: Contact, alice: Any, bucket: dict[str, bytes]
) -> None:
    paper = add_document(company, SimpleUploadedFile("a.txt", b"Ciao"), actor=alice)
    (path,) = bucket
    assert path.startswith("/papers/")
    assert "Ciao" in bucket[path].decode()
    answer = as_("alice").get(reverse("document_download", args=[paper.pk]))
    assert b"".join(answer.streaming_content) == b"Ciao"
    assert as_("carol").get(reverse("document_download", args=[paper.pk])).status_code == 404
    trash_record(company, actor=alice)
    purge_record(Contact.objects.get(pk=company.pk), actor=alice)
    UnclaimedFile.objects.update(due_at=timezone.now())
    for row in UnclaimedFile.objects.all():
        delete_unclaimed_file(row.pk)
    assert bucket == {}


def test_no_address_of_the_bucket_is_open_to_the_world(bucket: dict[str, bytes]) -> None:
    storage: Any = storages["default"]
    assert storage.default_acl is None
    assert "X-Amz-Signature" in storage.url("a.txt") or "Signature=" in storage.url("a.txt")
