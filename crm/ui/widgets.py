"""Form widgets that pages would otherwise pay dearly for."""

from typing import Any, ClassVar

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language


class LongSelect(forms.Select):
    """A select of hundreds of fixed choices, such as countries.

    Its options are sorted, translated and rendered once per language and process: a form with
    five addresses would else spend most of its time on the names of the countries. `memory` is
    the name under which they are kept; the choices behind one name must always be the same.
    """

    _memories: ClassVar[dict[tuple[str, str | None], list[tuple[str, str, SafeString]]]] = {}

    def __init__(self, memory: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.memory = memory

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        chosen = "" if value is None else str(getattr(value, "code", value) or "")
        every = self.build_attrs(self.attrs, attrs) | {"name": name}
        marked = '<option value="{}" selected>{}</option>'
        options = format_html_join(
            "",
            "{}",
            (
                (format_html(marked, key, label) if key == chosen else html,)
                for key, label, html in self._remembered()
            ),
        )
        return format_html("<select{}>{}</select>", flatatt(every), options)

    def _remembered(self) -> list[tuple[str, str, SafeString]]:
        """(value, label, rendered option) in the language of the page."""
        memory = (self.memory, get_language())
        if memory not in self._memories:
            option = '<option value="{}">{}</option>'
            self._memories[memory] = [
                (str(key or ""), str(label), format_html(option, key or "", label))
                for key, label in self.choices
            ]
        return self._memories[memory]
