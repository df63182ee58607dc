from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.utils.translation import gettext_lazy as _

from crm.accounts.actions import other_administrators
from crm.accounts.forms import time_zones, weekdays
from crm.accounts.models import Role, Team, User

LAST_ADMINISTRATOR = _("At least one active administrator must stay.")
NOT_YOURSELF = _("You cannot deactivate yourself.")
NOT_YOUR_OWN_ROLE = _("You cannot take the administration from yourself.")


class NewUserForm(forms.ModelForm):
    """Adds a person without a password: they set their own behind the link (F1.11, F2.1)."""

    send_invitation = forms.BooleanField(
        label=_("Send the invitation now"),
        initial=True,
        required=False,
        help_text=_("An e-mail with a link to set the password, valid for seven days."),
    )

    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=time_zones, initial=lambda: settings.TIME_ZONE
    )

    class Meta:
        model = User
        fields = (
            "username",
            "first_name",
            "last_name",
            "email",
            "role",
            "teams",
            "manager",
            "language",
            "time_zone",
        )
        widgets = {"teams": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].required = True
        self.fields["email"].required = True


class PasswordForm(AdminPasswordChangeForm):
    """Nobody is left without a password here: who may not come in is not active, and the last
    administrator would lock everybody out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("usable_password", None)
        for field in self.fields.values():
            field.required = True


class UserForm(forms.ModelForm):
    actor: User | None = None  # who fills it in

    working_days = forms.TypedMultipleChoiceField(
        label=_("Working days"),
        choices=weekdays,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones)

    class Meta:
        model = User
        fields = (
            "username",
            "first_name",
            "last_name",
            "email",
            "is_active",
            "role",
            "teams",
            "manager",
            "language",
            "time_zone",
            "theme",
            "color",
            "mail_notifications",
            "working_days",
            "work_starts_at",
            "work_ends_at",
        )
        widgets = {"teams": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "role" in self.fields:
            self.fields["role"].required = True

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        role: Role | None = data.get("role")
        if not data.get("is_active"):
            self._refuse("is_active", NOT_YOURSELF)
        if role and not role.is_administrator and self.instance.is_administrator:
            self._refuse("role", NOT_YOUR_OWN_ROLE)
        return data

    def _refuse(self, field: str, to_oneself: Any) -> None:
        """Neither the last administrator goes, nor anybody by their own hand."""
        if not other_administrators(self.instance):
            self.add_error(field, LAST_ADMINISTRATOR)
        elif self.actor is not None and self.actor.pk == self.instance.pk:
            self.add_error(field, to_oneself)

    def clean_working_days(self) -> list[int]:
        return sorted(self.cleaned_data["working_days"])


class TeamForm(forms.ModelForm):
    members = forms.ModelMultipleChoiceField(
        label=_("Members"),
        queryset=User.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Team
        fields = ("name", "color", "lead", "members")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["members"].initial = self.instance.members.all()


class RoleForm(forms.ModelForm):
    actor: User | None = None  # who fills it in

    class Meta:
        model = Role
        fields = ("code", "name_en", "name_it", "name_ro", "name_he", "is_administrator")

    def clean_is_administrator(self) -> bool:
        wanted: bool = self.cleaned_data["is_administrator"]
        if self.instance.pk and not wanted and self._is_last_that_administers():
            raise forms.ValidationError(LAST_ADMINISTRATOR)
        if not wanted and self._is_the_actors_own():
            raise forms.ValidationError(NOT_YOUR_OWN_ROLE)
        return wanted

    def _is_the_actors_own(self) -> bool:
        if self.actor is None or self.actor.is_superuser or not self.instance.is_administrator:
            return False
        return self.actor.role_id == self.instance.pk

    def _is_last_that_administers(self) -> bool:
        able = User.objects.active().administrators()
        return not able.exclude(role=self.instance, is_superuser=False).exists()
