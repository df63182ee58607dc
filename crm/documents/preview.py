"""The beginning of a text file as text to show; the template escapes it."""

import codecs
import logging
from dataclasses import dataclass

from crm.documents.models import DocumentVersion

log = logging.getLogger(__name__)
MAX_BYTES = 256 * 1024
MAX_LINES = 2000


@dataclass(frozen=True)
class TextPreview:
    text: str
    is_cut: bool


def text_preview(version: DocumentVersion) -> TextPreview | None:
    """None when it is no text, or the storage has lost it."""
    if not version.is_text:
        return None
    try:
        with version.file.open("rb") as file:
            head = file.read(MAX_BYTES)
    except FileNotFoundError:
        log.error("Stored file %s is missing", version.file.name)
        return None
    lines = decode(head).splitlines()
    is_cut = version.size > MAX_BYTES or len(lines) > MAX_LINES
    return TextPreview("\n".join(lines[:MAX_LINES]), is_cut)


def decode(head: bytes) -> str:
    """By its mark, as UTF-8, else as the old Western encoding, which reads anything."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", "replace")
    try:
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(head)
    except UnicodeDecodeError:
        text = head.decode("cp1252", "replace")
    return text.replace("\0", "")
