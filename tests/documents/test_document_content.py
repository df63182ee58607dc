import io
import random
import struct
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.documents.content import content_type_of
from crm.documents.filetypes import OCTETS, OOXML, PROGRAM, TYPES, type_of
from tests.documents import samples

DOCX = f"{OOXML}.wordprocessingml.document"
XLSX = f"{OOXML}.spreadsheetml.sheet"


def sniffed(data: bytes) -> str:
    return content_type_of(io.BytesIO(data))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (samples.picture("PNG"), "image/png"),
        (samples.picture("JPEG"), "image/jpeg"),
        (samples.picture("GIF"), "image/gif"),
        (samples.picture("WEBP"), "image/webp"),
        (samples.picture("BMP"), "image/bmp"),
        (samples.picture("TIFF"), "image/tiff"),
        (samples.pdf(), "application/pdf"),
        (b"\0\x01junk\n" + samples.pdf(), "application/pdf"),
        (samples.docx(), DOCX),
        (samples.docx("word/vbaProject.bin"), "application/vnd.ms-word.document.macroenabled.12"),
        (samples.xlsx(), XLSX),
        (samples.odt(), "application/vnd.oasis.opendocument.text"),
        (samples.archive(a__txt="hello"), "application/zip"),
        (samples.archive(a__exe="hello"), "application/zip"),
        (samples.bomb(), "application/zip"),
        (samples.zipped({"AndroidManifest.xml": "x"}), PROGRAM),
        (samples.ole("WordDocument"), "application/msword"),
        (samples.ole("Workbook"), "application/vnd.ms-excel"),
        (samples.ole("__nameid_version1.0"), "application/vnd.ms-outlook"),
        (samples.exe(), PROGRAM),
        (b"\x7fELF\x02\x01\x01" + b"\0" * 50, PROGRAM),
        (samples.SHELL, PROGRAM),
        (samples.HTML, "text/html"),
        (b"  \n<!-- x --><HTML><body>", "text/html"),
        ("<script>alert(1)</script>".encode("utf-16"), "text/html"),
        (b"\xef\xbb\xbf<html>", "text/html"),
        (samples.SVG, "image/svg+xml"),
        (b'<?xml version="1.0"?><!DOCTYPE svg><svg></svg>', "image/svg+xml"),
        (b'<?xml version="1.0"?><invoice/>', "text/xml"),
        (samples.TEXT, "text/plain"),
        (b"MZ is how this note begins", "text/plain"),
        ("שלום".encode("cp1255"), "text/plain"),
        (b"BEGIN:VCARD\r\nEND:VCARD", "text/vcard"),
        (b"Received: from a by b\r\nSubject: x\r\n\r\nhi", "message/rfc822"),
        (b"\0\x01\x02\x03" * 20, OCTETS),
        (b"7z\xbc\xaf'\x1c\0\4" + b"\0" * 30, "application/x-7z-compressed"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "video/mp4"),
    ],
)
def test_the_bytes_say_what_a_file_is(data: bytes, expected: str) -> None:
    assert sniffed(data) == expected


@pytest.mark.parametrize("data", [samples.HTML, samples.SVG, b"<?xml version='1.0'?><x/>"], ids=str)
def test_what_a_browser_might_run_is_served_as_octets(data: bytes) -> None:
    kind = type_of(sniffed(data))
    assert kind.served_as == OCTETS
    assert not kind.is_inline


def test_only_pictures_and_pdf_are_shown_in_the_page() -> None:
    inline = {name for name, kind in TYPES.items() if kind.is_inline}
    assert inline == {
        *("image/png", "image/jpeg", "image/gif", "image/webp"),
        "application/pdf",
    }


def test_an_archive_with_a_giant_list_of_names_is_not_read() -> None:
    entry = b"PK\x01\x02" + b"\0" * 42
    directory = entry * 600_000  # 27 MB that would become gigabytes of objects
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(directory), 30, 0)
    started = time.monotonic()
    assert sniffed(b"PK\x03\x04" + b"\0" * 26 + directory + end) == "application/zip"
    assert time.monotonic() - started < 1


def test_noise_is_octets() -> None:
    noise = random.Random(7).randbytes(50_000)
    assert sniffed(b"\0" + noise) == OCTETS


@given(st.binary(min_size=1, max_size=400))
def test_any_bytes_have_a_type_and_never_an_error(data: bytes) -> None:
    file = io.BytesIO(data)
    assert content_type_of(file) in {*TYPES, PROGRAM, OCTETS}
    assert file.tell() == 0


@given(st.sampled_from([b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1"), b"%PDF-"]), st.binary())
def test_a_broken_container_is_no_error(mark: bytes, rest: bytes) -> None:
    assert sniffed(mark + rest)


@given(st.data())
def test_a_damaged_office_file_is_no_error(data: st.DataObject) -> None:
    whole = samples.docx()
    at = data.draw(st.integers(0, len(whole) - 1))
    broken = whole[:at] + data.draw(st.binary(min_size=1, max_size=8)) + whole[at + 1 :]
    assert sniffed(broken)
