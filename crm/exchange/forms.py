from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.exchange.models import Format
from crm.ui.layout import helper


class ExportForm(forms.Form):
    format = forms.ChoiceField(
        label=_("Format"), choices=Format, initial=Format.XLSX, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["auto_id"] = "step_%s"
        super().__init__(*args, **kwargs)
        self.helper = helper()
