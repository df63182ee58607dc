"""The formula guard (E6): what is dangerous gets one apostrophe, and nothing is ever lost."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crm.exchange.guard import guard, is_dangerous, unguard

STARTS = "=+-@\t\r\n＝＋－＠"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "+1+1", "-1-1", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1", "＋x", "－x", "＠x",
        " =1", "   @x", "\u00a0=1", " \t=1", "=HYPERLINK(\"http://x\",\"y\")", "=cmd|'/C calc'!A0",
        "-", "+", "=", "@", "-abc", "- 5", "+39-02-123", "+39 02 abc", "-5%", "--5",
        "-5\n", "\t5", "+5\t", "-5=1", "＋39", "－5", "+39  02", "+1 800 FLOWERS",
    ],
)  # fmt: skip
def test_what_a_spreadsheet_would_run_is_guarded(text: str) -> None:
    assert guard(text) == "'" + text
    assert unguard("'" + text) == text


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "F.I.A.T. S.p.A.", "a=b", "1-2", "5", "-5", "+5", "-5.25", "-5,25", "-1.234,50",
        "-1,234.50", "-1e5", " -5 ", "+390212345", "+39 02 1234567", "+1", "' quoted", "O'Neill",
        "'5", "'-5", "''", "0039 02", "(=1)", "\"=1\"",
    ],
)  # fmt: skip
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert guard(text) == text
    assert unguard(text) == text


def test_an_apostrophe_that_was_there_before_is_not_lost() -> None:
    assert guard("'=1") == "''=1"
    assert unguard("''=1") == "'=1"


cells = st.text(max_size=40) | st.text(alphabet=STARTS + "' 0159.,ax\u00a0", max_size=12)


@given(cells)
@example("'")
@example("'\t'")
def test_import_strips_exactly_what_export_put_there(text: str) -> None:
    assert unguard(guard(text)) == text


@given(cells)
def test_nothing_guarded_is_dangerous(text: str) -> None:
    written = guard(text)
    assert not is_dangerous(written)
    assert written in (text, "'" + text)


@given(st.sampled_from(STARTS), st.text(max_size=20))
def test_only_numbers_and_phones_begin_like_a_formula(first: str, rest: str) -> None:
    written = guard(first + rest)
    if written == first + rest:
        assert first in "+-"
        assert set(rest) <= set("0123456789., eE+-")
