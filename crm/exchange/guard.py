"""The formula guard of every file we write (E6, B37).

A spreadsheet runs what a cell says when it starts, after spaces, with = + - @ TAB CR LF or the
full-width ＝＋－＠. Such a text gets one leading `'`. Two kinds of text begin like that and are
harmless, and stay as they are: pure numbers ("-5", "-1.234,50") and phone numbers made of + and
digits ("+39 02 1234567").

Import strips exactly one such `'`. So that nothing is lost on the way out and in again, a text that
already is apostrophes before something dangerous gets one more: `unguard(guard(text)) == text` for
every text.
"""

import re

APOSTROPHE = "'"
DANGEROUS = frozenset("=+-@\t\r\n＝＋－＠")
PURE_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)*(?:[eE][+-]?[0-9]+)?")
PHONE = re.compile(r"\+[0-9]+(?: [0-9]+)*")


def guard(text: str) -> str:
    """`text` as it is safe in a cell."""
    return APOSTROPHE + text if is_dangerous(text.lstrip(APOSTROPHE)) else text


def unguard(text: str) -> str:
    """What `guard` was given: exactly one `'` goes, if it is one of ours."""
    ours = text.startswith(APOSTROPHE) and is_dangerous(text.lstrip(APOSTROPHE))
    return text[1:] if ours else text


def is_dangerous(text: str) -> bool:
    """Would a spreadsheet take `text` for something to calculate?"""
    first = _first_that_counts(text)
    if first not in DANGEROUS:
        return False
    bare = text.strip(" ")
    return not (PURE_NUMBER.fullmatch(bare) or PHONE.fullmatch(bare))


def _first_that_counts(text: str) -> str:
    """The first character after spaces of any width; TAB, CR and LF are not spaces here."""
    for char in text:
        if char in DANGEROUS or not char.isspace():
            return char
    return ""
