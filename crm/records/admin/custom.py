"""Custom fields (F3.8): the administrator adds a fact to a kind of record."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from crm.accounts.http import actor_of
from crm.records.actions.custom import custom_field_changed, delete_custom_field, is_used
from crm.records.admin.items import ListItemAdmin, ListItemForm
from crm.records.admin.kinds import KindFilter, kind_choices, kind_name
from crm.records.admin.spoken import SpokenForm
from crm.records.models import CustomField, CustomFieldOption
from crm.records.models.choices import NAME_FIELDS

IN_PLACE = ("position", "is_required", "in_list", "is_active")
HELP_FIELDS = ("help_en", "help_it", "help_ro", "help_he")


class CustomFieldForm(ListItemForm):
    kind = forms.ChoiceField(label=_("Kind of record"), choices=kind_choices)

    class Meta:
        model = CustomField
        fields = "__all__"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "key" in self.fields:
            self.fields["key"].required = False
            self.fields["key"].help_text = _(
                "Names the field in exports and addresses; empty: made of the name. Lower-case"
                " letters, digits and _. Cannot be changed later."
            )

    def clean_key(self) -> str:
        key = self.cleaned_data.get("key", "") or self._key_of_the_name()
        going = CustomField.objects.filter(removed_at__isnull=False, key=key)
        if going.filter(kind=self.data.get(self.add_prefix("kind"), "")).exists():
            raise forms.ValidationError(
                _("A deleted field of this key is still being cleared up: try again soon.")
            )
        return key

    def _key_of_the_name(self) -> str:
        names = [self.data.get(self.add_prefix(name), "") for name in NAME_FIELDS]
        spelled = [slugify(name).replace("-", "_")[:40] for name in names]
        return next((key for key in spelled if key[:1].isalpha()), "field")


class OptionForm(SpokenForm, ListItemForm):
    class Meta:
        model = CustomFieldOption
        fields = (*NAME_FIELDS, "color", "position", "is_active")


class OptionInline(admin.TabularInline):
    """Records keep the answer's key, so answers retire (not active) instead of going away."""

    model = CustomFieldOption
    form = OptionForm
    extra = 1
    can_delete = False
    verbose_name_plural = _("answers, for choices")


@admin.register(CustomField)
class CustomFieldAdmin(ListItemAdmin):
    form = CustomFieldForm
    inlines = (OptionInline,)
    list_display = ("name", kind_name, "key", "type", *IN_PLACE)
    list_editable = IN_PLACE
    list_filter = (KindFilter, "type", "is_active", "is_required")
    search_fields = (*NAME_FIELDS, "key")
    ordering = ("kind", "position", "name_en", "pk")
    fieldsets = (
        (None, {"fields": ("kind", "type", "key")}),
        (_("Name"), {"fields": NAME_FIELDS}),
        (_("Help shown below the field"), {"fields": HELP_FIELDS}),
        (None, {"fields": ("position", "is_required", "in_list", "is_active")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: CustomField | None = None) -> Any:
        if obj is None:
            return ()
        return ("kind", "key", "type") if is_used(obj) else ("kind", "key")

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        custom_field_changed(form.instance)

    def save_model(self, request: HttpRequest, obj: CustomField, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        custom_field_changed(obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[CustomField]:
        fields: Any = super().get_queryset(request)
        return fields.kept()

    def delete_model(self, request: HttpRequest, obj: CustomField) -> None:
        delete_custom_field(obj, actor=actor_of(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[CustomField]) -> None:
        for field in queryset:
            delete_custom_field(field, actor=actor_of(request))

    def log_deletions(self, request: HttpRequest, queryset: Any) -> list[LogEntry]:
        return []  # the action writes it down
