"""The form that names a saved view."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Team, User
from crm.records.actions.saved_views import keep_view, open_with_view
from crm.records.models import SavedView
from crm.ui.layout import helper


class SavedViewForm(forms.ModelForm):
    is_default = forms.BooleanField(label=_("Open the list with this view"), required=False)

    class Meta:
        model = SavedView
        fields = ("name", "team")

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        # Beside the form of the list itself: its fields' ids must not meet theirs.
        kwargs["auto_id"] = "step_%s"
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.helper = helper()
        self.initial["is_default"] = self.instance.is_default
        self.fields["name"].required = True
        self.fields["name"].widget.attrs["autofocus"] = True
        team: Any = self.fields["team"]
        team.queryset = Team.objects.filter(pk__in=actor.team_ids)
        team.empty_label = _("Nobody: only I see it")
        team.help_text = _("Its members see the view and may copy it; only you change it.")
        if not actor.team_ids:
            del self.fields["team"]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        same = SavedView.objects.filter(
            owner=self.actor, kind=self.instance.kind, name__iexact=name
        )
        if same.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("You already have a view with this name."))
        return name

    def keep(self) -> SavedView:
        """Raises ActionRefused."""
        view = keep_view(self.instance, actor=self.actor)
        if self.cleaned_data["is_default"] != self.initial["is_default"]:
            open_with_view(view, actor=self.actor, wanted=self.cleaned_data["is_default"])
        return view
