"""What is asked before a file is made."""

from functools import reduce
from operator import or_
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.accounts.rights import can
from crm.exchange.fields import exchanges
from crm.exchange.models import Format
from crm.exchange.plans import Wish
from crm.records.lists.selection import Selection, clean_columns, clean_query
from crm.records.models import SavedView
from crm.ui.layout import Section, helper

WHOLE, LISTED = "whole", "list"
CONTENTS = (
    (LISTED, _("As in the list")),
    (WHOLE, _("Everything, so that it can be imported again")),
)


class ExportForm(forms.Form):
    """Asked of a list: its rows are chosen already."""

    content = forms.ChoiceField(
        label=_("Columns"),
        choices=CONTENTS,
        initial=LISTED,
        required=False,
        widget=forms.RadioSelect,
    )
    format = forms.ChoiceField(
        label=_("Format"), choices=Format, initial=Format.XLSX, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, is_exchanged: bool, **kwargs: Any) -> None:
        kwargs["auto_id"] = "step_%s"
        super().__init__(*args, **kwargs)
        if not is_exchanged:
            del self.fields["content"]
        self.helper = helper()

    @property
    def is_whole(self) -> bool:
        return self.cleaned_data.get("content") == WHOLE


class FileForm(forms.Form):
    """Asked where nothing is chosen yet: kind and type, rows, columns, format (F2.13)."""

    type = forms.ChoiceField(label=_("Type"), widget=forms.RadioSelect)
    view = forms.ModelChoiceField(
        SavedView.objects.none(),
        label=_("Rows"),
        required=False,
        empty_label=_("All of them"),
        help_text=_("All of this type, or those among them that one of your saved views finds."),
    )
    content = forms.ChoiceField(
        label=_("Columns"), choices=CONTENTS[::-1], initial=WHOLE, widget=forms.RadioSelect
    )
    format = forms.ChoiceField(
        label=_("Format"), choices=Format, initial=Format.CSV, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        kinds = exchanged_kinds(actor)
        views, types = cast(forms.ModelChoiceField, self.fields["view"]), self.fields["type"]
        cast(forms.ChoiceField, types).choices = [
            (f"{kind}:{one.key}", one.label) for kind in kinds for one in exchanges()[kind].types
        ]
        types.initial = f"{kinds[0]}:{exchanges()[kinds[0]].types[0].key}" if kinds else ""
        found = [SavedView.objects.for_user(actor, kind).exclude(name="") for kind in kinds]
        views.queryset = reduce(or_, found, SavedView.objects.none())
        self.helper = helper(Section(_("Make a file"), "type", "view", "content", "format"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        view = cleaned["view"]
        kind, _colon, type_ = cleaned["type"].partition(":")
        if view and view.kind != kind:
            self.add_error("view", _("This view is of another kind of records."))
            return cleaned
        selection = Selection(
            query=clean_query(view.query) if view else "",
            is_all=True,
            columns=clean_columns(view.columns) if view else (),
        )
        is_whole = cleaned["content"] == WHOLE
        self.wish = Wish(kind, selection, type_, by_type=True, is_whole=is_whole)
        if not self.wish.rows(self.actor).exists():
            self.add_error(None, _("There is nothing here that you may export."))
        return cleaned


def exchanged_kinds(user: User) -> list[str]:
    return [kind for kind in exchanges() if can(user, "export", kind)]
