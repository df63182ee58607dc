"""Draws a form's field: label, widget, help and errors. A form has dozens, and a template that
asks each of them twenty questions takes most of the page's time."""

from collections.abc import Iterator

from django.forms import BoundField
from django.utils.safestring import SafeString

from crm.ui.renderer import escaped

STAR = ' <span class="required" aria-hidden="true">*</span>'


def field_html(
    bound: BoundField, wrapper_class: str = "", *, with_label: bool = True
) -> SafeString:
    if bound.is_hidden:
        return SafeString(str(bound))
    return SafeString("".join(_pieces(bound, wrapper_class, with_label)))


def _pieces(bound: BoundField, wrapper_class: str, with_label: bool) -> Iterator[str]:
    classes = f" {escaped(wrapper_class)}" if wrapper_class else ""
    is_group = bound.use_fieldset
    auto_id = escaped(bound.auto_id)
    label = escaped(bound.label)
    star = STAR if bound.field.required else ""
    if is_group:
        told = escaped(bound.aria_describedby or "")
        yield f'<fieldset class="field{classes}" id="field_{auto_id}"'
        yield f' aria-describedby="{told}"' if told else ""
        yield f"><legend>{label}{star}</legend>{bound}"
    elif getattr(bound.field.widget, "input_type", None) == "checkbox":
        yield f'<div class="field field-check{classes}">{bound}'
        yield f'<label for="{escaped(bound.id_for_label)}">{label}</label>'
    else:
        yield f'<div class="field{classes}">'
        if label and with_label:
            yield f'<label for="{escaped(bound.id_for_label)}">{label}{star}</label>'
        yield str(bound)
    yield from _notes(bound, auto_id)
    yield "</fieldset>" if is_group else "</div>"


def _notes(bound: BoundField, auto_id: str) -> Iterator[str]:
    if bound.help_text:
        # Django's rules for passwords are a list, which no paragraph may hold.
        yield f'<div class="help" id="{auto_id}_helptext">{escaped(str(bound.help_text))}</div>'
    if errors := bound.errors:
        told = "<br>".join(escaped(str(error)) for error in errors)
        yield f'<div class="field-error" id="{auto_id}_error">{told}</div>'
