"""The kinds of content we know by name: what each is called, drawn as and served as."""

from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OCTETS = "application/octet-stream"
PROGRAM = "application/x-executable"
OLE = "application/x-ole-storage"
OOXML = "application/vnd.openxmlformats-officedocument"
ODF = "application/vnd.oasis.opendocument"


class Family(Enum):
    PICTURE = "picture"
    PDF = "pdf"
    TEXT = "text"
    DOCUMENT = "document"
    SHEET = "sheet"
    SLIDES = "slides"
    ARCHIVE = "archive"
    MAIL = "mail"
    MEDIA = "media"
    OTHER = "other"


LOOKS: dict[Family, tuple[str | Promise, str]] = {
    Family.PICTURE: (_("Picture"), "file-earmark-image"),
    Family.PDF: (_("PDF"), "file-earmark-pdf"),
    Family.TEXT: (_("Text"), "file-earmark-text"),
    Family.DOCUMENT: (_("Document"), "file-earmark-text"),
    Family.SHEET: (_("Spreadsheet"), "file-earmark-spreadsheet"),
    Family.SLIDES: (_("Presentation"), "file-earmark"),
    Family.ARCHIVE: (_("Archive"), "file-earmark-zip"),
    Family.MAIL: (_("E-mail"), "envelope"),
    Family.MEDIA: (_("Sound or video"), "file-earmark"),
    Family.OTHER: (_("File"), "file-earmark"),
}


@dataclass(frozen=True)
class FileType:
    """`is_served` False: the browser is told "octets", so that nothing in it ever runs there."""

    content_type: str
    family: Family
    is_served: bool = True
    is_inline: bool = False

    @property
    def label(self) -> str | Promise:
        return LOOKS[self.family][0]

    @property
    def icon(self) -> str:
        return LOOKS[self.family][1]

    @property
    def served_as(self) -> str:
        return self.content_type if self.is_served else OCTETS


def _family(family: Family, *names: str, is_served: bool = True) -> list[FileType]:
    return [FileType(name, family, is_served) for name in names]


_ALL = [
    *(
        FileType(name, Family.PICTURE, is_inline=True)
        for name in ("image/png", "image/jpeg", "image/gif", "image/webp")
    ),
    *_family(Family.PICTURE, "image/bmp", "image/tiff", "image/heif"),
    *_family(Family.PICTURE, "image/svg+xml", is_served=False),
    FileType("application/pdf", Family.PDF, is_inline=True),
    *_family(Family.TEXT, "text/plain", "text/calendar", "text/vcard"),
    *_family(Family.TEXT, "text/html", "text/xml", is_served=False),
    *_family(
        Family.DOCUMENT,
        f"{OOXML}.wordprocessingml.document",
        "application/vnd.ms-word.document.macroenabled.12",
        f"{ODF}.text",
        "application/msword",
        "application/rtf",
        "application/epub+zip",
    ),
    *_family(
        Family.SHEET,
        f"{OOXML}.spreadsheetml.sheet",
        "application/vnd.ms-excel.sheet.macroenabled.12",
        "application/vnd.ms-excel.sheet.binary.macroenabled.12",
        f"{ODF}.spreadsheet",
        "application/vnd.ms-excel",
    ),
    *_family(
        Family.SLIDES,
        f"{OOXML}.presentationml.presentation",
        "application/vnd.ms-powerpoint.presentation.macroenabled.12",
        f"{ODF}.presentation",
        "application/vnd.ms-powerpoint",
    ),
    *_family(
        Family.ARCHIVE,
        "application/zip",
        "application/x-7z-compressed",
        "application/vnd.rar",
        "application/gzip",
        "application/x-bzip2",
        "application/x-xz",
        "application/x-tar",
    ),
    *_family(Family.MAIL, "message/rfc822", "application/vnd.ms-outlook", is_served=False),
    *_family(
        Family.MEDIA,
        "audio/mpeg",
        "audio/wav",
        "audio/ogg",
        "audio/flac",
        "audio/mp4",
        "video/mp4",
        "video/quicktime",
        "video/webm",
        "video/x-msvideo",
    ),
    *_family(Family.OTHER, "image/x-dwg", OLE, is_served=False),
]
TYPES: dict[str, FileType] = {kind.content_type: kind for kind in _ALL}
UNKNOWN = FileType(OCTETS, Family.OTHER)
THUMBNAILED = frozenset(
    {"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/tiff"}
    | {"application/pdf"}
)


def type_of(content_type: str) -> FileType:
    return TYPES.get(content_type, UNKNOWN)
