"""Small real files of every sort, made on the spot."""

import io
import struct
import zipfile
import zlib

import openpyxl
from PIL import Image


def picture(form: str = "PNG", size: tuple[int, int] = (40, 30), color: str = "teal") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, form)
    return out.getvalue()


def pdf(words: str = "canary") -> bytes:
    """One page, written by hand with a correct table of objects."""
    stream = f"BT /F1 24 Tf 40 100 Td ({words}) Tj ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R"
            b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>"
        ),
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
    ]
    out = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table
    return out + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        start,
    )


def archive(**files: str) -> bytes:
    return zipped({name.replace("__", "."): text for name, text in files.items()})


def zipped(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as writer:
        for name, text in files.items():
            writer.writestr(_timeless(name), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _timeless(name: str) -> zipfile.ZipInfo:
    """Without the moment of its making: two archives of the same files have the same bytes."""
    return zipfile.ZipInfo(name)


def docx(*more: str) -> bytes:
    parts = ("[Content_Types].xml", "_rels/.rels", "word/document.xml", *more)
    return zipped(dict.fromkeys(parts, "<?xml version='1.0'?><x/>"))


def xlsx() -> bytes:
    out = io.BytesIO()
    book = openpyxl.Workbook()
    book.active["A1"] = "canary"
    book.save(out)
    book.close()
    return out.getvalue()


def odt() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as writer:
        writer.writestr(_timeless("mimetype"), "application/vnd.oasis.opendocument.text")
        writer.writestr(_timeless("content.xml"), "<x/>")
    return out.getvalue()


def bomb() -> bytes:
    """Ten megabytes of zeros in ten kilobytes, and a name that climbs out of its folder."""
    return zipped({"../../etc/passwd": "\0" * 10_000_000})


def exe() -> bytes:
    head = b"MZ" + b"\0" * 58 + struct.pack("<I", 64)
    return head + b"PE\0\0" + b"\x4c\x01" + b"\0" * 200


def giant_png() -> bytes:
    """Says it is 50,000 × 50,000, and holds hardly anything."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        code = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + code

    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


def ole(stream: str) -> bytes:
    mark = bytes.fromhex("d0cf11e0a1b11ae1")
    return mark + b"\0" * 1000 + stream.encode("utf-16-le") + b"\0" * 99


HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><rect/></svg>'
SHELL = b"#!/bin/sh\nrm -rf /\n"
TEXT = "Perché no? שלום\n<b>canary</b>\n".encode()
