import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import override


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "at least 8"), ("it", "almeno 8"), ("ro", "cel puțin 8"), ("he", "לפחות 8")],
)
def test_a_short_password_is_refused_in_ones_own_language(language, told):
    with override(language), pytest.raises(ValidationError) as refused:
        validate_password("Xy7!q")
    assert told in str(refused.value.messages[0])
