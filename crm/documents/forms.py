from django import forms
from django.utils.translation import gettext_lazy as _


class RenameForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)


class ReplaceForm(forms.Form):
    file = forms.FileField(
        label=_("New version"),
        error_messages={
            "required": _("Choose a file."),
            "missing": _("Choose a file."),
            "empty": _("The chosen file is empty."),
        },
    )
