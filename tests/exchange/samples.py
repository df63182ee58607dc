"""Files as people and programs make them, and some as attackers do."""

import base64
import zlib
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

XLS = zlib.decompress(  # of Excel 97: "Clienti", two rows, a date and a number
    base64.b85decode(
        "c-rk)O=uHA6#i!OAJR05sn7}~6s#Icig@wTrrMgG5^6p8gHThOLuky(c0K6DY7KZ11W$^WLOpn?dhrJp^yWcm(Ss"
        "lei5}}kQ1H-Zee*Jrv??^9h3bCGym|B9%$v9S=FRNx;zGDQd%vTCHRy)}Rm%r=gG^BI)f*v@-m)ZHuf0?(8=DF~F"
        "9p)=!jqO)9vMR!?+P^BbG{%7e4ugyXOPj0x!4Bc0Q-;?(uY2x0=GyKL_2#GVS0+`7N&Q(=ToKwEV;_GkNTFyaV#V"
        "=@qKC)AJw{87lgF?kjK1Z$sV-frCh}qu8CS-7xo+ZY+;irI-LQ`fdV?5E9MN@ZpCf*fuW(^bh`H#p^PX6dk$Z%81"
        "SW@)z4$Ld}HMTB>%Qr?)i<}OF>*KzpgofX;>#YNlIu%+$l943>NaaqM2W&d~mDGCQU{^opS+$dDARAXhCEPw56xA"
        "rg_%LntA{j)u*QNvBL=?QAkk7lx`G0`Q^^fJ4I;KPSL^{6d*c56H7kKc@!d7m+yRjogN=aj<IB#PlwtWvR%3i3m4"
        "@G8XRPe##CzJ%<pD;iLGv9zJqC$7CF`3BW;RF&2XQ~tnH?G_A=ficQo)ji7zc3dem9^nA}DD{BY%bbpCB}7F~3vP"
        "0)CG&7ep0h?_Sg9w+OyQ2Wh$rtLrNJzg!Oe7Dp=*@_jJZG<q>T1!41@uQ`wXH{!CsO3<$#4l_Kw&hg)1>2(N;2HT"
        "Q$W8?QMQL&Aiihm<YY{x)2RhJje*0m=h7B7wY}l}2<9~-xZ{7~|?(I@<_8#?LXN5}D{!Q}FViY=ECVf;MM3HI(=b"
        "BnSTj3IQTVkDK>i-KRj?nA|CNa)_Og6oK>B~$s-p{%RhW=a%H9LQ`89)E>{NDlK-`$e"
    )
)
CONTENT = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
    '<office:spreadsheet><table:table table:name="Clienti">{rows}</table:table>'
    "</office:spreadsheet></office:body></office:document-content>"
)
MANIFEST = '<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def make_xlsx(path: Path, *sheets: tuple[str, list[list[Any]]]) -> Path:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def make_ods(path: Path, *rows: list[str], before: str = "") -> Path:
    """Every cell is text; `before` is XML of rows before them."""
    xml = before + "".join(
        "<table:table-row>"
        + "".join(
            '<table:table-cell office:value-type="string">'
            f"<text:p>{cell}</text:p></table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    members = {"mimetype": ODS_TYPE, "META-INF/manifest.xml": MANIFEST}
    return make_zip(path, {**members, "content.xml": CONTENT.format(rows=xml)})


def make_zip(path: Path, members: dict[str, str | bytes]) -> Path:
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def lie_about_sizes(path: Path, name: str, size: int) -> None:
    """Let the directory of the archive claim that `name` is `size` bytes long."""
    with ZipFile(path) as archive:
        true = archive.getinfo(name).file_size.to_bytes(4, "little")
    content = path.read_bytes()
    assert true in content
    path.write_bytes(content.replace(true, size.to_bytes(4, "little")))
