"""Names people gave their files, made harmless for every screen, disk and header."""

import re
import unicodedata

LONGEST = 150  # characters; most file systems hold 255 bytes, and a letter may take four
LONGEST_BYTES = 230
LONGEST_SUFFIX = 20
UNNAMED = "document"
JOINERS = "\u200c\u200d"  # Persian words and composed emoji need them; they hide nothing
RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)
NOT_IN_NAMES = re.compile(r'[<>:"|?*]')


def clean_name(raw: str) -> str:
    """`raw` without path, control and direction characters, reserved words and excess length.

    Cleaning twice changes nothing; the result is never empty, "." or "..".
    """
    name = unicodedata.normalize("NFC", raw).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(char for char in name if _is_shown(char))
    name = NOT_IN_NAMES.sub("_", " ".join(name.split()))
    name = _shorten(name.strip(". "))
    if RESERVED.match(name):
        name = _shorten(f"_{name}")
    return name or UNNAMED


def _is_shown(char: str) -> bool:
    """Controls, direction overrides, lone surrogates and unassigned codes are not shown."""
    category = unicodedata.category(char)
    return char in JOINERS or char.isspace() or category not in {"Cc", "Cf", "Cs", "Cn", "Co"}


def _shorten(name: str) -> str:
    stem, suffix = split_name(name)
    room = LONGEST - len(suffix)
    stem = stem[:room]
    while len((stem + suffix).encode()) > LONGEST_BYTES:
        stem = stem[:-1]
    return unicodedata.normalize("NFC", stem.rstrip(". ") + suffix).strip(". ")


def split_name(name: str) -> tuple[str, str]:
    """("Offer 2", ".pdf"); what follows the last dot counts only if it looks like an ending."""
    stem, dot, ending = name.rpartition(".")
    if stem and ending and len(ending) < LONGEST_SUFFIX and ending.isascii() and ending.isalnum():
        return stem, dot + ending
    return name, ""


def with_suffix_of(name: str, other: str) -> str:
    """`name`, ending as `other` does: a renamed file still opens with the right program."""
    suffix = split_name(other)[1]
    if not suffix or split_name(name)[1].casefold() == suffix.casefold():
        return name
    return clean_name(_shorten(name + suffix))


# What Windows, macOS or a Linux desktop runs on a double click, whatever is inside.
RUN_BY_NAME = frozenset(
    [
        "ade",
        "adp",
        "app",
        "appimage",
        "application",
        "appref-ms",
        "appx",
        "appxbundle",
        "bat",
        "chm",
        "cmd",
        "com",
        "command",
        "cpl",
        "desktop",
        "diagcab",
        "dll",
        "exe",
        "gadget",
        "hta",
        "inf",
        "ins",
        "isp",
        "jar",
        "jnlp",
        "js",
        "jse",
        "lnk",
        "mde",
        "msc",
        "msh",
        "msi",
        "msix",
        "msp",
        "mst",
        "pif",
        "ps1",
        "ps1xml",
        "ps2",
        "psc1",
        "psm1",
        "reg",
        "scf",
        "scr",
        "sct",
        "settingcontent-ms",
        "sh",
        "shb",
        "sys",
        "url",
        "vb",
        "vbe",
        "vbs",
        "ws",
        "wsc",
        "wsf",
        "wsh",
        "xbap",
        "xll",
    ]
)


def runs_by_name(name: str) -> bool:
    return name.rpartition(".")[2].casefold() in RUN_BY_NAME
