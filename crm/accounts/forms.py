from typing import Any
from zoneinfo import available_timezones

from allauth.account import forms as account_forms
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User


def _quiet(form: forms.Form, **labels: Any) -> None:
    """Our words above the fields and none inside them: a placeholder leaves while one types."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        if name in labels:
            field.label = labels[name]


class SignInForm(account_forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _quiet(
            self,
            login=_("User name or e-mail"),
            password=_("Password"),
            remember=_("Stay signed in"),
        )
        self.fields["password"].help_text = ""
        login = self.fields["login"].widget.attrs
        login.update(
            autocomplete="username", autocapitalize="none", spellcheck="false", autofocus=True
        )


class ResetPasswordForm(account_forms.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _quiet(self, email=_("E-mail"))


class ResetPasswordKeyForm(account_forms.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _quiet(self, password1=_("New password"), password2=_("New password, once more"))


class ChangePasswordForm(account_forms.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _quiet(
            self,
            oldpassword=_("Present password"),
            password1=_("New password"),
            password2=_("New password, once more"),
        )
        self.fields["oldpassword"].help_text = ""


class SetFirstPasswordForm(account_forms.SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _quiet(self, password1=_("New password"), password2=_("New password, once more"))


class AddEmailForm(account_forms.AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _quiet(self, email=_("Another e-mail address"))


class ReauthenticateForm(account_forms.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _quiet(self, password=_("Password"))
        self.fields["password"].help_text = ""


def _code_field(form: forms.Form, label: Any) -> None:
    _quiet(form, code=label)
    form.fields["code"].widget.attrs.update(inputmode="numeric", autofocus=True, dir="ltr")


class CodeForm(mfa_forms.AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code_field(self, _("Code"))


class CodeAgainForm(mfa_forms.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code_field(self, _("Code"))


class ActivateTOTPForm(totp_forms.ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code_field(self, _("Code shown by the app"))


class ActivationForm(SetPasswordForm):
    """The invited person's first password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _quiet(self, new_password1=_("Password"), new_password2=_("Password, once more"))


def weekdays() -> list[tuple[int, Any]]:
    """ISO weekdays by name, starting where the reader's week starts."""
    first = 7 if get_language() == "he" else 1
    days = [(first + offset - 1) % 7 + 1 for offset in range(7)]
    return [(day, WEEKDAYS[day - 1]) for day in days]


def time_zones() -> list[tuple[str, str]]:
    """Zones named by a place; the offsets of the database are left out."""
    names = [name for name in available_timezones() if "/" in name and name[:4] != "Etc/"]
    return [(name, name.replace("_", " ")) for name in (*sorted(names), "UTC")]


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class ColorSelect(forms.RadioSelect):
    template_name = "accounts/widgets/colors.html"


class PreferencesForm(forms.ModelForm):
    """My settings."""

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
            "first_name",
            "last_name",
            "language",
            "time_zone",
            "theme",
            "color",
            "working_days",
            "work_starts_at",
            "work_ends_at",
            "mail_notifications",
        )
        widgets = {
            "theme": forms.RadioSelect,
            "color": ColorSelect,
            "mail_notifications": forms.RadioSelect,
            "work_starts_at": TimeInput,
            "work_ends_at": TimeInput,
        }

    def clean_working_days(self) -> list[int]:
        return sorted(self.cleaned_data["working_days"])
