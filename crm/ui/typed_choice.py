"""Choosing where no script runs: what is typed into a picker names what is meant.

The widget hands on the words with a mark; the field finds them among what may be chosen there.
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext as _

MARK = "?"  # no key begins like this
SUFFIX = "-words"  # of the name under which the words are sent
DROP = "-drop"  # and of the keys that are not wanted any more
MOST = 1000
NAMED = 3  # of those that fit


def words_in(value: Any) -> str:
    """What was typed, if `value` is not a key."""
    return value.removeprefix(MARK) if isinstance(value, str) and value.startswith(MARK) else ""


def keys_of(field: forms.ModelMultipleChoiceField, value: Any) -> Any:
    """`value` with what was typed replaced by the keys it means. Raises ValidationError."""
    if not isinstance(value, (list, tuple)):
        return value
    return [str(named(field, words).pk) if (words := words_in(key)) else key for key in value]


def named(field: forms.ModelChoiceField, words: str) -> Model:
    """The one that is called `words` or has this code, or the only one that is found by them."""
    rows: Any = field.queryset
    matching = getattr(rows, "matching", None)  # records know how they are looked for
    found = list((matching(words) if matching else rows)[:MOST])
    wanted = words.casefold()
    exact = [row for row in found if wanted in _names(field, row)]
    if not matching:
        found = [row for row in found if any(wanted in name for name in _names(field, row))]
    fitting = exact or found
    if len(fitting) == 1:
        return fitting[0]
    raise forms.ValidationError(refusal(words, map(field.label_from_instance, fitting)))


def _names(field: forms.ModelChoiceField, row: Model) -> set[str]:
    told = (str(row), field.label_from_instance(row), getattr(row, "number", None))
    return {str(name).casefold() for name in told if name}


def refusal(words: str, fitting: Iterable[str]) -> str:
    """Why what was typed names nothing, or too much."""
    names = list(fitting)
    if not names:
        return _("Nothing to choose here is called “%(words)s”.") % {"words": words}
    facts = {"words": words, "names": ", ".join(names[:NAMED])}
    return _("“%(words)s” fits several: %(names)s. Type the whole name or the code.") % facts
