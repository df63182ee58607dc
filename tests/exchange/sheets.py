"""Reads what an export wrote as XLSX."""

import io
from xml.etree import ElementTree
from zipfile import ZipFile


def sheet(content: bytes) -> tuple[list[list[tuple[str, str]]], str]:
    """[[(cell type, value)]] of the first sheet, and its XML."""
    place = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    xml = ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    rows = []
    for row in ElementTree.fromstring(xml).iter(f"{place}row"):
        cells = []
        for cell in row.iter(f"{place}c"):
            kind = cell.get("t", "n")
            cells.append((kind, "".join(cell.itertext())))
        rows.append(cells)
    return rows, xml
