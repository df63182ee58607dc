"""Type-ahead choice among many: static/js/picker.js asks the lookup's address as one types."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar, Self

from django import forms
from django.db.models import Model
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from crm.ui.keys import key_in
from crm.ui.typed_choice import DROP, MARK, SUFFIX, keys_of, named, words_in

GONE = _("What was chosen here is no longer available and is left out. Check it, then go on.")


class Held(forms.ModelChoiceField):
    """`held` is what the record has now, by key as text: always right, and not asked for again."""

    default_error_messages: ClassVar[Any] = {"invalid_choice": GONE, "invalid_pk_value": GONE}
    held: Mapping[str, Model] = MappingProxyType({})

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """A form has seven of these. Django sets up the choices of each copy three times."""
        result = forms.Field.__deepcopy__(self, memo)
        result.widget.choices = result.choices
        return result

    def _get_queryset(self) -> Any:
        """Each time another one: the copies share it, and what one form reads is not the next's."""
        return self._queryset.all()

    def _set_queryset(self, queryset: Any) -> None:
        self._queryset = queryset
        self.widget.choices = self.choices

    queryset = property(_get_queryset, _set_queryset)


class HeldChoice(Held):
    def to_python(self, value: Any) -> Any:
        if words := words_in(value):
            return named(self, words)
        held = self.held.get(value) if isinstance(value, str) else None
        return held or super().to_python(value)


class HeldChoices(Held, forms.ModelMultipleChoiceField):
    def clean(self, value: Any) -> Any:
        value = keys_of(self, value)
        keys = value if isinstance(value, list) else []
        if keys and all(isinstance(key, str) and key in self.held for key in keys):
            return [row for key, row in self.held.items() if key in keys]
        return super().clean(value)


class Picker(forms.Select):
    """One of many. Only what is chosen is rendered; the rest is looked up while typing.

    `lookup` names an address of `lookup`; the form field is a ModelChoiceField on what may be
    chosen, so a value that was not offered is refused. `creates` offers to make what is missing,
    where the lookup and the person's rights allow it. `of` names another picker of the form: what
    belongs to its choice is offered first.
    """

    template_name = "ui/picker.html"
    input_type = "picker"
    choices: Any

    def __init__(
        self, lookup: str, attrs: Any = None, *, creates: bool = False, of: str = ""
    ) -> None:
        super().__init__(attrs)
        self.lookup, self.creates, self.of = lookup, creates, of

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Without the choices, which its field puts in place."""
        return forms.Widget.__deepcopy__(self, memo)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = forms.Widget.get_context(self, name, value, attrs)
        context["widget"]["attrs"].pop("class", None)
        context["widget"] |= {
            "url": reverse_lazy("lookup", args=[self.lookup]),
            "chosen": self.chosen(value),
            "creates": self.creates,
            "of": self.of,
            "multiple": self.allow_multiple_selected,
            "words": ", ".join(filter(None, map(words_in, self._several(value)))),
        }
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Where no script runs, what is typed or crossed out here says more than what was."""
        if words := data.get(name + SUFFIX, "").strip():
            return MARK + words
        value = data.get(name)
        return None if value in _sent(data, name + DROP) else value

    @staticmethod
    def _several(value: Any) -> Sequence[Any]:
        return value if isinstance(value, (list, tuple)) else [value]

    def chosen(self, value: Any) -> list[tuple[Any, str]]:
        sent = map(str, self._several(value))
        keys = [text for text in sent if key_in(text) is not None]
        if not keys:
            return []
        field = self.choices.field
        held = getattr(field, "held", {})
        if held.keys() >= set(keys):
            rows = [row for key, row in held.items() if key in keys]
        else:
            rows = field.queryset.filter(pk__in=keys)
        return [(row.pk, field.label_from_instance(row)) for row in rows]

    def use_required_attribute(self, initial: Any) -> bool:
        return True


class MultiPicker(Picker):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        dropped = _sent(data, name + DROP)
        kept = [key for key in _sent(data, name) if key not in dropped]
        typed = data.get(name + SUFFIX, "").split(",")
        return kept + [MARK + words.strip() for words in typed if words.strip()]


def _sent(data: Any, name: str) -> list[Any]:
    if hasattr(data, "getlist"):
        return list(data.getlist(name))
    value = data.get(name)
    return list(value) if isinstance(value, (list, tuple)) else [] if value is None else [value]
