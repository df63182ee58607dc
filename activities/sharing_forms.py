"""With whom a person shares their calendar (E12)."""

from typing import Any, cast

from django import forms
from django.forms import inlineformset_factory
from django.utils.translation import gettext_lazy as _

from activities.models import Calendar, Grant
from crm.accounts.models import Team
from crm.records.forms import PersonChoice
from crm.records.held import BoundedRows
from crm.records.layout import Rows
from crm.ui.choices import NO_CHOICE, field_in_words
from crm.ui.layout import Section, helper

MOST = 50


class GrantRow(forms.ModelForm):
    user = PersonChoice(label=_("Person"), required=False)
    team = forms.ModelChoiceField(
        Team.objects.all(), label=_("or team"), required=False, empty_label=NO_CHOICE
    )

    class Meta:
        model = Grant
        fields = ["user", "team", "level"]
        formfield_callback = field_in_words

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if bool(cleaned.get("user")) == bool(cleaned.get("team")) and not self.errors:
            self.add_error("user", _("Choose a person or a team."))
        elif cleaned.get("user") and cleaned["user"].pk == self.instance.calendar.user_id:
            self.add_error("user", _("It is your own calendar."))
        return cleaned


Grants = inlineformset_factory(
    Calendar,
    Grant,
    form=GrantRow,
    formset=BoundedRows,
    extra=0,
    max_num=MOST,
    absolute_max=10 * MOST,
    validate_max=True,
)


class SharingForm(forms.ModelForm):
    class Meta:
        model = Calendar
        fields = ["sharing"]
        widgets = {"sharing": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        data = self.data if self.is_bound else None
        rows = Grants(data, instance=self.instance, prefix="grants")
        rows.extra = 0 if rows.initial_form_count() else 1
        self.formsets = {"grants": rows}
        cast(forms.ChoiceField, self.fields["sharing"]).label = _("What everybody may see")
        self.helper = helper(
            Section(_("Everybody"), "sharing"),
            Rows(
                "grants",
                _("Some more than others"),
                _("Add a person or a team"),
                *(("user", 5), ("team", 3), ("level", 4)),
            ),
        )

    def is_valid(self) -> bool:
        return self.formsets["grants"].is_valid() and super().is_valid()

    def save(self, commit: bool = True) -> Any:
        calendar = super().save(commit)
        self.formsets["grants"].save()
        return calendar
