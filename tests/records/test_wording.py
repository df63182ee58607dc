"""Values in words, stored or as typed, for chips, conflicts and what is given back."""

import datetime as dt
from decimal import Decimal

from django import forms
from django.utils.translation import override

from crm.records.custom_forms import NumberField
from crm.records.wording import in_words
from crm.ui.decimals import DecimalField

MONEY = DecimalField(max_digits=14, decimal_places=2)
NUMBER = NumberField(max_digits=20, decimal_places=6)


def test_a_date_reads_alike_stored_and_typed() -> None:
    for value in (dt.date(2026, 1, 31), "2026-01-31"):
        assert in_words(forms.DateField(), value) == "31 January 2026"
    assert in_words(forms.DateField(), "soon") == "soon"


def test_money_and_numbers_read_alike_stored_and_typed() -> None:
    for value in (Decimal("2006"), "2006", "2.006,00"):
        assert in_words(MONEY, value) == "2,006.00"
    assert in_words(NUMBER, Decimal("3.5")) == "3.5"
    assert in_words(NUMBER, "a lot") == "a lot"
    with override("it"):
        assert in_words(MONEY, Decimal("3000.5")) == "3.000,50"


def test_what_is_no_number_stays_as_it_was_typed() -> None:
    for typed in ("NaN", "NAN", "sNaN", "Infinity", "-inf"):
        assert in_words(NUMBER, typed) == in_words(MONEY, typed) == typed


def test_a_range_from_nothing_differs_from_a_range_from_nought() -> None:
    assert in_words(NUMBER, slice(Decimal(0), Decimal(5))) == "0 – 5"
    assert in_words(NUMBER, slice(None, Decimal(5))) == "… – 5"
