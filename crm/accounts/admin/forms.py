from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crm.accounts.actions import other_administrators
from crm.accounts.forms import time_zones, weekdays
from crm.accounts.models import Role, Team, User

LAST_ADMINISTRATOR = _("At least one active administrator must stay.")


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


class UserForm(forms.ModelForm):
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
        if not data.get("is_active") and not other_administrators(self.instance):
            self.add_error("is_active", LAST_ADMINISTRATOR)
        elif role and not role.is_administrator and not other_administrators(self.instance):
            self.add_error("role", LAST_ADMINISTRATOR)
        return data

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
    class Meta:
        model = Role
        fields = ("code", "name_en", "name_it", "name_ro", "name_he", "is_administrator")

    def clean_is_administrator(self) -> bool:
        wanted: bool = self.cleaned_data["is_administrator"]
        if self.instance.pk and not wanted and self._is_last_that_administers():
            raise forms.ValidationError(LAST_ADMINISTRATOR)
        return wanted

    def _is_last_that_administers(self) -> bool:
        able = User.objects.active().administrators()
        return not able.exclude(role=self.instance, is_superuser=False).exists()
