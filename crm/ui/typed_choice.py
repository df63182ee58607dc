"""Choosing where no script runs: what is typed into a picker names what is meant.

The widget hands on the words with a mark; the field finds them among what may be chosen there.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django import forms
from django.db.models import Model
from django.utils.translation import gettext as _

MARK = "?"  # no key begins like this
SUFFIX = "-words"  # of the name under which the words are sent
DROP = "-drop"  # and of the keys that are not wanted any more
MOST = 1000
NAMED = 3  # of those that fit
M = TypeVar("M", bound=Model)


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
    label = field.label_from_instance
    if not matching:
        found = [row for row in found if any(wanted in name for name in _names(row, label))]
    return only_one(words, found, label)


def only_one(words: str, found: Sequence[M], label: Callable[[M], str] = str) -> M:
    """Of what `words` find the one that is called so or has this code, or the only one at all.
    Raises ValidationError."""
    exact = [row for row in found if words.casefold() in _names(row, label)]
    fitting = exact or found
    if len(fitting) == 1:
        return fitting[0]
    raise forms.ValidationError(_refusal(words, [label(row) for row in fitting]))


def _names(row: Any, label: Callable[[Any], str]) -> set[str]:
    told = (str(row), label(row), getattr(row, "number", None))
    return {str(name).casefold() for name in told if name}


def _refusal(words: str, names: Sequence[str]) -> str:
    if not names:
        return _("Nothing to choose here is called “%(words)s”.") % {"words": words}
    facts = {"words": words, "names": ", ".join(names[:NAMED])}
    return _("“%(words)s” fits several: %(names)s. Type the whole name or the code.") % facts
