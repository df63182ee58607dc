from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from crm.accounts.actions import keep_an_administrator
from crm.accounts.admin.forms import RoleForm
from crm.accounts.errors import ActionRefused
from crm.accounts.http import actor_of
from crm.accounts.models import Role, RoleRight
from crm.accounts.rights import kinds


class RightForm(forms.ModelForm):
    class Meta:
        model = RoleRight
        fields = ("kind", "view_scope", "change_scope", "delete_scope", "export_scope")
        widgets = {"kind": forms.HiddenInput}

    @property
    def label(self) -> str:
        kind = str(self["kind"].value())
        return kinds().get(kind, kind)


class RightFormSet(forms.BaseInlineFormSet):
    """One line per kind of record, whether or not somebody has decided about it yet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        decided = {form.instance.kind for form in self.initial_forms}
        missing = [{"kind": kind} for kind in kinds() if kind not in decided]
        self.initial_extra = missing
        self.extra = len(missing)
        self.__dict__.pop("forms", None)


class RightInline(admin.TabularInline):
    model = RoleRight
    form = RightForm
    formset = RightFormSet
    template = "admin/accounts/role/rights.html"
    can_delete = False
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


@admin.register(Role)
class RoleAdmin(admin.ModelAdmin):
    form = RoleForm
    list_display = ("name", "code", "is_administrator", "user_count")
    search_fields = ("code", "name_en", "name_it", "name_ro", "name_he")
    prepopulated_fields = {"code": ("name_en",)}
    inlines = (RightInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Role]:
        return super().get_queryset(request).annotate(user_total=Count("users"))

    def get_form(self, request: HttpRequest, obj: Any = None, *args: Any, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, *args, **kwargs)  # a class made for this request
        form.actor = actor_of(request)
        return form

    def get_inlines(self, request: HttpRequest, obj: Role | None) -> Any:
        return () if obj is not None and obj.is_administrator else self.inlines

    def get_readonly_fields(self, request: HttpRequest, obj: Role | None = None) -> Any:
        return ("code",) if obj else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Role | None = None) -> Any:
        return {} if obj else self.prepopulated_fields

    def has_delete_permission(self, request: HttpRequest, obj: Role | None = None) -> bool:
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or not obj.users.exists())

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        found = super().get_actions(request)
        found.pop("delete_selected", None)
        return found

    @admin.display(description=_("name"), ordering="name_en")
    def name(self, role: Role) -> str:
        return str(role)

    @admin.display(description=_("people"), ordering="user_total")
    def user_count(self, role: Any) -> int:
        return int(role.user_total)

    def save_model(self, request: HttpRequest, obj: Role, form: Any, change: bool) -> None:
        with keep_an_administrator():
            super().save_model(request, obj, form, change)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except ActionRefused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return redirect(request.path)
        except models.ProtectedError:
            self.message_user(request, _("People still have this role."), messages.ERROR)
            return redirect(request.path)
