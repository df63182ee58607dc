from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from crm.accounts.forms import weekdays
from crm.accounts.models import Organisation


class OrganisationForm(forms.ModelForm):
    working_days = forms.TypedMultipleChoiceField(
        label=_("Working days"),
        choices=weekdays,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What calendars show as the work week."),
    )
    holiday_countries = forms.MultipleChoiceField(
        label=_("Countries whose holidays are shown"),
        choices=lambda: list(countries),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )

    class Meta:
        model = Organisation
        fields = ("name", "working_days", "first_day", "holiday_countries")

    def clean_working_days(self) -> list[int]:
        return sorted(self.cleaned_data["working_days"])


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    """There is one: its list leads straight to it."""

    form = OrganisationForm

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        one, _is_new = Organisation._default_manager.get_or_create(pk=1)
        return redirect("admin:accounts_organisation_change", one.pk)
