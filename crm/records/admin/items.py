"""The shape of every configurable list: four names, order, colour, active."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from crm.records.admin.spoken import SpokenList
from crm.records.models import ListItem
from crm.records.models.choices import NAME_FIELDS


class ListItemForm(forms.ModelForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        asked = [name for name in NAME_FIELDS if name in self.fields]
        if asked and not any(cleaned.get(name) for name in asked):
            self.add_error(asked[0], _("Give it a name in at least one language."))
        return cleaned


class ListItemAdmin(SpokenList):
    """The first column is the name in the reader's language; order and active change in place."""

    form = ListItemForm
    list_display: Any = ("name", *NAME_FIELDS, "color", "position", "is_active")
    list_editable: ClassVar[Any] = ("color", "position", "is_active")
    list_filter: ClassVar[Any] = ("is_active", "color")
    search_fields: ClassVar[Any] = NAME_FIELDS
    ordering: ClassVar[Any] = ("position", "name_en", "pk")
    fieldsets: ClassVar[Any] = (
        (_("Name"), {"fields": NAME_FIELDS, "description": _("An empty one is shown in another.")}),
        (None, {"fields": ("color", "position", "is_active")}),
    )

    @admin.display(description=_("name"), ordering="name_en")
    def name(self, item: ListItem) -> str:
        return str(item) or f"#{item.pk}"
