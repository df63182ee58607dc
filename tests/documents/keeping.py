"""Files as somebody uploads them, and what is told and owed of them."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from crm.contacts.models import Contact
from crm.documents import tasks
from crm.documents.models import DocumentVersion, UnclaimedFile
from crm.records.models import Event
from tests.documents import samples


def upload(data: bytes = samples.TEXT, name: str = "canary.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="image/png")


def told(record: Contact) -> list[tuple[str, str]]:
    events = Event.objects.filter(object_id=record.pk, verb__startswith="document_")
    return list(events.order_by("pk").values_list("verb", "text"))


def content(version: DocumentVersion) -> bytes:
    with version.file.open("rb") as file:
        return file.read()


def delete_what_is_owed() -> None:
    """What the worker does after a purge."""
    for pk in UnclaimedFile.objects.filter(due_at__lte=timezone.now()).values_list("pk", flat=True):
        tasks.delete_unclaimed_file(pk)
