"""What a file is, told from its bytes alone: the sender's word and the name's ending lie.

Nothing is unpacked here: of an archive only the list of names is read, within bounds.
"""

import re
import struct
import zipfile
from typing import BinaryIO

import puremagic

from crm.documents.filetypes import ODF, OLE, OOXML, PROGRAM, TYPES, UNKNOWN

HEAD = 16 * 1024
TAIL = 64 * 1024 + 22  # the longest end record of a ZIP file
MAX_DIRECTORY = 2 * 1024 * 1024  # of a ZIP file; more is not an office document
OLE_MARK = bytes.fromhex("d0cf11e0a1b11ae1")
LINK_MARK = bytes.fromhex("4c0000000114020000000000c000000000000046")

SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"BEGIN:VCARD", "text/vcard"),
    (0, b"BEGIN:VCALENDAR", "text/calendar"),
)
PROGRAMS = (
    *(b"\x7fELF", b"#!", LINK_MARK, b"dex\n", b"\xca\xfe\xba\xbe"),
    *(bytes.fromhex(mark) for mark in ("feedface", "feedfacf", "cefaedfe", "cffaedfe")),
)
# The same thing under the names that puremagic's sources give it.
SYNONYMS = {
    "application/x-gzip": "application/gzip",
    "audio/wave": "audio/wav",
    "audio/x-wav": "audio/wav",
    "image/x-ms-bmp": "image/bmp",
    "video/avi": "video/x-msvideo",
}
OFFICE = {
    "word/document.xml": f"{OOXML}.wordprocessingml.document",
    "xl/workbook.xml": f"{OOXML}.spreadsheetml.sheet",
    "xl/workbook.bin": "application/vnd.ms-excel.sheet.binary.macroenabled.12",
    "ppt/presentation.xml": f"{OOXML}.presentationml.presentation",
}
MACROS = {
    "word/vbaProject.bin": "application/vnd.ms-word.document.macroenabled.12",
    "xl/vbaProject.bin": "application/vnd.ms-excel.sheet.macroenabled.12",
    "ppt/vbaProject.bin": "application/vnd.ms-powerpoint.presentation.macroenabled.12",
}
OLE_STREAMS = {
    "WordDocument": "application/msword",
    "Workbook": "application/vnd.ms-excel",
    "PowerPoint Document": "application/vnd.ms-powerpoint",
    "__nameid_version1.0": "application/vnd.ms-outlook",
}
MARKUP = re.compile(
    rb"<\s*(!doctype\s+html|html|head|body|script|iframe|meta|title|style|img|table|a\s|!--)",
    re.IGNORECASE,
)
MAIL_HEAD = re.compile(
    rb"(return-path|received|delivered-to|mime-version|message-id|from): ", re.IGNORECASE
)
CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")


def content_type_of(file: BinaryIO) -> str:
    """A key of TYPES, PROGRAM, or octets when nobody knows. Leaves the file at its start."""
    file.seek(0)
    head = file.read(HEAD)
    found = _told_by_signature(head) or _told_by_container(head, file) or _told_by_text(head)
    file.seek(0)
    return found or _told_by_puremagic(head)


def _told_by_signature(head: bytes) -> str:
    if head.startswith(PROGRAMS) or (head.startswith(b"MZ") and not is_text(head)):
        return PROGRAM
    for offset, mark, name in SIGNATURES:
        if head.startswith(mark, offset):
            return name
    if head.startswith(b"BM") and head[6:10] == bytes(4):
        return "image/bmp"
    if b"%PDF-" in head[:1024] and not is_text(head):
        return "application/pdf"  # readers allow a little rubbish before the mark
    return ""


def _told_by_container(head: bytes, file: BinaryIO) -> str:
    if head.startswith(b"PK\x03\x04"):
        return _told_by_zip(file)
    if head.startswith(OLE_MARK):
        return _told_by_ole(file)
    return ""


def _told_by_zip(file: BinaryIO) -> str:
    if not _has_small_directory(file):
        return "application/zip"
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            first = archive.infolist()[0] if names else None
            if first and first.filename == "mimetype" and first.file_size < 100:
                return _open_document(archive.read(first)[:100].decode("ascii", "replace"))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, OSError):
        return "application/zip"
    if "AndroidManifest.xml" in names:
        return PROGRAM
    if "[Content_Types].xml" not in names:
        return "application/zip"
    known = [kind for table in (MACROS, OFFICE) for part, kind in table.items() if part in names]
    return known[0] if known else "application/zip"


def _open_document(name: str) -> str:
    known = name.startswith(ODF) or name == "application/epub+zip"
    return name if known and name in TYPES else "application/zip"


def _has_small_directory(file: BinaryIO) -> bool:
    """A list of a million names costs hundreds of megabytes to read: look at its size first."""
    size = file.seek(0, 2)
    start = max(0, size - TAIL)
    file.seek(start)
    tail = file.read(TAIL)
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 22 or tail[max(0, end - 20) :].startswith(b"PK\x06\x07"):
        return False
    (length,) = struct.unpack_from("<I", tail, end + 12)
    return bool(length <= MAX_DIRECTORY)


def _told_by_ole(file: BinaryIO) -> str:
    """Old Office files and Outlook messages: their streams are named in UTF-16."""
    marks = {name.encode("utf-16-le"): kind for name, kind in OLE_STREAMS.items()}
    overlap = max(len(mark) for mark in marks)
    file.seek(0)
    rest = b""
    while chunk := file.read(1024 * 1024):
        window = rest + chunk
        for mark, kind in marks.items():
            if mark in window:
                return kind
        rest = window[-overlap:]
    return OLE


def _told_by_text(head: bytes) -> str:
    if not is_text(head):
        return ""
    # UTF-16 markup is markup too: NULs and marks aside, the letters are the same.
    letters = head.replace(b"\0", b"").lstrip(b"\xff\xfe\xef\xbb\xbf \t\r\n")
    start = letters[:2048].lower()
    if start.startswith(b"<") and b"<svg" in letters.lower():
        return "image/svg+xml"
    if MARKUP.search(start):
        return "text/html"
    if start.startswith((b"<?xml", b"<!doctype", b"<")):
        return "text/xml"
    return "message/rfc822" if MAIL_HEAD.match(start) else "text/plain"


def is_text(head: bytes) -> bool:
    """UTF-16 by its mark; else no control characters, whatever the encoding: an old Hebrew text is
    nearly all high bytes, while something binary hardly ever goes without a zero."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decodes(head, "utf-16")
    return not CONTROLS.search(head)


def _decodes(head: bytes, encoding: str) -> bool:
    """True also when the last character is cut off by the end of the head."""
    try:
        head.decode(encoding)
    except UnicodeDecodeError as problem:
        return len(head) >= HEAD and problem.start > len(head) - 4
    return True


def _told_by_puremagic(head: bytes) -> str:
    try:
        matches = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return UNKNOWN.content_type
    for match in matches:
        name = SYNONYMS.get(match.mime_type, match.mime_type)
        # What is drawn or run is only ever known by our own, stricter marks.
        if name in TYPES and match.confidence >= 0.3 and not TYPES[name].is_inline:
            return name if not name.startswith("text/") else UNKNOWN.content_type
    return UNKNOWN.content_type
