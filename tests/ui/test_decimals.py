"""Numbers come in as people write them, and go out as the language writes them."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from crm.ui.decimals import DecimalField

FIELD = DecimalField(max_digits=14, decimal_places=6)


@pytest.mark.parametrize("language", ["en", "it", "ro", "he"])
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("3,5", "3.5"),
        ("3.5", "3.5"),
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1 234,50", "1234.50"),
        ("1’234.50", "1234.50"),
        ("1.234.567", "1234567"),
        ("-0,125", "-0.125"),
        ("1200", "1200"),
        ("  7 ", "7"),
    ],
)
def test_a_number_means_the_same_in_every_language(language: str, typed: str, meant: str) -> None:
    with override(language):
        assert FIELD.clean(typed) == Decimal(meant)


def test_three_digits_after_a_lone_sign_are_read_as_the_language_writes() -> None:
    with override("en"):
        assert FIELD.clean("1,234") == 1234
        assert FIELD.clean("1.234") == Decimal("1.234")
    with override("it"):
        assert FIELD.clean("1.234") == 1234
        assert FIELD.clean("1,234") == Decimal("1.234")


@pytest.mark.parametrize("typed", ["1,2,3.4.5", "3,5x", "1.2,3,4", "--1", "NaN", ",", "1e5,5"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        FIELD.clean(typed)


@pytest.mark.parametrize("language", ["en", "it", "ro", "he"])
@pytest.mark.parametrize("value", ["1234.5", "0.125", "-3.125", "1234567.891", "12.000001", "5"])
def test_what_a_form_shows_comes_back_as_the_same_number(language: str, value: str) -> None:
    with override(language):
        shown = FIELD.prepare_value(Decimal(value))
        assert FIELD.clean(shown) == Decimal(value)
        assert not FIELD.has_changed(Decimal(value), shown)


def test_the_fraction_is_shown_as_the_language_writes_it() -> None:
    with override("it"):
        assert FIELD.prepare_value(Decimal("1234.5")) == "1234,5"
    with override("en"):
        assert FIELD.prepare_value(Decimal("1234.5")) == "1234.5"
