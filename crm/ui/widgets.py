"""Form widgets that pages would otherwise pay dearly for."""

from typing import Any, ClassVar, Self

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language


class FixedSelect(forms.Select):
    """A select of choices that never change, such as countries.

    Its options are sorted, translated and rendered once per language and process: a form with
    five addresses would else spend most of its time on the names of the countries. `memory` is
    the name under which they are kept; the choices behind one name must always be the same.
    """

    _memories: ClassVar[dict[tuple[str, str | None], dict[str, tuple[str, str]]]] = {}

    def __init__(self, memory: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.memory = memory

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Django would copy every choice for each form, and for each of its rows."""
        return forms.Widget.__deepcopy__(self, memo)

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        chosen = "" if value is None else str(getattr(value, "code", value) or "")
        every = self.build_attrs(self.attrs, attrs) | {"name": name}
        memory = self._remembered()
        options = [option for option, _marked in memory.values()]
        if chosen in memory:
            options[list(memory).index(chosen)] = memory[chosen][1]
        html = SafeString("".join(options))  # each was escaped when it was remembered
        return format_html("<select{}>{}</select>", flatatt(every), html)

    def use_required_attribute(self, initial: Any) -> bool:
        """As Django: only where the first choice is none; without sorting all of them again."""
        first = next(iter(self._remembered()), None)
        return forms.Widget.use_required_attribute(self, initial) and first == ""

    def _remembered(self) -> dict[str, tuple[str, str]]:
        """{value: (its option, the same one selected)} in the language of the page."""
        memory = (self.memory, get_language())
        if memory not in self._memories:
            plain = '<option value="{}">{}</option>'
            marked = '<option value="{}" selected>{}</option>'
            self._memories[memory] = {
                str(key or ""): (
                    format_html(plain, key or "", label),
                    format_html(marked, key or "", label),
                )
                for key, label in self.choices
            }
        return self._memories[memory]


class FixedChoice(forms.TypedChoiceField):
    """The field of such choices."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return forms.Field.__deepcopy__(self, memo)
