from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm.accounts import actions
from crm.accounts.admin.forms import NewUserForm, PasswordForm, UserForm
from crm.accounts.errors import ActionRefused
from crm.accounts.http import actor_of
from crm.accounts.models import User

Verb = Callable[..., Any]
VERBS: dict[str, Verb] = {
    "_invite": actions.invite_user,
    "_revoke": actions.revoke_invitation,
    "_unlock": actions.unlock_user,
    "_end_sessions": actions.end_sessions,
    "_reset_second_step": actions.reset_second_step,
}


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("active", _("Active")),
            ("invited", _("Invited")),
            ("without", _("Without password")),
            ("inactive", _("Not active")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        without = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX) | Q(password="")
        match self.value():
            case "active":
                return queryset.filter(is_active=True).exclude(without)
            case "invited":
                return queryset.filter(without, is_active=True, invited_at__isnull=False)
            case "without":
                return queryset.filter(without)
            case "inactive":
                return queryset.filter(is_active=False)
        return queryset


@admin.register(User)
class UserAdmin(StockUserAdmin):
    form = UserForm
    add_form = NewUserForm
    change_password_form = PasswordForm
    add_form_template = None
    change_form_template = "admin/accounts/user/change_form.html"
    list_display = ("name", "username", "role", "team_names", "state", "last_seen")
    list_display_links = ("name", "username")
    list_filter = (StateFilter, "role", "teams", "language")
    list_select_related = ("role",)
    search_fields = ("username", "first_name", "last_name", "email")
    ordering = ("first_name", "last_name", "username")
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined", "invited_at")
    actions = ("invite", "deactivate", "reactivate", "unlock", "sign_out")
    list_per_page = 50
    fieldsets = (
        (None, {"fields": ("username", "first_name", "last_name", "email")}),
        (_("What they may do"), {"fields": ("is_active", "role", "teams", "manager")}),
        (_("Working hours"), {"fields": ("working_days", "work_starts_at", "work_ends_at")}),
        (
            _("Preferences"),
            {"fields": ("language", "time_zone", "theme", "color", "mail_notifications")},
        ),
        (_("Sign-in"), {"fields": ("last_login", "date_joined", "invited_at")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "first_name", "last_name", "email")}),
        (_("What they may do"), {"fields": ("role", "teams", "manager")}),
        (_("Preferences"), {"fields": ("language", "time_zone")}),
        (None, {"fields": ("send_invitation",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("teams")

    @admin.display(description=_("name"), ordering="first_name")
    def name(self, user: User) -> str:
        return user.name

    @admin.display(description=_("teams"))
    def team_names(self, user: User) -> str:
        return ", ".join(team.name for team in user.teams.all())

    @admin.display(description=_("last sign-in"), ordering="last_login")
    def last_seen(self, user: User) -> str:
        if user.last_login is None:
            return "–"
        return date_format(timezone.localtime(user.last_login), "SHORT_DATETIME_FORMAT")

    @admin.display(description=_("state"))
    def state(self, user: User) -> Any:
        if not user.is_active:
            return _("Not active")
        if user.is_invited:
            return _("Invited")
        return _("Active") if user.has_usable_password() else _("Without password")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """No pencils and crosses beside the choices: roles and teams have pages of their own."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        widget = getattr(field, "widget", None)
        if isinstance(widget, RelatedFieldWidgetWrapper):
            for verb in ("add", "change", "delete", "view"):
                setattr(widget, f"can_{verb}_related", False)
        return field

    # --- Guards -----------------------------------------------------------------------------
    def get_form(self, request: HttpRequest, obj: Any = None, *args: Any, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, *args, **kwargs)  # a class made for this request
        form.actor = actor_of(request)
        return form

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        found = super().get_actions(request)
        found.pop("delete_selected", None)
        return found

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        may = super().has_delete_permission(request, obj)
        return may and obj is not None and obj != request.user and not actions.has_traces(obj)

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        actions.delete_user(obj, actor=actor_of(request))

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
            super().save_model(request, obj, form, change)
            actions.keep_address(obj)
            return
        if obj.role and not obj.role.is_administrator:
            obj.is_superuser = False
        with actions.keep_an_administrator():
            super().save_model(request, obj, form, change)
        if "email" in form.changed_data:
            actions.keep_address(obj)
        if not obj.is_active:
            actions.end_sessions(obj, actor=actor_of(request))

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return self._or_refusal(request, super().changeform_view, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return self._or_refusal(request, super().delete_view, *args, **kwargs)

    def _or_refusal(self, request: HttpRequest, view: Verb, *args: Any, **kwargs: Any) -> Any:
        try:
            return view(request, *args, **kwargs)
        except ActionRefused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return redirect(request.path)

    # --- Verbs ------------------------------------------------------------------------------
    def response_add(self, request: HttpRequest, obj: User, *args: Any) -> HttpResponse:
        if request.POST.get("send_invitation"):
            self._do(request, [obj], actions.invite_user)
        return super().response_add(request, obj, *args)

    def response_change(self, request: HttpRequest, obj: User) -> HttpResponse:
        for name, verb in VERBS.items():
            if name in request.POST:
                self._do(request, [obj], verb)
                return redirect(request.path)
        return super().response_change(request, obj)

    @admin.action(description=_("Send an invitation"))
    def invite(self, request: HttpRequest, users: QuerySet[User]) -> None:
        self._do(request, users, actions.invite_user)

    @admin.action(description=_("Deactivate and sign out"))
    def deactivate(self, request: HttpRequest, users: QuerySet[User]) -> None:
        self._do(request, users, actions.deactivate_user)

    @admin.action(description=_("Activate again"))
    def reactivate(self, request: HttpRequest, users: QuerySet[User]) -> None:
        self._do(request, users, actions.reactivate_user)

    @admin.action(description=_("Forget failed sign-ins"))
    def unlock(self, request: HttpRequest, users: QuerySet[User]) -> None:
        self._do(request, users, actions.unlock_user)

    @admin.action(description=_("Sign out everywhere"))
    def sign_out(self, request: HttpRequest, users: QuerySet[User]) -> None:
        self._do(request, users, actions.end_sessions)

    def _do(self, request: HttpRequest, users: Any, verb: Verb) -> None:
        done = 0
        for user in users:
            try:
                verb(user, actor=actor_of(request))
            except ActionRefused as refusal:
                self.message_user(request, str(refusal), messages.ERROR)
            else:
                done += 1
        if done:
            text = ngettext("Done for one person.", "Done for %(count)d people.", done)
            self.message_user(request, text % {"count": done}, messages.SUCCESS)
