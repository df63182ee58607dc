"""Fields that stand in a table under the name of their column: a screen reader hears it, too."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest


class SpokenForm(forms.ModelForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = f" · {self.instance}" if self.instance.pk else ""
        for field in self.fields.values():
            if field.label and not field.widget.is_hidden:
                label = str(field.label)
                field.widget.attrs["aria-label"] = f"{label[:1].upper()}{label[1:]}{row}"


class SpokenList(admin.ModelAdmin):
    """A list with fields to be changed in place."""

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> type[forms.ModelForm]:
        return super().get_changelist_form(request, **{"form": SpokenForm} | kwargs)
