"""Stops writing an upload to disk once it is larger than any file may be."""

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class OverlongFile(UploadedFile):
    """Knows how long the file would have been, and holds nothing of it."""

    def __init__(self, name: str, size: int) -> None:
        super().__init__(ContentFile(b""), name, size=size)


class LongFilesHandler(FileUploadHandler):
    """First of FILE_UPLOAD_HANDLERS: those behind it see no more than MAX_UPLOAD_MB."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= settings.MAX_UPLOAD_MB * 1024 * 1024 else None

    def file_complete(self, file_size: int) -> UploadedFile | None:
        if file_size <= settings.MAX_UPLOAD_MB * 1024 * 1024:
            return None
        handlers = self.request.upload_handlers if self.request else []
        for handler in handlers:  # nobody else closes what they have begun
            begun = getattr(handler, "file", None)
            if begun is not None:
                begun.close()
        return OverlongFile(self.file_name or "", file_size)
